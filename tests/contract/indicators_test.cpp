// What every store finds of indicators with our extension, whatever the database.
#include <sqlite3.h>

#include <algorithm>
#include <set>

#include "server/store/control_store.hpp"
#include "tests/contract/indicator_world.hpp"

using namespace tocsin;
using namespace tocsin::test;
using World = IndicatorWorld;

TEST_CASE("an indicator is found by its kind, its value, and what contains or lies within it", "[store][indicators]") {
  World world;
  world.commit({naming(core::random_uuid(), {address("198.51.100.0/24")}),
                naming(core::random_uuid(), {address("198.51.100.7")}),
                naming(core::random_uuid(), {address("2001:db8::/32")}),
                naming(core::random_uuid(), {key("proxy-asn", "AS64500")})});
  CHECK(world.count(world.query(all())) == 4);
  CHECK(world.count(world.query({kinds::keys_of_kind("ip-range")})) == 3);
  CHECK(world.count(world.query({kinds::keys_of_kind("canary")})) == 0);
  CHECK(world.count(world.query(only("198.51.100.7"))) == 1);
  CHECK(world.count(world.query(kinds::keys_containing("198.51.100.7").value())) == 2);
  CHECK(world.count(world.query(kinds::keys_containing("198.51.100.8").value())) == 1);
  CHECK(world.count(world.query(kinds::keys_within("198.51.0.0/16").value())) == 2);
  CHECK(world.count(world.query(kinds::keys_within("198.51.100.0/25").value())) == 1);
}

TEST_CASE("the newest version counts, under what it says now", "[store][indicators]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({naming(uuid, {address("198.51.100.7")})});
  world.commit({naming(uuid, {address("198.51.100.8")}, 20)});
  CHECK(world.count(world.query(only("198.51.100.7"))) == 0);
  CHECK(world.count(world.query(only("198.51.100.8"))) == 1);
  world.commit({naming(uuid, {address("198.51.100.9")}, 15)});  // an older one that comes late
  CHECK(world.count(world.query(all())) == 1);
  CHECK(world.count(world.query(only("198.51.100.9"))) == 0);
}

TEST_CASE("what several collections show is found once, in its newest version", "[store][indicators]") {
  World world;
  auto const same = core::random_uuid(), newer = core::random_uuid();
  world.commit({{naming(same, {address("198.51.100.7")}), naming(newer, {address("198.51.100.8")})},
                {naming(same, {address("198.51.100.7")}), naming(newer, {address("198.51.100.9")}, 20)}});
  CHECK(world.count(world.query(all())) == 2);
  CHECK(world.count(world.query(only("198.51.100.8"))) == 0);
  CHECK(world.count(world.query(only("198.51.100.9"))) == 1);
  CHECK(world.count(world.query(only("198.51.100.8"), 0, {1})) == 1);  // who does not know of the other collection
  CHECK(world.count(world.query(only("198.51.100.9"), 0, {1})) == 0);
}

TEST_CASE("what is hidden is not found, and who asserted it finds it", "[store][indicators]") {
  World world;
  world.commit({naming(core::random_uuid(), {address("198.51.100.7")}, 10, kRed, 1),
                naming(core::random_uuid(), {address("198.51.100.7")}, 10, kRed, 2),
                naming(core::random_uuid(), {address("198.51.100.7")}, 10, kGreen, 2)});
  CHECK(world.count(world.query(all())) == 1);
  CHECK(world.count(world.query(all(), 1)) == 2);
  CHECK(world.count(world.query(only("198.51.100.7"), 2)) == 2);
  CHECK(world.count(world.query(all(), 3)) == 1);
}

TEST_CASE("a page is full before the last, and goes on where the one before it ended", "[store][indicators]") {
  World world;
  std::set<std::string> expected;
  for (int i = 0; i < 120; ++i) {
    auto const seen =
        naming(core::random_uuid(), {address("198.51.100." + std::to_string(i % 40))}, 10, kGreen, 1 + i % 3);
    expected.insert(seen.bytes);
    world.commit(
        {{seen}, {seen, naming(core::random_uuid(), {address("198.51.100." + std::to_string(i % 40))}, 10, kRed, 7)}});
  }
  auto const reader = world.database->open_reader().value();
  for (std::size_t limit : {1u, 7u, 40u, 119u, 120u, 121u}) {
    auto query = world.query(all());
    query.limit = limit;
    std::multiset<std::string> told;
    for (bool more = true; more;) {
      auto const page = reader->indicators().search(query).value();
      more = page.more;
      if (more) CHECK(page.rows.size() == limit);
      for (auto const& one : page.rows) told.insert(one.bytes);
      query.after = page.after;
    }
    CHECK(told == std::multiset<std::string>(expected.begin(), expected.end()));
  }
}

