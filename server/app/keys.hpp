// Secret keys of an instance as files. Main thread.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::app {

// A fresh Ed25519 key in the text form of signed notes: PRIVATE+KEY+<name>+<key id>+<base64 of 0x01 and the seed>.
[[nodiscard]] std::string make_signing_key(std::string_view name);

// 32 random bytes as hexadecimal digits.
[[nodiscard]] std::string make_secret_key();

}  // namespace tocsin::app
