#include "server/feeds/selection.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "server/feeds/networks.hpp"

namespace tocsin::feeds {
namespace {

using nlohmann::json;

constexpr std::int64_t kForGood = INT64_MAX;

// When it is older than what is asked for: that long after its newest version was made.
std::int64_t old_at(Fact const& fact, Asked const& asked) {
  return asked.max_age_us ? fact.modified_us + *asked.max_age_us : kForGood;
}

access::Network registered(match::IpNetwork const& network) {
  access::Address address{};
  if (!network.six) address[10] = address[11] = 0xFF;
  auto const octets = network.six ? 16U : 4U;
  for (unsigned at = 0; at < octets; ++at) address[15 - at] = static_cast<std::uint8_t>(network.first >> (8 * at));
  return access::Network::around(address, network.length + (network.six ? 0 : 96));
}

}  // namespace

void Selection::take(Place place, Fact const& fact, std::size_t independent) {
  if (fact.revoked) return;
  auto const now_us = circumstances_.now_us;
  changes_at(fact.valid_from_us);
  auto until_us = std::min(fact.valid_until_us, fact.share_until_us);
  if (fact.valid_from_us > now_us || until_us <= now_us) return;
  auto const old_us = old_at(fact, asked_);
  until_us = std::min(until_us, old_us > now_us ? old_us : kForGood);
  changes_at(until_us);
  if (!fact.has_values) return leave_out(Reason::pattern);  // of either family
  if (!fact.is_of(feed_.family)) return;
  if (!fact.is_plain) return leave_out(Reason::pattern);
  Candidate candidate{{.network = fact.network, .number = fact.number, .action = fact.action}, place, until_us};
  auto& entry = candidate.entry;
  entry.confidence = fact.confidence;
  if (auto const reason = first_reason(entry, fact, independent, old_us <= now_us)) return leave_out(*reason);
  entry.level = *fact.level;
  entry.uuid = fact.uuid;
  entry.capitals = fact.capitals;
  entry.valid_until_us = fact.valid_until_us;
  entry.modified_us = fact.modified_us;
  candidates_.push_back(std::move(candidate));
}

std::optional<Reason> Selection::first_reason(Entry const& entry, Fact const& fact, std::size_t independent,
                                              bool aged) const {
  if (!fact.level || *fact.level > asked_.max_level) return Reason::level;
  if (is_muted(entry, fact)) return Reason::muted;
  if (is_own(entry)) return Reason::own_range;
  auto const widest = feed_.family == Family::v4 ? circumstances_.widest_v4 : circumstances_.widest_v6;
  if (feed_.family != Family::asn && entry.network.length < widest) return Reason::too_wide;
  if (feed_.intent > match::Action::observe && entry.action < feed_.intent) return Reason::action;
  if (aged) return Reason::age;
  if (asked_.min_confidence > 0 && entry.confidence.value_or(-1) < asked_.min_confidence) return Reason::confidence;
  if (independent < asked_.min_corroboration) return Reason::corroboration;
  if (feed_.intent == match::Action::block && fact.harms && !asked_.included.contains(Reason::collateral))
    return Reason::collateral;
  return std::nullopt;
}

// It is itself, or its one value is: a value has one key, however it is written.
bool Selection::is_muted(Entry const& entry, Fact const& fact) const {
  auto const& mutes = circumstances_.mutes;
  if (mutes.all().empty()) return false;
  if (mutes.find(json{{"id", id_of(fact)}}, circumstances_.now_us) != nullptr) return true;
  if (feed_.family == Family::asn)
    return mutes.find("autonomous-system", json{{"number", entry.number}}.dump(), circumstances_.now_us) != nullptr;
  return mutes.find("ipv4-addr", json{{"value", text_of(entry.network)}}.dump(), circumstances_.now_us) != nullptr;
}

bool Selection::is_own(Entry const& entry) const {
  if (feed_.family == Family::asn) return circumstances_.own.has(entry.number);
  return circumstances_.own.of(registered(entry.network)) > 0;
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