TEST_CASE("a search of texts goes on behind what it compared, shown or not", "[store][indicators]") {
  World world;
  auto query = world.query(all());
  query.text = kinds::TextQuery::parse("proxy recr*").value();
  query.facets = query.text->facets();
  auto facets = query.facets;
  std::ranges::sort(facets);
  std::vector<store::Candidate> said, replaced;
  for (int i = 0; i < 2'100; ++i) {
    auto const uuid = core::random_uuid();
    said.push_back(naming(uuid, {address("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250))}));
    said.back().searchable->facets = facets;
    // Elsewhere it says something else: its first collection shows it no more to who sees both.
    replaced.push_back(naming(uuid, {address("10.9.0.1")}, 20));
  }
  world.commit({said, replaced});
  query.sight = world.query(all()).sight;
  auto const reader = world.database->open_reader().value();
  int pages = 0;
  for (bool more = true; more; ++pages) {
    REQUIRE(pages < 5);
    auto const page = reader->indicators().search(query).value();
    CHECK(page.rows.empty());
    more = page.more;
    if (more) CHECK(query.after < page.after);
    query.after = page.after;
  }
  CHECK(pages == 2);
}

TEST_CASE("an indicator of several values is found by each, and once", "[store][indicators]") {
  World world;
  std::vector<std::string> keys{address("198.51.100.7"), address("198.51.100.9"), address("2001:db8::1")};
  std::ranges::sort(keys);
  world.commit({naming(core::random_uuid(), keys)});
  CHECK(world.count(world.query(all())) == 1);
  CHECK(world.count(world.query(kinds::keys_within("198.51.100.0/24").value())) == 1);
  for (auto const* one : {"198.51.100.7", "198.51.100.9", "2001:db8::1"})
    CHECK(world.count(world.query(only(one))) == 1);
}

TEST_CASE("labels, campaigns, creators, confidence and time narrow a search", "[store][indicators]") {
  World world;
  auto one = naming(core::random_uuid(), {address("198.51.100.7")});
  auto other = naming(core::random_uuid(), {address("198.51.100.8")});
  auto const campaign = kinds::campaign_facet(core::random_uuid());
  one.searchable->facets = {campaign, kinds::label_facet("b"), kinds::label_facet("a")};
  other.searchable->facets = {kinds::label_facet("a")};
  one.searchable->confidence = 70;
  one.creator = "identity--0c5c6d5e-0000-4000-8000-000000000007";
  one.searchable->valid_from_us = 100;
  one.searchable->valid_until_us = 200;
  other.searchable->valid_from_us = 150;
  world.commit({one, other});
  auto const with = [&](auto const& change) {
    auto query = world.query(all());
    change(query);
    return world.count(query);
  };
  CHECK(with([](auto& query) { query.facets = {kinds::label_facet("a")}; }) == 2);
  CHECK(with([&](auto& query) { query.facets = {campaign, kinds::label_facet("a")}; }) == 1);
  CHECK(with([&](auto& query) { query.facets = {kinds::label_facet("a"), campaign}; }) == 1);
  CHECK(with([](auto& query) { query.facets = {kinds::label_facet("c")}; }) == 0);
  CHECK(with([](auto& query) { query.min_confidence = 70; }) == 1);
  CHECK(with([](auto& query) { query.min_confidence = 71; }) == 0);
  CHECK(with([&](auto& query) { query.creator = one.creator; }) == 1);
  CHECK(with([](auto& query) { query.creator = "identity--0c5c6d5e-0000-4000-8000-000000000008"; }) == 0);
  CHECK(with([](auto& query) { query.active_at_us = 99; }) == 0);
  CHECK(with([](auto& query) { query.active_at_us = 149; }) == 1);
  CHECK(with([](auto& query) { query.active_at_us = 199; }) == 2);
  CHECK(with([](auto& query) { query.active_at_us = 200; }) == 1);
  CHECK(with([](auto& query) { query.lasts_beyond_us = 99; }) == 2);
  CHECK(with([](auto& query) { query.lasts_beyond_us = 199; }) == 2);
  CHECK(with([](auto& query) { query.lasts_beyond_us = 200; }) == 1);
}

TEST_CASE("what is withdrawn is not found, and what it replaced is again", "[store][indicators]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({naming(uuid, {address("198.51.100.7")}, 10'000'000)});
  world.commit({naming(uuid, {address("198.51.100.8")}, 20'000'000)});
  REQUIRE(world.database->commits().withdraw({1, "indicator", uuid, {20'000'000}, {}}).has_value());
  CHECK(world.count(world.query(only("198.51.100.7"))) == 1);
  CHECK(world.count(world.query(only("198.51.100.8"))) == 0);
  REQUIRE(world.database->commits().withdraw({1, "indicator", uuid, {}, {}}).has_value());
  CHECK(world.count(world.query(all())) == 0);
  world.commit({naming(uuid, {address("198.51.100.8")}, 20'000'000)});  // unchanged, and shown again
  CHECK(world.count(world.query(all())) == 1);
}

TEST_CASE("nothing is left of what is erased", "[store][indicators]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({naming(uuid, {address("198.51.100.7")})});
  world.commit({naming(uuid, {address("198.51.100.8")}, 20)});
  REQUIRE(world.database->control()
              .erase({1, "indicator", uuid},
                     [](auto const&) -> core::Result<store::ControlEntry> { return store::ControlEntry(); })
              .has_value());
  CHECK(world.count(world.query(all())) == 0);
  auto const reader = world.database->open_reader().value();
  CHECK(reader->indicators().find(world.query(all()).sight, uuid).value().empty());
}

TEST_CASE("one indicator is shown as each asserter says it, with the versions that are shown", "[store][indicators]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({naming(uuid, {address("198.51.100.7")}, 10), naming(uuid, {address("198.51.100.7")}, 30, kRed, 2),
                naming(uuid, {address("198.51.100.7")}, 20, kGreen, 3)});
  world.commit({naming(uuid, {address("198.51.100.8")}, 40)});
  auto const reader = world.database->open_reader().value();
  auto const sight = world.query(all()).sight;
  auto const found = reader->indicators().find(sight, uuid).value();
  CHECK(found.size() == 2);
  auto const [versions, more] = reader->indicators().versions(sight, uuid, 10).value();
  CHECK(versions.size() == 3);
  CHECK_FALSE(more);
  CHECK(reader->indicators().versions(sight, uuid, 2).value().second);
}

TEST_CASE("what was stored before there was an index is found after the migration", "[store][indicators]") {
  World world;
  auto const uuid = core::random_uuid();
  auto const object = [](std::string const& value, std::string const& revision) {
    return R"({"extensions":{"extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa":{"indicator_kind":"ip-range"}},)"
           R"("labels":["a"],"pattern":"[ipv4-addr:value = ')" +
           value + R"(']","pattern_type":"stix","revision":)" + revision +
           R"(,"type":"indicator","valid_from":"2026-01-01T00:00:00Z"})";
  };
  auto const version = [&](std::int64_t modified_ns, std::string const& value) {
    auto out = naming(uuid, {address(value)}, modified_ns);
    out.searchable.reset();
    out.bytes = object(value, std::to_string(modified_ns));
    out.digest = core::sha256(out.bytes);
    return out;
  };
  world.commit({version(10, "198.51.100.7"), naming(core::random_uuid(), {address("192.0.2.1")})});
  world.commit({version(20, "198.51.100.8")});
  world.database.reset();
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((world.folder / "db").c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db,
                     "DROP TABLE indicators; DROP TABLE indicator_index; "
                     "DELETE FROM schema_migrations WHERE number = 10",
                     nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  REQUIRE(store::migrate_sqlite(world.folder / "db").has_value());
  world.database = store::open_sqlite({world.folder / "db", 8, 8}).value();
  auto query = world.query(all());
  query.facets = {kinds::label_facet("a")};
  CHECK(world.found(query) == std::vector{object("198.51.100.8", "20")});
  CHECK(world.count(world.query(only("198.51.100.7"))) == 0);
  CHECK(world.count(world.query(only("198.51.100.8"))) == 1);
}

TEST_CASE("an index in memory is told of the newest publications behind a place, whoever sees them",
          "[store][indicators]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit(
      {naming(uuid, {address("198.51.100.7")}), naming(core::random_uuid(), {address("203.0.113.0/24")}, 10, kRed, 2)});
  world.commit({naming(uuid, {address("198.51.100.8")}, 20)});
  auto const reader = world.database->open_reader().value();
  auto const all_of_it = reader->indicators().listed(1, 0, 100).value();
  REQUIRE(all_of_it.size() == 2);
  CHECK(all_of_it[0].asserter == 2);
  CHECK(all_of_it[0].class_row == world.classes.at(access::class_key(kRed)));
  CHECK(all_of_it[1].indicator == uuid);
  CHECK(all_of_it[1].keys == std::vector{address("198.51.100.8")});
  CHECK(all_of_it[0].sequence < all_of_it[1].sequence);
  CHECK(reader->indicators().listed(1, all_of_it[0].sequence, 100).value().size() == 1);
  CHECK(reader->indicators().listed(1, 0, 1).value().size() == 1);
  CHECK(reader->indicators().listed(1, all_of_it[1].sequence, 100).value().empty());
  CHECK(reader->indicators().listed(2, 0, 100).value().empty());
}

TEST_CASE("of versions those are told that a reader is shown, and that are the newest", "[store][indicators]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit(
      {naming(uuid, {address("198.51.100.7")}), naming(core::random_uuid(), {address("198.51.100.7")}, 10, kRed, 2)});
  auto const reader = world.database->open_reader().value();
  std::vector<store::RowId> versions;
  for (auto const& one : reader->indicators().listed(1, 0, 100).value()) versions.push_back(one.version);
  REQUIRE(versions.size() == 2);
  auto const sight = world.query(all()).sight;
  CHECK(reader->indicators().newest_among(sight, versions).value().size() == 1);
  CHECK(reader->indicators().newest_among(world.query(all(), 2).sight, versions).value().size() == 2);
  world.commit({naming(uuid, {address("198.51.100.8")}, 20)});
  CHECK(reader->indicators().newest_among(sight, versions).value().empty());
  versions.push_back(reader->indicators().listed(1, 0, 100).value().back().version);
  CHECK(reader->indicators().newest_among(sight, versions).value().size() == 1);
}
