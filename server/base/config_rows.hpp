// How rows of the table of configuration keys are made. Only config*.cpp include it. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/config_table.hpp"

namespace tocsin::base {

// Where a key's value lives: a section of Config, and a field of that section.
template <auto Section, auto Field>
auto& field(Config& config) {
  return config.*Section.*Field;
}

template <auto Section, auto Field>
bool same_field(Config const& a, Config const& b) {
  return a.*Section.*Field == b.*Section.*Field;
}

struct About {
  std::string_view section, key, text;
  Takes takes = Takes::reload;
};

template <auto Section, auto Field>
ConfigRow integer(About about, std::int64_t standard, std::int64_t least, std::int64_t most) {
  auto set = [least, most](Config& config, ConfigValue const& value) {
    auto number = std::get<std::int64_t>(value);
    field<Section, Field>(config) = number;
    return number >= least && number <= most;
  };
  return {about.section,
          about.key,
          standard,
          false,
          "from " + std::to_string(least) + " to " + std::to_string(most),
          about.text,
          about.takes,
          set,
          same_field<Section, Field>};
}

// Those of [lifetimes].
void lifetime_rows(std::vector<ConfigRow>& rows);

// Those of [retention].
void retention_rows(std::vector<ConfigRow>& rows);

}  // namespace tocsin::base
