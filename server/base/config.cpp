#include "server/base/config.hpp"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <ranges>
#include <utility>

#include "schema/core/bytes.hpp"
#include "server/base/config_table.hpp"
#include "server/base/toml_text.hpp"

// toml++ 3.3 asserts what some malformed files do not keep (`a = 1979-05-27 1` and a line end), and with NDEBUG goes on
// as if they did. Such a file is the operator's mistake, so the assertion becomes one in every kind of build.
struct TomlAssumptionBroken {};
#undef NDEBUG
#define TOML_ASSERT(expr) ((expr) ? void() : throw TomlAssumptionBroken())
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace tocsin::base {
namespace {

constexpr std::size_t kLongestFile = 1024 * 1024;
constexpr auto kAtTheEnd = std::numeric_limits<toml::source_index>::max();
constexpr std::size_t kLongestName = 64;  // of what a mistake quotes

std::size_t distance(std::string_view a, std::string_view b) {  // Levenshtein
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j + 1] + 1, row[j] + 1, replaced}));
    }
  }
  return row.back();
}

// The known name that `name` was probably meant to be, or "".
template <class Rows, class Name>
std::string nearest(std::string_view name, Rows&& rows, Name name_of) {
  std::string best;
  std::size_t least = kLongestName;
  if (name.size() > kLongestName) return best;
  for (auto const& row : rows) {
    std::string known(name_of(row));
    // Two slips of the pen in a word of three letters are another word.
    auto shorter = std::min(name.size(), known.size());
    auto slips = shorter < 4 ? std::size_t{1} : std::max<std::size_t>(2, shorter / 3);
    if (auto far = distance(name, known); far < least && far <= slips) {
      least = far;
      best = known;
    }
  }
  return best;
}

std::string quoted(std::string_view name) {
  return std::string(name.substr(0, name.size() > kLongestName ? 0 : name.npos)) +
         (name.size() > kLongestName ? "…" : "");
}

std::string at_line(toml::source_region const& region) { return "Line " + std::to_string(region.begin.line) + ": "; }

