// MD5 (RFC 1321), for formats that want it as a name of something: it protects nothing. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::core {

[[nodiscard]] std::string md5_hex(std::string_view bytes);

}  // namespace tocsin::core
