#include "server/feeds/objects.hpp"

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

namespace tocsin::feeds {
namespace {

constexpr std::size_t kPortion = 1'000;

}  // namespace

Objects::Objects(store::Sight const& sight, std::vector<Place> const& places) : sight_(sight) {
  for (auto const& place : places) versions_.push_back(place.version);
}

core::Result<bool> Objects::step(store::ReadStore& reader) {
  auto const left = std::span(versions_).subspan(read_);
  auto const some = left.first(std::min(left.size(), kPortion));
  if (some.empty()) return false;
  auto found = reader.indicators().newest_among(sight_, some);
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

std::vector<std::string> Objects::finish() {
  std::ranges::sort(objects_, {}, [](Object const& one) { return std::tie(one.uuid, one.version); });
  std::vector<std::string> out;
  for (auto& one : objects_) out.push_back(std::move(one.bytes));
  return out;
}

}  // namespace tocsin::feeds
