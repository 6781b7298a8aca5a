#include "server/stream/batch.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "schema/core/digest.hpp"
#include "server/stream/events.hpp"
#include "server/stream/place.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"

using namespace tocsin;

namespace {

// Publications of several collections, which grow while they are read.
class Shelves final : public store::ReadStore {
 public:
  std::map<std::int64_t, std::pair<store::RowId, std::string>> published;  // by sequence
  std::function<void()> meanwhile = [] {};                                 // before each page

  core::Result<store::Page> page(store::PageQuery const& query) override {
    meanwhile();
    REQUIRE(query.every_row);
    REQUIRE(query.versions.all);
    store::Page page;
    for (auto at = published.upper_bound(query.after_sequence); at != published.end(); ++at) {
      auto const& [collection, bytes] = at->second;
      if (collection != query.collection) continue;
      if (page.count == query.limit || page.objects.size() > query.most_bytes) {
        page.more = true;
        break;
      }
      page.objects += (page.count > 0 ? "," : "") + bytes;
      store::PageRow row;
      row.type = "indicator";
      row.sequence = at->first;
      row.date_added_us = at->first;
      row.bytes = bytes.size();
      page.rows.push_back(row);
      ++page.count;
    }
    return page;
  }
  core::Result<std::int64_t> last_sequence() override { return published.empty() ? 0 : published.rbegin()->first; }
  core::Result<store::Stretch> stretch(store::StretchQuery const&) override { return store::Stretch{}; }
  core::Result<std::optional<Status>> status(core::Uuid const&, store::RowId) override { return std::nullopt; }
  store::AuditReader& audit() override { throw std::logic_error("a stream reads no audit trail"); }
  store::ClaimReader& claims() override { throw std::logic_error("a stream reads no claims"); }
  store::CampaignReader& campaigns() override { throw std::logic_error("nor campaigns"); }
  store::RetractionReader& retractions() override { throw std::logic_error("nor retractions"); }
  store::ReleaseReader& releases() override { throw std::logic_error("nor releases"); }
  store::IndicatorReader& indicators() override { throw std::logic_error("nor indicators"); }
  store::ResponseReader& responses() override { throw std::logic_error("nor responses"); }
  store::AnswerReader& answers() override { throw std::logic_error("nor answers"); }
  store::LeafReader& leaves() override { throw std::logic_error("nor leaves"); }
  store::OpeningReader& openings() override { throw std::logic_error("nor openings"); }
  store::WaitingReader& waiting() override { throw std::logic_error("nor from what waits"); }
  store::RetentionReader& retention() override { throw std::logic_error("nor what is due"); }
  store::RecallReader& recalls() override { throw std::logic_error("nor from recalls"); }
};

stream::BatchQuery query_of(std::size_t collections) {
  stream::BatchQuery query;
  for (std::size_t i = 0; i < collections; ++i)
    query.collections.push_back({static_cast<store::RowId>(i + 1), "collection " + std::to_string(i + 1)});
  query.view = std::make_shared<access::View const>();
  query.directory = std::make_shared<access::Directory const>(access::Directory::Tables{}, 1);
  query.ranges = std::make_shared<stream::OwnRanges const>();
  return query;
}

}  // namespace

TEST_CASE("batches tell of every publication of every collection once and in order, while more are made", "[stream]") {
  test::Random random;
  catalog::CursorCodec const cursors(core::sha256("key"));
  for (int round = 0; round < 50; ++round) {
    Shelves shelves;
    std::size_t const collections = 1 + random.below(4);
    std::int64_t next = 1;
    auto publish = [&](std::size_t most) {
      for (auto left = random.below(most); left > 0; --left) {
        next += 1 + static_cast<std::int64_t>(random.below(3));
        // One collection more than is asked for.
        shelves.published[next] = {static_cast<store::RowId>(1 + random.below(collections + 1)),
                                   "{\"" + std::string(random.below(200), 'x') + "\"}"};
      }
    };
    int pages = 0;
    shelves.meanwhile = [&] {
      if (++pages < 60) publish(8);
    };
    publish(100);
    stream::BatchLimits const limits{1 + random.below(20), 1 + random.below(1'000)};
    auto query = query_of(collections);
    std::string told, expected;
    for (bool done = false; !done;) {
      bool const settled = pages >= 60;
      auto batch = stream::read_batch(shelves, query, cursors, limits);
      REQUIRE(batch.has_value());
      CHECK(batch->reached >= query.after);
      std::uint64_t objects = 0;
      for (auto const& shown : batch->shown) {
        CHECK(shown.first > query.after);
        CHECK(shown.last <= batch->reached);
        objects += shown.objects;
      }
      CHECK(objects <= limits.objects);
      told += batch->text;
      query.after = batch->reached;
      done = settled && !batch->more;
    }
    for (auto const& [sequence, one] : shelves.published)
      if (one.first <= static_cast<store::RowId>(collections))
        stream::append_publication(expected, {"collection " + std::to_string(one.first), one.second, sequence,
                                              stream::place_behind(cursors, sequence)});
    REQUIRE(told == expected);
  }
}

TEST_CASE("a batch holds no more than its limits and one object", "[stream]") {
  catalog::CursorCodec const cursors(core::sha256("key"));
  Shelves shelves;
  for (int i = 1; i <= 100; ++i) shelves.published[i] = {1 + i % 2, "{" + std::string(1'000, ' ') + "}"};
  auto batch = stream::read_batch(shelves, query_of(2), cursors, {50, 10'000});
  REQUIRE(batch.has_value());
  CHECK(batch->more);
  CHECK(batch->text.size() < 10'000 + 2 * 1'002 + 12 * 300);
}

TEST_CASE("a batch of nothing reaches the end of what is published", "[stream]") {
  catalog::CursorCodec const cursors(core::sha256("key"));
  Shelves shelves;
  shelves.published[9] = {7, "{}"};
  auto batch = stream::read_batch(shelves, query_of(2), cursors);
  REQUIRE(batch.has_value());
  CHECK(batch->text.empty());
  CHECK(batch->shown.empty());
  CHECK(batch->reached == 9);
  CHECK_FALSE(batch->more);
}

TEST_CASE("an alert stands before the object that touches the reader's own range, and before no other", "[stream]") {
  catalog::CursorCodec const cursors(core::sha256("key"));
  Shelves shelves;
  auto about = [](std::string const& range) {
    return R"({"pattern":"[ipv4-addr:value ISSUBSET ')" + range + R"(']","pattern_type":"stix","type":"indicator"})";
  };
  shelves.published[3] = {1, about("198.51.100.0/24")};
  shelves.published[4] = {1, about("203.0.113.128/25")};
  auto query = query_of(1);
  query.ranges = std::make_shared<stream::OwnRanges const>(
      std::vector<store::OwnRange>{{"203.0.113.0/24", "0123456789abcdef", 1}});
  auto batch = stream::read_batch(shelves, query, cursors);
  REQUIRE(batch.has_value());
  std::string const& text = batch->text;
  auto other = text.find("198.51.100.0/24"), alert = text.find("event: alert\ndata: {"),
       own = text.find("203.0.113.128/25");
  REQUIRE(alert != std::string::npos);
  CHECK(other < alert);
  CHECK(alert < own);
  CHECK(text.find("event: alert", alert + 1) == std::string::npos);
  CHECK(text.find("203.0.113.0/24", alert) < own);  // the range is named
  CHECK(text.find("\"revoked\":false", alert) < own);
}
