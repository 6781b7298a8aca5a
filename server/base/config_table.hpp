// The table of configuration keys. Only config*.cpp include it. Built once, then constant; any thread.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/config.hpp"

namespace tocsin::base {

using ConfigValue = decltype(ConfigSetting::value);

// When a changed value comes into force.
enum class Takes : std::uint8_t { reload, restart };

struct ConfigRow {
  std::string_view section, key;
  ConfigValue standard;  // the default; its alternative is the type
  bool required;         // then `standard` gives the type only
  std::string allowed;   // goes after "must be": "from 1 to 64"
  std::string_view text;
  Takes takes;
  std::function<bool(Config&, ConfigValue const&)> set;  // false: right type, but not an allowed value
  bool (*same)(Config const&, Config const&);            // whether both hold the same value

  [[nodiscard]] std::string name() const { return std::string(section) + "." + std::string(key); }
};

struct ConfigSection {
  std::string_view name, text;
};

// What must hold between two keys.
struct ConfigOrder {
  std::string_view section, key;  // the key that is complained of
  std::string_view broken;        // goes after the key's name: "is larger than taxii.max_page"
  bool (*holds)(Config const&);
};

[[nodiscard]] std::span<ConfigSection const> config_sections();  // in the order of the manual
[[nodiscard]] std::span<ConfigRow const> config_table();         // likewise, sections together
[[nodiscard]] std::span<ConfigOrder const> config_orders();

// A value as TOML writes it.
[[nodiscard]] std::string toml_text(ConfigValue const& value);

}  // namespace tocsin::base
