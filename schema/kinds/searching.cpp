#include "schema/kinds/searching.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/kinds/letters.hpp"
#include "schema/kinds/network.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/kinds/words.hpp"
#include "schema/stix/identifier.hpp"
#include "schema/stix/pattern/comparisons.hpp"
#include "schema/stix/pattern/parse.hpp"
#include "schema/stix/pattern/print.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::kinds {
namespace {

using stix::Json;
namespace pattern = stix::pattern;

using Texts = std::vector<std::string>;

// Longer values have the key of their digest. No text of UTF-8 has these bytes.
constexpr std::size_t kLongest = 64;
constexpr std::size_t kLongestName = 253;  // of a domain
constexpr std::size_t kMostRows = 1'024;   // that the index has of one indicator in one class, about
constexpr char kDigest = '\xFF', kNoValue = '\xFE', kAfterKind = '\0';

std::string prefix_of(std::string_view kind) { return std::string(kind) + kAfterKind; }

std::string_view text_of(Json const& object, std::string_view name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? std::string_view(found->get_ref<std::string const&>())
                                                     : std::string_view();
}

// The values of a kind in canonical text: what parses as one, or as some, or nothing.
Texts networks(std::string_view text) {
  Texts out;
  if (auto const parsed = parse_networks(text))
    for (auto const& one : parsed->all) out.push_back(to_text(one));
  return out;
}

std::optional<std::uint32_t> number_in(std::string_view text) {
  if (text.size() > 2 && lower_case(std::string(text.substr(0, 2))) == "as") text.remove_prefix(2);
  std::uint32_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Texts numbers(std::string_view text) {
  auto const number = number_in(text);
  return number ? Texts{"AS" + std::to_string(*number)} : Texts{};
}

Texts domains(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  return text.empty() ? Texts{} : Texts{lower_case(std::string(text))};
}

Texts lower(std::string_view text) { return {lower_case(std::string(text))}; }
Texts plain(std::string_view text) { return {std::string(text)}; }

Texts patterns(std::string_view text) {
  auto const parsed = pattern::parse(text);
  return parsed ? Texts{pattern::print(*parsed)} : Texts{};
}

// What the values of a kind are, and the property that its patterns compare them with: the last step of the path, ""
// for whatever stands below `extensions`. Without a type the pattern itself is the value.
struct Field {
  std::string_view kind, type, property;
  Texts (*canonical)(std::string_view text);
};

constexpr std::array kFields{Field{"account-pattern", "user-account", "", plain},
                             Field{"canary", "llm-canary", "commitment", lower},
                             Field{"ip-range", "ipv4-addr", "value", networks},
                             Field{"ip-range", "ipv6-addr", "value", networks},
                             Field{"keyed-identifier", "keyed-identifier", "value", lower},
                             Field{"prompt-template", "prompt-template", "template_sha256", lower},
                             Field{"proxy-asn", "autonomous-system", "number", numbers},
                             Field{"proxy-domain", "domain-name", "value", domains},
                             Field{"tls-fingerprint", "tls-fingerprint", "value", plain},
                             Field{"usage-profile", "", "", patterns},
                             Field{"user-agent", "network-traffic", "User-Agent", plain}};

bool is_of(pattern::Path const& path, Field const& field) {
  if (path.type != field.type || path.steps.empty()) return false;
  auto const* first = std::get_if<std::string>(&path.steps.front());
  auto const* last = std::get_if<std::string>(&path.steps.back());
  if (field.property.empty()) return first != nullptr && *first == "extensions" && last != nullptr;
  return last != nullptr && *last == field.property;
}

bool names_values(pattern::Comparison const& one) {
  using enum pattern::Operator;
  return !one.negated && (one.op == equal || one.op == in || one.op == like || one.op == is_subset);
}

void add_values(Field const& field, pattern::Comparison const& one, Texts& out) {
  for (auto const& literal : one.values) {
    std::string text;
    if (auto const* number = std::get_if<std::int64_t>(&literal)) text = std::to_string(*number);
    if (auto const* written = std::get_if<std::string>(&literal)) text = *written;
    if (text.empty()) continue;
    for (auto& value : field.canonical(text))
      if (std::ranges::find(out, value) == out.end()) out.push_back(std::move(value));
  }
}

// In a form in which an address of IPv4 is one, also when it is written as one of IPv6.
Network unmapped(Network network) {
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (!network.six || network.length < 96 || !std::equal(kMapped.begin(), kMapped.end(), network.bytes.begin()))
    return network;
  Network out;
  std::copy_n(network.bytes.begin() + 12, 4, out.bytes.begin());
  out.length = network.length - 96;
  return out;
}

constexpr std::string_view kNetworkKind = "ip-range", kDomainKind = "proxy-domain";

std::string key_of(Network const& network) {
  auto out = prefix_of(kNetworkKind) + (network.six ? '6' : '4');
  out.append(core::view(network.bytes).substr(0, network.width() / 8));
  out += static_cast<char>(network.length);
  return out;
}

// Of what stands behind the kind in the key of a network.
std::optional<std::string> network_text(std::string_view rest) {
  Network out;
  out.six = rest.front() == '6';
  auto const octets = out.width() / 8;
  if (rest.size() != 1 + octets + 1) return std::nullopt;
  std::ranges::copy(rest.substr(1, octets), out.bytes.begin());
  out.length = static_cast<unsigned char>(rest.back());
  return to_text(out);
}

std::string key_of(std::string_view kind, std::string_view value) {
  if (kind == kNetworkKind)
    if (auto const parsed = parse_networks(value); parsed && parsed->all.size() == 1)
      return key_of(unmapped(parsed->all.front()));
  auto out = prefix_of(kind);
  if (auto const number = number_in(value); kind == "proxy-asn" && number)
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(*number >> shift & 0xFF);
  else if (value.size() <= kLongest)
    out += value;
  else
    out += kDigest + std::string(core::view(core::sha256(value)));
  return out;
}

void make_set(Texts& texts, std::size_t most) {
  if (texts.size() > most) texts.resize(most);
  std::ranges::sort(texts);
  texts.erase(std::ranges::unique(texts).begin(), texts.end());
}

Texts facets_of(Json const& object, Json const& facts) {
  Texts out;
  auto const each = [&](Json const& from, char const* name, auto const& facet) {
    auto const found = from.find(name);
    if (found == from.end() || !found->is_array()) return;
    for (auto const& one : *found)
      if (one.is_string()) facet(one.get_ref<std::string const&>());
  };
  each(facts, "campaign_refs", [&](std::string const& text) {
    if (auto const id = stix::Identifier::parse(text)) out.push_back(campaign_facet(id->uuid()));
  });
  each(object, "labels", [&](std::string const& text) { out.push_back(label_facet(text)); });
  make_set(out, kMostFacets);
  return out;
}

bool is_relayed(Json const& facts) {
  auto const basis = facts.find("evidence_basis");
  return basis != facts.end() && *basis == Json::array({"partner-corroboration"});
}

std::optional<std::int64_t> microseconds(Json const& object, char const* name) {
  auto const parsed = stix::Timestamp::parse(text_of(object, name));
  return parsed ? std::optional(parsed->microseconds()) : std::nullopt;
}

KeyRange only(std::string key) {
  auto end = key + '\0';
  return {std::move(key), std::move(end)};
}

core::Result<Network> network_in(std::string_view text) {
  auto const parsed = parse_networks(text);
  if (!parsed) return std::unexpected(parsed.error());
  if (parsed->all.size() != 1)
    return core::fail(core::Code::property_value, "A range that is no network is several.", "",
                      "Send an address, or a network such as 203.0.113.0/24.");
  return unmapped(parsed->all.front());
}

// Sets the bits behind the length of a network.
void fill(Network& network, unsigned length, bool ones) {
  for (unsigned at = length; at < network.width(); ++at) {
    auto const mask = static_cast<std::uint8_t>(1u << (7 - at % 8));
    auto& byte = network.bytes[at / 8];
    byte = static_cast<std::uint8_t>(ones ? byte | mask : byte & ~mask);
  }
}

// Names of domains above a name, without itself; of what is no name, none.
Texts domains_above(std::string_view text) {
  auto const is_of_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  Texts out;
  auto const names = domains(text);
  if (names.empty() || names.front().size() > kLongestName || !std::ranges::all_of(names.front(), is_of_name))
    return out;
  for (std::string_view name = names.front(); name.contains('.');) {
    name.remove_prefix(name.find('.') + 1);
    if (!name.empty()) out.emplace_back(name);
  }
  return out;
}

// Each word is two facets, and each facet a row for each key.
std::size_t most_words(Searchable const& one) {
  auto const rows = kMostRows / one.keys.size(), taken = 1 + one.facets.size();
  return rows > taken + 2 ? std::min(kMostWords, (rows - taken) / 2) : 1;
}

}  // namespace

Json const& indicator_facts(Json const& object) {
  static Json const kNothing = Json::object();
  auto const extensions = object.find("extensions");
  if (extensions == object.end() || !extensions->is_object()) return kNothing;
  auto const ours = extensions->find(kIndicatorExtension);
  return ours != extensions->end() && ours->is_object() ? *ours : kNothing;
}

std::vector<std::string> values_of(Json const& indicator) {
  auto const kind = text_of(indicator_facts(indicator), "indicator_kind");
  if (text_of(indicator, "pattern_type") != "stix") return {};
  auto const parsed = pattern::parse(text_of(indicator, "pattern"));
  Texts out;
  if (!parsed) return out;
  for (auto const& field : kFields) {
    if (field.kind != kind) continue;
    if (field.type.empty()) return {pattern::print(*parsed)};
    pattern::for_each_comparison(parsed->root, [&](pattern::Comparison const& one) {
      if (names_values(one) && is_of(one.path, field)) add_values(field, one, out);
    });
  }
  return out;
}

std::vector<std::string> values_of(std::string_view kind, pattern::Comparison const& one) {
  Texts out;
  if (!names_values(one)) return out;
  for (auto const& field : kFields)
    if (field.kind == kind && !field.type.empty() && is_of(one.path, field)) add_values(field, one, out);
  return out;
}

std::optional<Searchable> searchable(Json const& object) {
  auto const& facts = indicator_facts(object);
  auto const kind = text_of(facts, "indicator_kind");
  if (text_of(object, "type") != "indicator" || kind.empty()) return std::nullopt;
  Searchable out;
  for (auto const& value : values_of(object)) out.keys.push_back(key_of(kind, value));
  if (out.keys.empty())
    out.keys.push_back(prefix_of(kind) + kNoValue + std::string(core::view(core::sha256(text_of(object, "pattern")))));
  make_set(out.keys, kMostKeys);
  out.facets = facets_of(object, facts);
  auto const words = word_facets(object, most_words(out));
  out.facets.insert(out.facets.end(), words.begin(), words.end());
  if (auto const found = object.find("confidence"); found != object.end() && found->is_number_integer())
    out.confidence = found->get<std::int64_t>();
  out.valid_from_us = microseconds(object, "valid_from").value_or(0);
  out.valid_until_us = microseconds(object, "valid_until");
  out.share_until_us = microseconds(facts, "share_until");
  out.revoked = object.value("revoked", false);
  out.relayed = is_relayed(facts);
  return out;
}

Json native_part(Json const& indicator) {
  auto const& facts = indicator_facts(indicator);
  Json out{{"kind", text_of(facts, "indicator_kind")}};
  if (auto const values = values_of(indicator); values.size() == 1) out["value"] = values.front();
  for (auto const& row : kCopied) {
    auto const& from = row.below_extension ? facts : indicator;
    auto const found = from.find(row.stix);
    if (found == from.end() || (row.listed && (!found->is_array() || found->size() != 1))) continue;
    out[std::string(row.native)] = row.listed ? found->front() : *found;
  }
  return out;
}

std::string_view kind_of_key(std::string_view key) { return key.substr(0, key.find(kAfterKind)); }

std::optional<std::string> value_of_key(std::string_view key) {
  auto const kind = kind_of_key(key);
  auto const rest = key.substr(std::min(key.size(), kind.size() + 1));
  if (kind == "proxy-asn" && rest.size() == 4) {  // of which any octet may come first
    std::uint32_t number = 0;
    for (unsigned char const octet : rest) number = number << 8 | octet;
    return "AS" + std::to_string(number);
  }
  if (rest.empty() || rest.front() == kDigest || rest.front() == kNoValue) return std::nullopt;
  if (kind == kNetworkKind) return network_text(rest);
  return std::string(rest);
}

KeyRange every_key() { return {"", "\xFF"}; }

KeyRange keys_of_kind(std::string_view kind) { return {prefix_of(kind), std::string(kind) + '\1'}; }

core::Result<std::vector<KeyRange>> keys_of_value(std::string_view kind, std::string_view text) {
  Texts keys;
  for (auto const& field : kFields)
    if (kind.empty() || field.kind == kind)
      for (auto const& value : field.canonical(text)) keys.push_back(key_of(field.kind, value));
  if (keys.empty())
    return core::fail(core::Code::property_value, "The kind has no values of this form.", "",
                      "Send the value as the native form has it, or leave out the kind.");
  make_set(keys, keys.size());
  std::vector<KeyRange> out;
  for (auto& key : keys) out.push_back(only(std::move(key)));
  return out;
}

core::Result<std::vector<KeyRange>> keys_containing(std::string_view text) {
  auto const network = network_in(text);
  if (!network) return std::unexpected(network.error());
  std::vector<KeyRange> out;
  for (unsigned length = 0; length <= network->length; ++length) {
    Network wider = *network;
    wider.length = length;
    fill(wider, length, false);
    out.push_back(only(key_of(wider)));
  }
  return out;
}

core::Result<std::vector<KeyRange>> keys_within(std::string_view text) {
  auto const network = network_in(text);
  if (!network) return std::unexpected(network.error());
  // Nothing wider begins at an address inside it, but for the first; there the shorter lengths lie before.
  Network last = *network;
  last.length = last.width();
  fill(last, network->length, true);
  return std::vector<KeyRange>{{key_of(*network), key_of(last) + '\0'}};
}

core::Result<std::vector<KeyRange>> keys_covering(std::string_view kind, std::string_view text) {
  auto exact = keys_of_value(kind, text);
  auto const wider =
      kind.empty() || kind == kNetworkKind ? keys_containing(text) : core::Result<std::vector<KeyRange>>();
  bool const is_network = wider && !wider->empty();
  std::vector<KeyRange> out = exact.value_or(std::vector<KeyRange>());
  if (is_network) out.insert(out.end(), wider->begin(), wider->end());
  if (!is_network && (kind.empty() || kind == kDomainKind))
    for (auto const& name : domains_above(text)) out.push_back(only(key_of(kDomainKind, name)));
  if (out.empty()) return exact;
  std::ranges::sort(out, {}, &KeyRange::first);
  auto const again = std::ranges::unique(out, {}, &KeyRange::first);
  out.erase(again.begin(), again.end());
  return out;
}

std::string label_facet(std::string_view label) {
  if (label.size() <= kLongest) return "l" + std::string(label);
  return std::string("l") + kDigest + std::string(core::view(core::sha256(label)));
}

std::string campaign_facet(core::Uuid const& campaign) { return "c" + std::string(core::view(campaign)); }

}  // namespace tocsin::kinds
