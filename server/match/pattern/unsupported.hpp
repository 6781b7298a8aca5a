// Why a pattern that is good STIX cannot be evaluated here. Never taken for "does not match": whoever evaluates counts
// such patterns and says so. Value type.
#pragma once

#include <cstdint>
#include <string>

namespace tocsin::match::pattern {

struct Unsupported {
  enum class Reason : std::uint8_t {
    expression,  // MATCHES: RE2 has no such expression
    too_large,   // compiled, LIKE and MATCHES take more than 4 MiB, or more observations are joined than are followed
    network,     // ISSUBSET, ISSUPERSET: the constant is no address and no network
  };
  Reason reason;
  std::string sentence;  // without the constant
};

}  // namespace tocsin::match::pattern
