// What is known of whether a pattern matches. Value type.
#pragma once

#include <cstdint>

namespace tocsin::match::pattern {

enum class Verdict : std::uint8_t {
  no,
  yes,
  undecided,  // there are more ways to match than are followed, or observations came out of order: neither is known
};

}  // namespace tocsin::match::pattern
