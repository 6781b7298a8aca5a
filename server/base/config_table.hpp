// The table of configuration keys. Only config*.cpp include it. Built once, then constant; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/base/config.hpp"

namespace tocsin::base {

using ConfigValue = decltype(ConfigSetting::value);

struct ConfigRow {
  std::string_view section, key;
  ConfigValue standard;  // the default, and by its alternative the type
  bool required;         // then `standard` gives the type only
  std::string allowed;   // follows "must be": "from 1 to 64"
  std::string_view text;
  std::function<bool(Config&, ConfigValue const&)> set;  // false: right type, but not an allowed value

  [[nodiscard]] std::string name() const { return std::string(section) + "." + std::string(key); }
};

struct ConfigSection {
  std::string_view name, text;
};

[[nodiscard]] std::span<ConfigSection const> config_sections();
[[nodiscard]] std::vector<ConfigRow> const& config_table();  // in the order of the manual, sections together

// A value as TOML writes it.
[[nodiscard]] std::string toml_text(ConfigValue const& value);

// What holds between keys: `small` × `scale` is at most `large`.
struct ConfigOrder {
  std::string_view small, large;
  std::int64_t Config::Taxii::* large_field;
  std::int64_t scale;
  std::function<std::int64_t(Config const&)> small_value;
};

}  // namespace tocsin::base
