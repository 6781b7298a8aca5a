#include "server/federation/agreement.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "schema/core/bytes.hpp"
#include "schema/stix/identifier.hpp"
#include "server/base/toml_text.hpp"

// As in the parser of tocsin.toml: what the library only assumes of a malformed file is a mistake of that file.
struct TomlAssumptionBroken {};
#undef NDEBUG
#define TOML_ASSERT(expr) ((expr) ? void() : throw TomlAssumptionBroken())
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace tocsin::federation {
namespace {

using Texts = std::vector<std::string>;
using Pairs = std::map<std::string, std::string>;
using Value = std::variant<std::int64_t, std::string, Texts, Pairs, bool>;

constexpr std::size_t kLongestFile = 256 * 1024, kMostItems = 256, kLongestItem = 512;
constexpr std::array<std::string_view, 3> kDirections{"in", "out", "both"};

struct Row {
  std::string_view key;
  Value standard;  // its alternative is the type
  std::string_view allowed, text;
  bool (*set)(Agreement&, Value const&);  // false: the right type, and not an allowed value
};

bool set_direction(Agreement& agreement, Value const& value) {
  auto const found = std::ranges::find(kDirections, std::get<std::string>(value));
  if (found == kDirections.end()) return false;
  agreement.direction = static_cast<Direction>(found - kDirections.begin());
  return true;
}

bool set_identities(Agreement& agreement, Value const& value) {
  agreement.identities = std::get<Texts>(value);
  return std::ranges::all_of(agreement.identities, [](std::string const& text) {
    auto const id = stix::Identifier::parse(text);
    return id && id->type() == "identity" && "identity--" + core::to_text(id->uuid()) == text;
  });
}

bool set_max_tlp(Agreement& agreement, Value const& value) {
  auto const level = stix::parse_tlp(std::get<std::string>(value));
  if (!level || *level == stix::Tlp::red) return false;
  agreement.max_tlp = *level;
  return true;
}

bool set_witnesses(Agreement& agreement, Value const& value) {
  agreement.witnesses.clear();
  for (auto const& text : std::get<Texts>(value)) {
    auto key = log::VerifierKey::parse(text);
    if (!key || key->type() != log::KeyType::cosignature) return false;
    agreement.witnesses.push_back(*std::move(key));
  }
  return true;
}

bool set_via(Agreement& agreement, Value const& value) {
  agreement.via = std::get<std::string>(value);
  return agreement.via.size() <= kLongestItem;
}

bool set_relayed(Agreement& agreement, Value const& value) {
  agreement.relayed = std::get<bool>(value);
  return true;
}

bool set_party(Agreement& agreement, Value const& value) {
  agreement.party = std::get<std::string>(value);
  return agreement.party.size() <= kLongestItem;
}

template <std::vector<std::string> Agreement::* Field>
bool set_names(Agreement& agreement, Value const& value) {
  agreement.*Field = std::get<Texts>(value);
  return std::ranges::none_of(agreement.*Field, [](std::string const& name) { return name.empty(); });
}

template <std::int64_t Agreement::* Field>
bool set_number(Agreement& agreement, Value const& value) {
  agreement.*Field = std::get<std::int64_t>(value);
  return agreement.*Field >= 0 && agreement.*Field <= 1'000'000'000;
}

bool set_peer_audiences(Agreement& agreement, Value const& value) {
  agreement.peer_audiences = std::get<Pairs>(value);
  return std::ranges::all_of(agreement.peer_audiences, [](auto const& pair) {
    auto const id = stix::Identifier::parse(pair.first);
    return id && id->type() == "marking-definition" &&
           "marking-definition--" + core::to_text(id->uuid()) == pair.first && !pair.second.empty();
  });
}

std::span<Row const> table() {
  static std::array<Row, 13> const rows{{
      {"direction", std::string("in"), R"("in", "out" or "both")",
       "Who shares with whom: in, the peer with us; out, we with the peer.", set_direction},
      {"identities", Texts{}, "a list of identity--UUID in lower case",
       "The organisations that the peer may speak for. No other is believed, whatever content says.", set_identities},
      {"collections", Texts{}, "a list of texts", "The collections that are exchanged, by alias or id.",
       set_names<&Agreement::collections>},
      {"max_tlp", std::string("clear"), R"("clear", "green", "amber" or "amber+strict")",
       "The highest level that is exchanged. RED never is.", set_max_tlp},
      {"audiences", Texts{}, "a list of texts", "The audiences that the peer may be named in.",
       set_names<&Agreement::audiences>},
      {"peer_audiences", Pairs{}, R"({ "marking-definition--UUID in lower case" = "an audience here", ... })",
       "Audiences of the peer, and whose members see here what is marked for them. What is for others nobody sees.",
       set_peer_audiences},
      {"entries_per_hour", std::int64_t{10'000}, "from 0 to 1000000000",
       "How many entries of the peer's log are taken in an hour.", set_number<&Agreement::entries_per_hour>},
      {"mib_per_hour", std::int64_t{256}, "from 0 to 1000000000", "How many MiB of content are taken in an hour.",
       set_number<&Agreement::mib_per_hour>},
      {"witnesses", Texts{}, "a list of public keys for cosignatures (name+number+base64)",
       "Who watches the peer's log. More than two thirds of them have to have cosigned it.", set_witnesses},
      {"party", std::string(""), "a text",
       "A member here or another peer that belongs to the same house: what both say counts once. Empty: nobody.",
       set_party},
      {"via", std::string(""), "a text",
       "The peer that hands on what this one logs, for when this one cannot be reached. Empty: nobody.", set_via},
      {"relayed", false, "true or false",
       "Whether what this peer logs may be handed on to others, as far as it is marked CLEAR or GREEN.", set_relayed},
      {"relays", Texts{}, "a list of texts", "The peers whose logs are handed on to this one, by name.",
       set_names<&Agreement::relays>},
  }};
  return rows;
}

std::string_view type_word(Value const& value) {
  constexpr std::array<std::string_view, 5> kWords{"an integer", "text in quotes", "a list of texts",
                                                   "a table of texts", "true or false"};
  return kWords[value.index()];
}

std::optional<Value> pairs_of(toml::table const& table) {
  Pairs out;
  for (auto const& [key, node] : table) {
    if (!node.is_string() || node.as_string()->get().size() > kLongestItem || key.length() > kLongestItem ||
        out.size() == kMostItems)
      return std::nullopt;
    out.emplace(key.str(), node.as_string()->get());
  }
  return Value(std::move(out));
}

// The node's value if it has the type of `like`.
std::optional<Value> value_of(toml::node const& node, Value const& like) {
  if (std::holds_alternative<std::int64_t>(like) && node.is_integer()) return Value(node.as_integer()->get());
  if (std::holds_alternative<std::string>(like) && node.is_string()) return Value(node.as_string()->get());
  if (std::holds_alternative<Pairs>(like) && node.is_table()) return pairs_of(*node.as_table());
  if (std::holds_alternative<bool>(like) && node.is_boolean()) return Value(node.as_boolean()->get());
  if (!std::holds_alternative<Texts>(like) || !node.is_array()) return std::nullopt;
  Texts texts;
  for (auto const& item : *node.as_array()) {
    if (!item.is_string() || item.as_string()->get().size() > kLongestItem || texts.size() == kMostItems)
      return std::nullopt;
    texts.push_back(item.as_string()->get());
  }
  return Value(std::move(texts));
}

// A key as a mistake quotes it.
std::string quoted(std::string_view key) { return std::string(key.size() > 64 ? "A long name" : key); }

core::Error mistake(toml::source_region const& where, std::string const& key, std::string_view sentence,
                    std::string remedy) {
  return {core::Code::config_invalid,
          "Line " + std::to_string(where.begin.line) + ": " + key + " " + std::string(sentence), "/" + key,
          std::move(remedy)};
}

std::expected<Agreement, MistakenAgreement> read(toml::table const& file) {
  Agreement agreement;
  for (auto const& row : table()) row.set(agreement, row.standard);
  std::vector<std::pair<toml::source_index, core::Error>> found;
  for (auto const& [key, node] : file) {
    auto const row = std::ranges::find(table(), key.str(), &Row::key);
    auto const report = [&](std::string_view sentence, std::string remedy) {
      auto error = mistake(key.source(), quoted(key.str()), sentence, std::move(remedy));
      found.emplace_back(key.source().begin.line, std::move(error));
    };
    if (row == table().end()) {
      report("is not a key of an agreement.", "Remove it; docs/federating.md lists the keys.");
      continue;
    }
    auto const value = value_of(node, row->standard);
    if (!value) {
      report("must be " + std::string(type_word(row->standard)) + ".", "It must be " + std::string(row->allowed) + ".");
    } else if (!row->set(agreement, *value)) {
      report("has a value that is not allowed.", "It must be " + std::string(row->allowed) + ".");
      row->set(agreement, row->standard);
    }
  }
  if (found.empty()) return agreement;
  std::ranges::sort(found, {}, &std::pair<toml::source_index, core::Error>::first);
  MistakenAgreement out{{}, std::move(agreement)};
  for (auto& [line, error] : found) out.mistakes.push_back(std::move(error));
  return std::unexpected(std::move(out));
}

std::unexpected<MistakenAgreement> not_toml(std::string sentence) {
  core::Error error{core::Code::config_invalid, std::move(sentence), "", "The file must be TOML 1.0."};
  return std::unexpected(MistakenAgreement{{std::move(error)}, {}});
}

std::string toml_of(Value const& value) {
  if (auto const* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (auto const* text = std::get_if<std::string>(&value)) return "\"" + *text + "\"";
  if (std::holds_alternative<Pairs>(value)) return "{}";
  if (auto const* is = std::get_if<bool>(&value)) return *is ? "true" : "false";
  return "[]";
}

}  // namespace

std::string_view name_of(Direction direction) { return kDirections[static_cast<std::size_t>(direction)]; }

std::expected<Agreement, MistakenAgreement> parse_agreement(std::string_view toml) try {
  if (toml.size() > kLongestFile) return not_toml("The file is longer than 256 KiB.");
  if (!core::is_utf8(toml)) return not_toml("The file is not UTF-8.");
  if (auto const line = base::stray_non_ascii_line(toml))
    return not_toml("Line " + std::to_string(*line) + ": a letter beyond ASCII stands outside quotes.");
  auto const parsed = toml::parse(toml);
  if (!parsed) return not_toml("Line " + std::to_string(parsed.error().source().begin.line) + ": a mistake of syntax.");
  return read(parsed.table());
} catch (TomlAssumptionBroken const&) {
  return not_toml("A date or another value in the file is cut off.");
}

std::string agreement_template(std::string_view peer) {
  std::string text = "# What we agreed with " + std::string(peer) +
                     ". What is not named here is denied.\n# In force after: tocsind peer reload, or SIGHUP.\n";
  for (auto const& row : table())
    text.append("\n# ")
        .append(row.text)
        .append("\n# It is ")
        .append(row.allowed)
        .append(".\n")
        .append(row.key)
        .append(" = " + toml_of(row.standard) + "\n");
  return text;
}

}  // namespace tocsin::federation
