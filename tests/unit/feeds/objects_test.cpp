#include "server/feeds/objects.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "tests/support/catch.hpp"

using namespace tocsin;

namespace {

// What is shown, by version, and is the newest of its indicator.
class Newest final : public store::IndicatorReader {
 public:
  std::map<store::RowId, std::string> shown;

  core::Result<std::vector<store::Published>> newest_among(store::Sight const&,
                                                           std::span<store::RowId const> versions) override {
    std::vector<store::Published> out;
    for (auto const version : versions) {
      auto const found = shown.find(version);
      if (found == shown.end()) continue;
      store::Published one;
      one.row.version = version;
      one.row.uuid[0] = static_cast<std::uint8_t>(255 - version);  // not in the order of versions
      one.bytes = found->second;
      out.push_back(one);
    }
    return out;
  }

  core::Result<store::IndicatorPage> search(store::IndicatorQuery const&) override { throw nothing_else(); }
  core::Result<std::vector<store::Published>> find(store::Sight const&, core::Uuid const&) override {
    throw nothing_else();
  }
  core::Result<std::vector<store::ListedIndicator>> listed(store::RowId, std::int64_t, std::size_t) override {
    throw nothing_else();
  }
  core::Result<std::string> bytes_of(store::RowId) override { throw nothing_else(); }
  core::Result<std::vector<store::PublishedTemplate>> templates(store::RowId, std::int64_t, std::int64_t,
                                                                std::size_t) override {
    throw nothing_else();
  }
  core::Result<std::pair<std::vector<store::Published>, bool>> versions(store::Sight const&, core::Uuid const&,
                                                                        std::size_t) override {
    throw nothing_else();
  }
  core::Result<std::optional<store::LoggedIndicator>> logged(store::RowId) override { throw nothing_else(); }
  core::Result<std::vector<store::ValueClaims>> claims(store::Sight const&, std::span<std::vector<std::string> const>,
                                                       std::size_t) override {
    throw nothing_else();
  }

 private:
  static std::logic_error nothing_else() { return std::logic_error("a bundle reads the newest versions alone"); }
};

std::vector<std::int64_t> sequences(std::vector<feeds::Place> const& places) {
  std::vector<std::int64_t> out;
  for (auto const& place : places) out.push_back(place.sequence);
  std::ranges::sort(out);
  return out;
}

}  // namespace

TEST_CASE("the objects of a bundle are in the order of their ids, with their places") {
  Newest newest;
  newest.shown = {{1, "one"}, {2, "two"}, {3, "three"}};
  store::Sight const sight;
  feeds::Objects objects(sight, {{1, 10, 1}, {1, 20, 2}, {2, 30, 3}});
  CHECK(objects.step(newest).value());
  CHECK_FALSE(objects.step(newest).value());
  auto const found = objects.finish();
  CHECK(found.objects == std::vector<std::string>{"three", "two", "one"});
  CHECK(sequences(found.places) == std::vector<std::int64_t>{10, 20, 30});
}

TEST_CASE("what is gone before its object is read was not shown, and has no place") {
  Newest newest;
  newest.shown = {{1, "one"}, {3, "three"}};  // the second was retracted, erased or revised meanwhile
  store::Sight const sight;
  feeds::Objects objects(sight, {{1, 10, 1}, {1, 20, 2}, {2, 30, 3}});
  while (objects.step(newest).value()) continue;
  auto const found = objects.finish();
  CHECK(found.objects == std::vector<std::string>{"three", "one"});
  CHECK(sequences(found.places) == std::vector<std::int64_t>{10, 30});
}
