// Domains at which anybody can have an e-mail address, or everybody at a university has one: such a domain alone says
// nothing of an account. Pure; any thread.
#pragma once

#include <string_view>

namespace tocsin::client {

// `domain` is in lower case.
[[nodiscard]] bool is_shared_mail(std::string_view domain);

}  // namespace tocsin::client
