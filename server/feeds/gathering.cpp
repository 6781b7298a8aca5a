#include "server/feeds/gathering.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "schema/stix/json.hpp"
#include "server/catalog/corroboration.hpp"
#include "server/catalog/indicator_search.hpp"

namespace tocsin::feeds {
namespace {

constexpr std::size_t kPortion = 1'000, kAtOnce = 50'000;
constexpr stix::JsonLimits kList{.depth = stix::JsonLimits{}.depth + 1};  // of objects, each as deep as one may be

char const* kind_of(Family family) { return family == Family::asn ? "proxy-asn" : "ip-range"; }

char const* observable_of(Family family) {
  if (family == Family::asn) return "autonomous-system";
  return family == Family::v4 ? "ipv4-addr" : "ipv6-addr";
}

std::unexpected<core::Error> too_many() {
  return core::fail(core::Code::bad_parameter,
                    "There are more than " + std::to_string(kMostIndicators) + " indicators to be looked at.", "",
                    "Read them with a credential that is limited to a collection.");
}

// Of its one value.
std::string key_of(Family family, Fact const& fact) {
  Entry const entry{.network = fact.network, .number = fact.number};
  return kinds::keys_of_value(kind_of(family), value_text(family, entry)).value().front().first;
}

}  // namespace

Gathering::Gathering(Feed const& feed, Asked const& asked, Circumstances const& circumstances,
                     store::Sight const& sight, access::Directory const& directory,
                     std::vector<store::RowId> const& from, Memory const& memory)
    : feed_(feed),
      asked_(asked),
      now_us_(circumstances.now_us),
      sight_(sight),
      directory_(directory),
      from_(from),
      memory_(memory),
      selection_(feed, asked, circumstances) {}

core::Result<void> Gathering::check() const {
  auto const& kinds = sight_.window.kinds;
  if (!selection_.asks_for_observables() || kinds.empty() ||
      std::ranges::find(kinds, observable_of(feed_.family)) != kinds.end())
    return {};
  return core::fail(core::Code::forbidden,
                    "The credential is limited to kinds, and does not see the observables that say who else is behind "
                    "an address.",
                    "",
                    "Use a feed of another intent, without proxy_class, or a credential that sees observables, too.");
}

core::Result<bool> Gathering::step(store::ReadStore& reader) {
  if (collections_.size() < sight_.collections.size()) return read_indicators(reader);
  if (!chosen_)
    if (auto chosen = choose(); !chosen) return std::unexpected(chosen.error());
  if (taken_ < chosen_->size()) return take_indicators(reader);
  if (!selection_.asks_for_observables() || collection_ == sight_.collections.size()) return false;
  return learn_observables(reader);
}

core::Result<bool> Gathering::read_indicators(store::ReadStore& reader) {
  auto const collection = sight_.collections[collections_.size()];
  if (!reading_) reading_.emplace(memory_.known, memory_.generations, memory_.view, sight_.window, collection);
  auto const more = reading_->step(reader);
  if (!more) return more;
  if (held_ + reading_->bytes() > kMostHeld) return too_many();
  if (!*more) {
    held_ += reading_->bytes();
    collections_.emplace_back(collection, reading_->all());
    reading_.reset();
  }
  return true;
}

core::Result<void> Gathering::choose() {
  chosen_ = newest_of(collections_, feed_.family == Family::asn, now_us_);
  if (chosen_->size() > kMostIndicators) return too_many();
  if (!from_.empty()) keep_to_named();
  return {};
}

// To what the collections that are asked for have.
void Gathering::keep_to_named() {
  std::vector<KnownIn> asked_for;
  std::ranges::copy_if(collections_, std::back_inserter(asked_for),
                       [this](KnownIn const& one) { return std::ranges::binary_search(from_, one.first); });
  auto const chain = [](Newest const& one) { return std::pair(one.known->asserter, one.known->fact.uuid); };
  auto named = newest_of(asked_for, feed_.family == Family::asn, now_us_);
  std::ranges::sort(named, {}, chain);
  std::erase_if(*chosen_, [&](Newest const& one) { return !std::ranges::binary_search(named, chain(one), {}, chain); });
}

core::Result<bool> Gathering::take_indicators(store::ReadStore& reader) {
  auto const left = std::span<Newest const>(*chosen_).subspan(taken_);
  auto const some = left.first(std::min(left.size(), asked_.min_corroboration > 0 ? kPortion : kAtOnce));
  auto const independent = independent_of(reader, some);
  if (!independent) return std::unexpected(independent.error());
  for (std::size_t i = 0; i < some.size(); ++i)
    selection_.take({some[i].collection, some[i].known->sequence, some[i].known->version}, some[i].known->fact,
                    (*independent)[i]);
  taken_ += some.size();
  return true;
}

// Of what enters no feed for its pattern nobody counts who says it.
core::Result<std::vector<std::size_t>> Gathering::independent_of(store::ReadStore& reader,
                                                                 std::span<Newest const> some) {
  std::vector<std::size_t> out(some.size(), 0);
  if (asked_.min_corroboration == 0) return out;
  std::vector<std::size_t> asked_of;
  std::vector<std::vector<std::string>> values;
  for (std::size_t i = 0; i < some.size(); ++i) {
    auto const& fact = some[i].known->fact;
    if (!fact.is_plain || !fact.is_of(feed_.family)) continue;
    asked_of.push_back(i);
    values.push_back({key_of(feed_.family, fact)});
  }
  auto const claims = reader.indicators().claims(sight_, values, catalog::kMostClaims);
  if (!claims) return std::unexpected(claims.error());
  catalog::Corroborations corroborations(directory_, now_us_);
  for (std::size_t i = 0; i < asked_of.size(); ++i) {
    out[asked_of[i]] = corroborations.of((*claims)[i]).independent;
    for (auto const& claim : (*claims)[i].all) selection_.changes_at(claim.valid_until_us.value_or(now_us_));
  }
  return out;
}

core::Result<bool> Gathering::learn_observables(store::ReadStore& reader) {
  store::PageQuery query;
  query.collection = sight_.collections[collection_];
  query.window = sight_.window;
  query.after_sequence = after_;
  query.limit = kPortion;
  query.types = {observable_of(feed_.family)};
  auto const page = reader.page(query);
  if (!page) return std::unexpected(page.error());
  auto const objects = stix::parse_json("[" + page->objects + "]", kList);
  if (!objects) return std::unexpected(objects.error());
  for (auto const& object : *objects) selection_.learn(object);
  if (page->more && !page->rows.empty()) {
    after_ = page->rows.back().sequence;
  } else {
    ++collection_;
    after_ = 0;
  }
  return true;
}

}  // namespace tocsin::feeds
