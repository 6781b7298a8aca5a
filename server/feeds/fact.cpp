#include "server/feeds/fact.hpp"

#include <cctype>
#include <nlohmann/json.hpp>

#include "schema/kinds/comparison.hpp"
#include "schema/kinds/network.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/identifier.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/catalog/shown_level.hpp"

namespace tocsin::feeds {
namespace {

using nlohmann::json;

constexpr std::string_view kType = "indicator--";

// Whether the pattern is the one comparison of that value, and no condition beside it.
bool is_plain(json const& indicator, Family family, std::string const& value) {
  auto const& pattern = indicator.at("pattern").get_ref<std::string const&>();
  using kinds::Operator;
  auto const said = [&](std::string_view type, std::string_view step, Operator op, stix::pattern::Literal literal) {
    return pattern == kinds::pattern_of({kinds::comparison(type, {std::string(step)}, op, std::move(literal))});
  };
  if (family == Family::asn)
    return said("autonomous-system", "number", Operator::equal, std::int64_t{std::stoll(value.substr(2))});
  auto const* type = value.find(':') == value.npos ? "ipv4-addr" : "ipv6-addr";
  return said(type, "value", Operator::equal, value) || said(type, "value", Operator::is_subset, value);
}

// The family of a value of its kind, which is kept; nullopt: neither a network nor a number.
std::optional<Family> read_value(std::string const& value, Fact& fact) {
  if (value.starts_with("AS")) {
    fact.number = static_cast<std::uint32_t>(std::stoul(value.substr(2)));
    return Family::asn;
  }
  auto const networks = kinds::parse_networks(value);
  if (!networks || networks->all.size() != 1) return std::nullopt;
  fact.network = match::folded(networks->all.front());
  return fact.network.six ? Family::v6 : Family::v4;
}

void read_values(json const& indicator, Fact& fact) {
  auto const values = kinds::values_of(indicator);
  fact.has_values = !values.empty();
  for (auto const& value : values) {
    auto const family = read_value(value, fact);
    if (!family) continue;
    fact.families |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(*family));
    fact.is_plain = values.size() == 1 && is_plain(indicator, *family, value);
  }
}

// Nothing that is marked in parts, or not at all, is known to be below RED.
std::optional<stix::Tlp> level_of(json const& indicator) {
  if (indicator.contains("granular_markings")) return std::nullopt;
  auto const level = catalog::shown_level(indicator, stix::MarkingDialect::tlp2);
  return level ? stix::parse_tlp(*level) : std::nullopt;
}

// The digits of an id that stand for its UUID, from the first one on.
void read_id(std::string const& id, Fact& fact) {
  fact.uuid = stix::Identifier::parse(id)->uuid();
  unsigned digit = 0;
  for (char const c : std::string_view(id).substr(kType.size())) {
    if (c == '-') continue;
    if (std::isupper(static_cast<unsigned char>(c)) != 0) fact.capitals |= std::uint32_t{1} << digit;
    ++digit;
  }
}

}  // namespace

std::optional<Fact> fact_of(json const& indicator) {
  auto const what = kinds::searchable(indicator);
  if (!what) return std::nullopt;
  auto const& facts = kinds::indicator_facts(indicator);
  auto const kind = facts.value("indicator_kind", std::string());
  Fact out;
  out.of_numbers = kind == "proxy-asn";
  if (!out.of_numbers && kind != "ip-range") return std::nullopt;
  read_id(indicator.at("id").get_ref<std::string const&>(), out);
  read_values(indicator, out);
  out.modified_us = stix::Timestamp::parse(indicator.at("modified").get_ref<std::string const&>())->microseconds();
  out.valid_from_us = what->valid_from_us;
  out.valid_until_us = what->valid_until_us.value_or(INT64_MAX);
  out.share_until_us = what->share_until_us.value_or(INT64_MAX);
  if (what->confidence) out.confidence = static_cast<std::int32_t>(*what->confidence);
  out.action = match::action_of(facts.value("suggested_action", std::string()));
  out.level = level_of(indicator);
  out.revoked = what->revoked;
  auto const collateral = facts.value("collateral_level", std::string());
  out.harms = collateral == "medium" || collateral == "high";
  return out;
}

std::string id_of(Fact const& fact) { return id_of(fact.uuid, fact.capitals); }

}  // namespace tocsin::feeds
