#include "server/feeds/selection.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/kinds/comparison.hpp"
#include "schema/kinds/network.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/catalog/shown_level.hpp"
#include "server/feeds/networks.hpp"

namespace tocsin::feeds {
namespace {

using nlohmann::json;

constexpr std::int64_t kForGood = INT64_MAX;

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

// Whether it holds: `until` is when it ends.
bool holds(kinds::Searchable const& what, std::int64_t now_us, std::int64_t& until_us) {
  until_us = std::min(what.valid_until_us.value_or(kForGood), what.share_until_us.value_or(kForGood));
  return what.valid_from_us <= now_us && until_us > now_us;
}

// When it is older than what is asked for: that long after its newest version was made.
std::int64_t old_at(json const& indicator, Asked const& asked) {
  if (!asked.max_age_us) return kForGood;
  return stix::Timestamp::parse(indicator.at("modified").get_ref<std::string const&>())->microseconds() +
         *asked.max_age_us;
}

// The family of a value of its kind, and the entry with it; nullopt: neither a network nor a number.
std::optional<Family> read_value(std::string const& value, Entry& entry) {
  if (value.starts_with("AS")) {
    entry.number = static_cast<std::uint32_t>(std::stoul(value.substr(2)));
    return Family::asn;
  }
  auto const networks = kinds::parse_networks(value);
  if (!networks || networks->all.size() != 1) return std::nullopt;
  entry.network = match::folded(networks->all.front());
  return entry.network.six ? Family::v6 : Family::v4;
}

// Nothing that is marked in parts, or not at all, is known to be below RED.
std::optional<stix::Tlp> level_of(json const& indicator) {
  if (indicator.contains("granular_markings")) return std::nullopt;
  auto const level = catalog::shown_level(indicator, stix::MarkingDialect::tlp2);
  return level ? stix::parse_tlp(*level) : std::nullopt;
}

}  // namespace

void Selection::take(store::Published const& one, json const& indicator, std::size_t independent) {
  auto const what = kinds::searchable(indicator);
  Candidate candidate{{}, {one.collection, one.row.sequence}, 0};
  if (!what || what->revoked) return;
  changes_at(what->valid_from_us);
  if (!holds(*what, circumstances_.now_us, candidate.until_us)) return;
  auto const old_us = old_at(indicator, asked_);
  candidate.until_us = std::min(candidate.until_us, old_us > circumstances_.now_us ? old_us : kForGood);
  changes_at(candidate.until_us);
  auto& entry = candidate.entry;
  auto const values = kinds::values_of(indicator);
  if (values.empty()) return leave_out(Reason::pattern);  // of either family
  std::optional<Family> family;
  for (auto const& value : values) {
    family = read_value(value, entry);
    if (family == feed_.family) break;
  }
  if (family != feed_.family) return;
  if (values.size() > 1 || !is_plain(indicator, feed_.family, values.front())) return leave_out(Reason::pattern);
  entry.id = indicator.at("id").get<std::string>();
  entry.action = match::action_of(kinds::indicator_facts(indicator).value("suggested_action", std::string()));
  if (what->confidence) entry.confidence = static_cast<int>(*what->confidence);
  if (what->valid_until_us) entry.valid_until = stix::Timestamp::from_microseconds(*what->valid_until_us).text();
  if (auto const reason = first_reason(entry, indicator, independent, old_us <= circumstances_.now_us))
    return leave_out(*reason);
  entry.level = stix::name(*level_of(indicator));
  candidates_.push_back(std::move(candidate));
}

std::optional<Reason> Selection::first_reason(Entry const& entry, json const& indicator, std::size_t independent,
                                              bool aged) const {
  auto const level = level_of(indicator);
  if (!level || *level > asked_.max_level) return Reason::level;
  if (circumstances_.mutes.find(indicator, circumstances_.now_us) != nullptr) return Reason::muted;
  if (is_own(entry)) return Reason::own_range;
  auto const widest = feed_.family == Family::v4 ? circumstances_.widest_v4 : circumstances_.widest_v6;
  if (feed_.family != Family::asn && entry.network.length < widest) return Reason::too_wide;
  if (feed_.intent > match::Action::observe && entry.action < feed_.intent) return Reason::action;
  if (aged) return Reason::age;
  if (asked_.min_confidence > 0 && entry.confidence.value_or(-1) < asked_.min_confidence) return Reason::confidence;
  if (independent < asked_.min_corroboration) return Reason::corroboration;
  auto const collateral = kinds::indicator_facts(indicator).value("collateral_level", std::string());
  bool const harms = collateral == "medium" || collateral == "high";
  if (feed_.intent == match::Action::block && harms && !asked_.included.contains(Reason::collateral))
    return Reason::collateral;
  return std::nullopt;
}

bool Selection::is_own(Entry const& entry) const {
  if (feed_.family == Family::asn) return circumstances_.own.has(entry.number);
  auto const network = access::Network::around(text_of(entry.network));
  return network && circumstances_.own.of(*network) > 0;
}

void Selection::learn(json const& observable) {
  if (asks_for_bystanders()) bystanders_.learn(observable);
  if (!asked_.classes.empty()) wanted_.learn(observable);
}

std::optional<Reason> Selection::reason_behind(Entry const& entry) const {
  if (!asked_.classes.empty() && !wanted_.has(feed_.family, entry)) return Reason::proxy_class;
  return bystander_reason(entry);
}

std::optional<Reason> Selection::bystander_reason(Entry const& entry) const {
  if (!asks_for_bystanders()) return std::nullopt;
  auto const shared = bystanders_.of(feed_.family, entry);
  auto const keeps_out = [this](bool is, Reason reason) { return is && !asked_.included.contains(reason); };
  if (keeps_out(shared.egress, Reason::shared_egress)) return Reason::shared_egress;
  if (keeps_out(shared.cgnat, Reason::cgnat)) return Reason::cgnat;
  if (keeps_out(shared.mobile, Reason::mobile)) return Reason::mobile;
  if (keeps_out(shared.residential, Reason::residential)) return Reason::residential;
  return std::nullopt;
}

void Selection::changes_at(std::int64_t us) {
  if (us > circumstances_.now_us) stands_until_us_ = std::min(stands_until_us_, us);
}

Selected Selection::finish() {
  Selected out;
  out.holds_until_us = kForGood;
  for (auto const& mute : circumstances_.mutes.all()) changes_at(mute.until_us.value_or(kForGood));
  out.stands_until_us = stands_until_us_;
  for (auto& candidate : candidates_) {
    if (auto const reason = reason_behind(candidate.entry)) {
      leave_out(*reason);
      continue;
    }
    out.holds_until_us = std::min(out.holds_until_us, candidate.until_us);
    out.places.push_back(candidate.place);
    out.entries.push_back(std::move(candidate.entry));
  }
  sort(out.entries);
  out.excluded = excluded_;
  return out;
}

}  // namespace tocsin::feeds
