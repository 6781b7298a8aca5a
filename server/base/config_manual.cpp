// The two texts that are made from the table: the manual, and a new instance's tocsin.toml.
#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

#include "server/base/config_table.hpp"

namespace tocsin::base {
namespace {

constexpr std::size_t kLineWidth = 110;

constexpr std::string_view kPreamble = R"(# Configuration

An instance reads `tocsin.toml` in its data directory ([TOML 1.0](https://toml.io/en/v1.0.0)). `tocsind init` writes one
in which every key is explained and the ones with defaults are commented out.

Every mistake in the file is reported at once, each with its line, its key and what is allowed. A key that is not in
these tables is a mistake too, so that a slip of the pen never silently means the default. Units are part of a key's
name: `_s` seconds, `_ms` milliseconds, `_kib` 1,024 bytes, `_mib` 1,048,576 bytes.

A running server reads the file, its certificate and its key again when it gets SIGHUP, and drops no connection. A mistake in
one of them leaves everything as it was, and the log names each. The column *takes* says what brings a changed value into
force: a `reload`, for whatever begins after it, or a `restart`; a reload logs the keys that wait for one.
)";

struct TypeName {
  std::string operator()(bool) const { return "boolean"; }
  std::string operator()(std::int64_t) const { return "integer"; }
  std::string operator()(std::string const&) const { return "text"; }
};

struct TomlText {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(std::string const& value) const {
    std::string out = "\"";
    for (char c : value) {
      if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
      } else if ((c >= 0 && c < 0x20) || c == 0x7F) {
        std::array<char, 8> escape{};
        std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
        out += escape.data();
      } else {
        out += c;
      }
    }
    return out + '"';
  }
};

// `text` as comment lines of at most kLineWidth.
std::string comment(std::string_view text) {
  std::string out, line = "#";
  while (!text.empty()) {
    auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (line.size() + 1 + word.size() > kLineWidth) {
      out += line + '\n';
      line = "#";
    }
    line += ' ';
    line += word;
  }
  return out + line + '\n';
}

std::string template_row(ConfigRow const& row, ConfigSetting const* setting) {
  auto out = comment(std::string(row.text) + " Must be " + row.allowed + "." +
                     (row.takes == Takes::restart ? " A change needs a restart." : ""));
  if (!setting) out += "# ";
  return out + std::string(row.key) + " = " + toml_text(setting ? setting->value : row.standard) + "\n\n";
}

std::string table_row(ConfigRow const& row) {
  auto standard = row.required ? "required" : "`" + toml_text(row.standard) + "`";
  return "| `" + std::string(row.key) + "` | " + std::visit(TypeName{}, row.standard) + " | " + standard + " | " +
         row.allowed + " | " + (row.takes == Takes::reload ? "reload" : "restart") + " | " + std::string(row.text) +
         " |\n";
}

}  // namespace

std::string toml_text(ConfigValue const& value) { return std::visit(TomlText{}, value); }

std::expected<std::string, ConfigErrors> config_template(std::span<ConfigSetting const> settings) {
  for (auto const& setting : settings)
    if (std::ranges::none_of(config_table(), [&](ConfigRow const& row) { return row.name() == setting.key; }))
      throw std::logic_error("no configuration key " + std::string(setting.key));
  std::string out = comment("The configuration of this instance. Lines that start with # show defaults.") + "\n";
  for (auto const& section : config_sections()) {
    out += comment(section.text) + "[" + std::string(section.name) + "]\n\n";
    for (auto const& row : config_table()) {
      if (row.section != section.name) continue;
      auto at = std::ranges::find(settings, row.name(), &ConfigSetting::key);
      out += template_row(row, at == settings.end() ? nullptr : &*at);
    }
  }
  out.pop_back();
  if (auto parsed = parse_config(out); !parsed) return std::unexpected(std::move(parsed.error()));
  return out;
}

std::string config_manual() {
  std::string out(kPreamble);
  for (auto const& section : config_sections()) {
    out += "\n## [" + std::string(section.name) + "]\n\n" + std::string(section.text) + "\n\n";
    out += "| key | type | default | must be | takes | meaning |\n|---|---|---|---|---|---|\n";
    for (auto const& row : config_table())
      if (row.section == section.name) out += table_row(row);
  }
  return out;
}

}  // namespace tocsin::base