// JSON pointer of a name in the file (RFC 6901 section 3).
std::string pointer(std::initializer_list<std::string_view> names) {
  std::string out;
  for (auto name : names) {
    out += '/';
    for (char c : quoted(name)) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return out;
}

struct TypeWord {
  std::string_view operator()(bool) const { return "true or false"; }
  std::string_view operator()(std::int64_t) const { return "an integer"; }
  std::string_view operator()(std::string const&) const { return "text in quotes"; }
};

// The node's value if it has the type of `like`.
std::optional<ConfigValue> value_of(toml::node const& node, ConfigValue const& like) {
  if (std::holds_alternative<bool>(like) && node.is_boolean()) return ConfigValue(node.as_boolean()->get());
  if (std::holds_alternative<std::int64_t>(like) && node.is_integer()) return ConfigValue(node.as_integer()->get());
  if (std::holds_alternative<std::string>(like) && node.is_string()) return ConfigValue(node.as_string()->get());
  return std::nullopt;
}

// One pass over a parsed file; collects every mistake.
class Reader {
 public:
  std::expected<Config, ConfigErrors> read(toml::table const& file) {
    for (auto const& row : config_table())
      if (!row.required) row.set(config_, row.standard);
    for (auto const& [name, node] : file) read_section(name.str(), node);
    report_missing(file);
    if (errors_.empty()) report_orders(file);
    if (errors_.empty()) return std::move(config_);
    std::ranges::sort(errors_, {}, [](Mistake const& m) { return std::pair(m.line, m.order); });
    ConfigErrors out;
    for (auto& mistake : errors_) out.push_back(std::move(mistake.error));
    return std::unexpected(std::move(out));
  }

 private:
  struct Mistake {
    toml::source_index line;
    std::size_t order;  // among those of one line
    core::Error error;
  };

  void report(toml::source_index line, std::string sentence, std::string pointer, std::string remedy) {
    errors_.push_back(
        {line, errors_.size(),
         core::Error{core::Code::config_invalid, std::move(sentence), std::move(pointer), std::move(remedy)}});
  }

  void report(toml::source_region const& where, std::string sentence, std::string pointer, std::string remedy) {
    report(where.begin.line, at_line(where) + std::move(sentence), std::move(pointer), std::move(remedy));
  }

  void read_section(std::string_view name, toml::node const& node) {
    auto known = std::ranges::any_of(config_sections(), [&](auto const& s) { return s.name == name; });
    if (known && node.is_table()) {
      for (auto const& [key, value] : *node.as_table()) read_key(name, key, value);
      return;
    }
    if (known)
      return report(node.source(), quoted(name) + " is a section, not a key.", pointer({name}),
                    "Write [" + std::string(name) + "] on a line of its own, and its keys below.");
    std::string remedy;
    if (node.is_table()) {
      auto meant = nearest(name, config_sections(), [](ConfigSection const& s) { return s.name; });
      remedy = meant.empty() ? "Remove it; docs/configuration.md lists the sections." : "Did you mean [" + meant + "]?";
    } else {
      remedy = elsewhere(name);
    }
    report(node.source(), quoted(name) + (node.is_table() ? " is not a section." : " stands outside the sections."),
           pointer({name}), remedy);
  }

  void read_key(std::string_view section, toml::key const& key, toml::node const& node) {
    auto const rows = config_table();
    auto row = std::ranges::find_if(rows, [&](auto const& r) { return r.section == section && r.key == key.str(); });
    if (row == rows.end()) return unknown_key(section, key);
    auto value = value_of(node, row->standard);
    // Of true or false there is nothing more to say than what is allowed.
    if (!value && !std::holds_alternative<bool>(row->standard))
      return report(node.source(), row->name() + " must be " + std::string(std::visit(TypeWord{}, row->standard)) + ".",
                    pointer({section, row->key}), "Its value must be " + row->allowed + ".");
    if (!value || !row->set(config_, *value))
      report(node.source(), row->name() + " has a value that is not allowed.", pointer({section, row->key}),
             "Its value must be " + row->allowed + ".");
  }

  void unknown_key(std::string_view section, toml::key const& key) {
    auto neighbours = config_table() | std::views::filter([&](auto const& row) { return row.section == section; });
    auto meant = nearest(key.str(), neighbours, [](ConfigRow const& row) { return row.key; });
    report(key.source(), quoted(section) + "." + quoted(key.str()) + " is not a key.", pointer({section, key.str()}),
           meant.empty() ? elsewhere(key.str()) : "Did you mean " + std::string(section) + "." + meant + "?");
  }

  // What to do about a key that is not known where it stands.
  static std::string elsewhere(std::string_view key) {
    auto const rows = config_table();
    auto row = std::ranges::find(rows, key, &ConfigRow::key);
    if (row == rows.end()) return "Remove it; docs/configuration.md lists the keys.";
    return quoted(key) + " belongs to [" + std::string(row->section) + "].";
  }

  void report_missing(toml::table const& file) {
    for (auto const& row : config_table()) {
      if (!row.required || file[row.section][row.key]) continue;
      report(kAtTheEnd, row.name() + " is missing.", pointer({row.section, row.key}),
             "It must be " + row.allowed + ".");
    }
  }

  void report_orders(toml::table const& file) {
    for (auto const& order : config_orders()) {
      if (order.holds(config_)) continue;
      auto name = std::string(order.section) + "." + std::string(order.key);
      auto const* node = file[order.section][order.key].node();
      auto sentence = name + (node ? " " : ", left at its default, ") + std::string(order.broken) + ".";
      auto remedy = "Change the one or the other.";
      auto where = pointer({order.section, order.key});
      node ? report(node->source(), sentence, where, remedy) : report(kAtTheEnd, sentence, where, remedy);
    }
  }

  Config config_;
  std::vector<Mistake> errors_;
};

ConfigErrors not_toml(std::string sentence) {
  return {core::Error{core::Code::config_invalid, std::move(sentence), {}, "The file must be TOML 1.0."}};
}

}  // namespace

std::vector<std::string> keys_that_need_a_restart(Config const& running, Config const& wanted) {
  std::vector<std::string> out;
  for (auto const& row : config_table())
    if (row.takes == Takes::restart && !row.same(running, wanted)) out.push_back(row.name());
  return out;
}

std::expected<Config, ConfigErrors> parse_config(std::string_view toml) try {
  if (toml.size() > kLongestFile) return std::unexpected(not_toml("The file is longer than 1 MiB."));
  if (!core::is_utf8(toml)) return std::unexpected(not_toml("The file is not UTF-8."));
  if (auto line = stray_non_ascii_line(toml))
    return std::unexpected(
        not_toml("Line " + std::to_string(*line) + ": a letter beyond ASCII stands outside quotes."));
  auto parsed = toml::parse(toml);
  if (!parsed) {
    auto const& error = parsed.error();
    std::string reason(error.description().substr(0, 200));
    return std::unexpected(
        not_toml(at_line(error.source()) + (core::is_utf8(reason) ? reason : "a syntax error") + "."));
  }
  return Reader().read(parsed.table());
} catch (TomlAssumptionBroken const&) {
  return std::unexpected(not_toml("A date or another value in the file is cut off."));
}

}  // namespace tocsin::base
