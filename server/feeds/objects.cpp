#include "server/feeds/objects.hpp"

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

namespace tocsin::feeds {
namespace {

constexpr std::size_t kPortion = 1'000;

}  // namespace

Objects::Objects(store::Sight const& sight, std::vector<Place> const& places) : sight_(sight), places_(places) {}

core::Result<bool> Objects::step(store::IndicatorReader& indicators) {
  auto const left = std::span<Place const>(places_).subspan(read_);
  std::vector<store::RowId> some;
  for (auto const& place : left.first(std::min(left.size(), kPortion))) some.push_back(place.version);
  if (some.empty()) return false;
  auto found = indicators.newest_among(sight_, some);
  if (!found) return std::unexpected(found.error());
  for (auto& one : *found) {
    bytes_ += one.bytes.size();
    if (bytes_ > kMostObjectBytes)
      return core::fail(
          core::Code::bad_parameter,
          "The indicators of the feed are more than " + std::to_string(kMostObjectBytes >> 20) + " MiB as objects.", "",
          "Read them by TAXII, page by page, or ask for less with collection, max_age, min_confidence, "
          "min_corroboration or proxy_class.");
    objects_.push_back({one.row.uuid, one.row.version, std::move(one.bytes)});
  }
  read_ += some.size();
  return true;
}

FoundObjects Objects::finish() {
  std::ranges::sort(objects_, {}, [](Object const& one) { return std::tie(one.uuid, one.version); });
  FoundObjects out{{}, std::move(places_)};
  std::vector<store::RowId> found;
  for (auto& one : objects_) {
    found.push_back(one.version);
    out.objects.push_back(std::move(one.bytes));
  }
  std::ranges::sort(found);
  std::erase_if(out.places, [&](Place const& place) { return !std::ranges::binary_search(found, place.version); });
  return out;
}

}  // namespace tocsin::feeds
