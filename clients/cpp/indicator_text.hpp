// What the server says of an indicator, as text for a terminal. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "clients/cpp/console.hpp"

namespace tocsin::client {

// Its value; of several the first, and how many more there are; "-": it has none.
[[nodiscard]] std::string value_of(nlohmann::json const& indicator);

// A member that is a number as "80 %", or "-".
[[nodiscard]] std::string percent(nlohmann::json const& indicator, char const* name);

// A list of words, by commas.
[[nodiscard]] std::string listed(nlohmann::json const& object, char const* name);

// The member's name, the id of who is none, or that nobody is named.
[[nodiscard]] std::string author_of(nlohmann::json const& said);

// A line with its name in front; none where there is no value.
void line(Console& console, std::string_view name, std::string const& value);

}  // namespace tocsin::client
