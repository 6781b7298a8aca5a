// Spans of time in seconds, as lifetimes count them. Pure; any thread.
#pragma once

#include <cstdint>

namespace tocsin::kinds {

constexpr std::int64_t hours(std::int64_t count) { return count * 3'600; }
constexpr std::int64_t days(std::int64_t count) { return count * 86'400; }

}  // namespace tocsin::kinds
