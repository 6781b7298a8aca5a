#include "server/feeds/reading.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/stix/identifier.hpp"
#include "server/feeds/newest.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using nlohmann::json;

namespace {

std::string id_text(int number) {
  auto const digits = std::to_string(number);
  return "indicator--00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

struct Shown {
  store::RowId collection = 1, version = 0;
  int number = 0;
  std::int64_t modified_ns = 0;
  std::string bytes;
};

std::string indicator(int number, bool revoked = false, std::string const& kind = "ip-range") {
  json const facts{{"extension_type", "property-extension"}, {"indicator_kind", kind}};
  return json{{"type", "indicator"},
              {"id", id_text(number)},
              {"pattern", "[ipv4-addr:value = '198.51.100." + std::to_string(number % 256) + "']"},
              {"pattern_type", "stix"},
              {"modified", "2026-05-02T00:00:00.000Z"},
              {"valid_from", "2026-05-01T00:00:00.000Z"},
              {"revoked", revoked},
              {"extensions", {{std::string(kinds::kIndicatorExtension), facts}}}}
      .dump();
}

// What collections show to one reader, and how many rows were asked of them.
class Shelves final : public store::ReadStore {
 public:
  std::map<std::int64_t, Shown> shown;      // by sequence
  std::function<void()> meanwhile = [] {};  // after each page
  std::size_t told = 0;

  core::Result<store::Page> page(store::PageQuery const& query) override {
    store::Page page;
    for (auto at = shown.upper_bound(query.after_sequence); at != shown.end(); ++at) {
      auto const& one = at->second;
      if (one.collection != query.collection) continue;
      page.more = page.count == query.limit;
      if (page.more) break;
      page.objects += (page.count > 0 ? "," : "") + one.bytes;
      store::PageRow row;
      row.sequence = at->first;
      row.uuid = stix::Identifier::parse(id_text(one.number))->uuid();
      row.version = one.version;
      row.modified_ns = one.modified_ns;
      row.bytes = one.bytes.size();
      page.rows.push_back(row);
      ++page.count;
    }
    told += page.count;
    meanwhile();
    return page;
  }
  core::Result<std::int64_t> last_sequence() override { return 0; }
  core::Result<store::Stretch> stretch(store::StretchQuery const&) override { return store::Stretch{}; }
  core::Result<std::optional<Status>> status(core::Uuid const&, store::RowId) override { return std::nullopt; }
  store::AuditReader& audit() override { throw std::logic_error("a feed reads no audit trail"); }
  store::ClaimReader& claims() override { throw std::logic_error("a feed reads no claims"); }
  store::CampaignReader& campaigns() override { throw std::logic_error("nor campaigns"); }
  store::RetractionReader& retractions() override { throw std::logic_error("nor retractions"); }
  store::ReleaseReader& releases() override { throw std::logic_error("nor releases"); }
  store::IndicatorReader& indicators() override { throw std::logic_error("nor the index"); }
  store::ResponseReader& responses() override { throw std::logic_error("nor responses"); }
  store::AnswerReader& answers() override { throw std::logic_error("nor answers"); }
  store::LeafReader& leaves() override { throw std::logic_error("nor leaves"); }
  store::OpeningReader& openings() override { throw std::logic_error("nor openings"); }
  store::WaitingReader& waiting() override { throw std::logic_error("nor from what waits"); }
  store::RetentionReader& retention() override { throw std::logic_error("nor what is due"); }
  store::RecallReader& recalls() override { throw std::logic_error("nor from recalls"); }
};

struct World {
  Shelves shelves;
  ledger::Generations generations;
  feeds::Known known{64u << 20};
  store::RowId versions = 0;

  void publish(std::int64_t sequence, int number, bool revoked = false, store::RowId collection = 1) {
    shelves.shown[sequence] = {collection, ++versions, number, versions, indicator(number, revoked)};
    generations.grow(collection);
  }
  void end(std::int64_t sequence) {
    shelves.shown.erase(sequence);
    generations.touch(sequence);
  }
  std::shared_ptr<feeds::KnownCollection const> read(store::RowId collection = 1, std::string const& view = "a") {
    feeds::Reading reading(known, generations, view, {}, collection);
    shelves.told = 0;
    for (auto more = reading.step(shelves); more.value(); more = reading.step(shelves)) continue;
    return reading.all();
  }
  // The numbers of those that are shown, ascending, of both collections.
  std::vector<int> newest(std::string const& view = "a") {
    std::vector<feeds::KnownIn> const all{{1, read(1, view)}, {2, read(2, view)}};
    std::vector<int> out;
    for (auto const& one : feeds::newest_of(all, false, 0))
      if (!one.known->fact.revoked) out.push_back(one.known->fact.uuid[15] + one.known->fact.uuid[14] * 256);
    std::ranges::sort(out);
    return out;
  }
};

}  // namespace

TEST_CASE("Nothing is read again while nothing changed, and of what came only that", "[feeds][reading]") {
  World world;
  for (int i = 0; i < 3'000; ++i) world.publish(1 + i, i);
  CHECK(world.read()->read_to == 3'000);
  CHECK(world.shelves.told == 3'000);
  CHECK(world.read()->blocks.size() == 3);
  CHECK(world.shelves.told == 0);
  world.publish(3'001, 3'000);
  CHECK(world.read()->read_to == 3'001);
  CHECK(world.shelves.told == 1);
}

TEST_CASE("What was superseded, revoked or recalled is gone at once, and its block alone is read", "[feeds][reading]") {
  World world;
  for (int i = 1; i <= 3; ++i) world.publish(i * 1'100, i);
  REQUIRE(world.newest() == std::vector{1, 2, 3});
  world.end(2'200);  // recalled
  CHECK(world.newest() == std::vector{1, 3});
  world.end(1'100);
  world.publish(4'000, 1, true);
  CHECK(world.newest() == std::vector{3});
  world.shelves.shown[2'200] = {1, 90, 2, 90, indicator(2)};  // shown again, in a block that had none any more
  world.generations.touch(2'200);
  CHECK(world.newest() == std::vector{2, 3});
}

TEST_CASE("What is shown again in a block that never had any is read", "[feeds][reading]") {
  World world;
  world.publish(5'000, 1);
  REQUIRE(world.newest() == std::vector{1});
  world.shelves.shown[10] = {1, 90, 2, 90, indicator(2)};
  world.generations.touch(10);
  CHECK(world.newest() == std::vector{1, 2});
  world.shelves.shown[9'000] = {1, 91, 3, 91, indicator(3)};  // behind all blocks, and the collection did not grow
  world.generations.touch(9'000);
  CHECK(world.newest() == std::vector{1, 2, 3});
}

TEST_CASE("What changes while it is read is read again", "[feeds][reading]") {
  World world;
  for (int i = 0; i < 2'500; ++i) world.publish(1 + i, i);
  int pages = 0;
  world.shelves.meanwhile = [&] {
    if (++pages == 2) world.end(7);
  };
  world.read();
  world.shelves.meanwhile = [] {};
  auto const shown = world.newest();
  CHECK(shown.size() == 2'499);
  CHECK(std::ranges::find(shown, 6) == shown.end());
}

TEST_CASE("What one view was shown is not known to another", "[feeds][reading]") {
  World world;
  world.publish(1, 1);
  REQUIRE(world.newest("a") == std::vector{1});
  auto const of_all = std::move(world.shelves.shown);
  world.shelves.shown = {};
  CHECK(world.newest("b").empty());
  CHECK(world.newest("a") == std::vector{1});
}

TEST_CASE("The newest version counts in whichever collection, of another kind or revoked", "[feeds][reading]") {
  World world;
  world.publish(1, 1);
  world.publish(2, 2);
  world.publish(3, 3);
  world.publish(4, 1, true, 2);
  world.shelves.shown[5] = {2, 90, 2, 90, indicator(2, false, "user-agent")};
  world.generations.grow(2);
  CHECK(world.newest() == std::vector{3});
}

TEST_CASE("What was forgotten while it was read is not kept, nor what has no room", "[feeds][reading]") {
  World world;
  world.publish(1, 1);
  world.shelves.meanwhile = [&] { world.known.forget(); };
  world.read();
  CHECK(world.known.bytes() == 0);
  world.shelves.meanwhile = [] {};
  world.read();
  CHECK(world.known.bytes() > 0);
  world.known.forget();
  CHECK(world.known.bytes() == 0);
  feeds::Known small(10'000);
  for (int view = 0; view < 50; ++view) {
    feeds::Reading reading(small, world.generations, std::to_string(view), {}, 1);
    while (reading.step(world.shelves).value()) continue;
    CHECK(reading.all()->read_to == 1);
    CHECK(small.bytes() <= 10'000);
  }
}

TEST_CASE("What is held is counted while it is read", "[feeds][reading]") {
  World world;
  for (int i = 0; i < 2'500; ++i) world.publish(1 + i, i);
  feeds::Reading reading(world.known, world.generations, "a", {}, 1);
  std::size_t before = 0;
  for (auto more = reading.step(world.shelves); more.value(); more = reading.step(world.shelves)) {
    CHECK(reading.bytes() > before);
    before = reading.bytes();
  }
  CHECK(reading.bytes() == std::size_t{2'500} * sizeof(feeds::KnownIndicator));
  world.end(7);
  feeds::Reading again(world.known, world.generations, "a", {}, 1);
  while (again.step(world.shelves).value()) continue;
  CHECK(again.bytes() < feeds::cost(*reading.all()));
}

TEST_CASE("A million indicators take no more memory than what is kept of them has", "[feeds][reading]") {
  World world;
  for (int i = 0; i < 20'000; ++i) world.publish(1 + i, i);
  CHECK(feeds::cost(*world.read()) <= std::size_t{20'000} * 170);
  CHECK(std::size_t{1'000'000} * 170 < feeds::Known::kUsualBytes);
}
