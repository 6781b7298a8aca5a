// Whole numbers in the query string of what programs ask each other: nothing else may stand there. Pure; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string_view>

#include "schema/core/result.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

using Numbers = std::map<std::string_view, std::uint64_t>;

// By name. Error bad_parameter: another name than these, one that occurs twice, or a value that is not written in
// digits alone or is 2^63 or more.
[[nodiscard]] core::Result<Numbers> numbers_in(http::Query const& query, std::initializer_list<std::string_view> names);

}  // namespace tocsin::endpoints
