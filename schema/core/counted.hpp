// A number with what it counts, as people write it: "1 version", "2 versions". Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::core {

[[nodiscard]] inline std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return std::to_string(number) + " " + std::string(number == 1 ? one : many);
}

}  // namespace tocsin::core
