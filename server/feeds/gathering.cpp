#include "server/feeds/gathering.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/stix/json.hpp"
#include "server/catalog/corroboration.hpp"
#include "server/catalog/indicator_search.hpp"

namespace tocsin::feeds {
namespace {

using nlohmann::json;

constexpr std::size_t kPortion = 1'000;
constexpr stix::JsonLimits kList{.depth = stix::JsonLimits{}.depth + 1};  // of objects, each as deep as one may be

char const* kind_of(Family family) { return family == Family::asn ? "proxy-asn" : "ip-range"; }

char const* observable_of(Family family) {
  if (family == Family::asn) return "autonomous-system";
  return family == Family::v4 ? "ipv4-addr" : "ipv6-addr";
}

}  // namespace

Gathering::Gathering(Feed const& feed, Asked const& asked, Circumstances const& circumstances,
                     store::Sight const& sight, access::Directory const& directory,
                     std::vector<store::RowId> const& from)
    : feed_(feed),
      asked_(asked),
      now_us_(circumstances.now_us),
      sight_(sight),
      directory_(directory),
      selection_(feed, asked, circumstances) {
  query_.sight = sight;
  query_.keys = {kinds::keys_of_kind(kind_of(feed.family))};
  query_.lasts_beyond_us = now_us_;  // also what begins later: that is when the feed changes
  query_.limit = kPortion;
  catalog::keep_to_kinds(query_, sight.window.kinds);
  if (from.empty()) return;
  naming_ = query_;
  naming_->sight.collections = from;
  named_.emplace();
}

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
  if (naming_) return name_indicators(reader);
  if (!indicators_read_) return take_indicators(reader);
  if (!selection_.asks_for_observables() || collection_ == sight_.collections.size()) return false;
  return learn_observables(reader);
}

core::Result<bool> Gathering::name_indicators(store::ReadStore& reader) {
  if (!naming_->keys.empty()) {
    auto const page = reader.indicators().search(*naming_);
    if (!page) return std::unexpected(page.error());
    for (auto const& one : page->rows) named_->emplace(one.row.asserter, one.row.uuid);
    naming_->after = page->after;
    if (page->more) return true;
  }
  naming_.reset();
  return true;
}

core::Result<bool> Gathering::take_indicators(store::ReadStore& reader) {
  if (query_.keys.empty()) {
    indicators_read_ = true;
    return true;
  }
  auto page = reader.indicators().search(query_);
  if (!page) return std::unexpected(page.error());
  looked_at_ += page->rows.size();
  if (looked_at_ > kMostIndicators)
    return core::fail(core::Code::bad_parameter,
                      "There are more than " + std::to_string(kMostIndicators) + " indicators to be looked at.", "",
                      "Read them with a credential that is limited to a collection.");
  if (named_)
    std::erase_if(page->rows, [&](auto const& one) { return !named_->contains({one.row.asserter, one.row.uuid}); });
  std::vector<json> objects;
  for (auto const& one : page->rows) objects.push_back(stix::parse_json(one.bytes).value());
  auto const independent = independent_of(reader, objects);
  if (!independent) return std::unexpected(independent.error());
  for (std::size_t i = 0; i < objects.size(); ++i) selection_.take(page->rows[i], objects[i], (*independent)[i]);
  query_.after = page->after;
  indicators_read_ = !page->more;
  return true;
}

core::Result<std::vector<std::size_t>> Gathering::independent_of(store::ReadStore& reader,
                                                                 std::vector<json> const& objects) {
  std::vector<std::size_t> out(objects.size(), 0);
  if (asked_.min_corroboration == 0) return out;
  std::vector<std::vector<std::string>> values;
  for (auto const& object : objects) {
    auto what = kinds::searchable(object);
    values.push_back(what ? std::move(what->keys) : std::vector<std::string>{});
  }
  auto const claims = reader.indicators().claims(sight_, values, catalog::kMostClaims);
  if (!claims) return std::unexpected(claims.error());
  catalog::Corroborations corroborations(directory_, now_us_);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = corroborations.of((*claims)[i]).independent;
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
