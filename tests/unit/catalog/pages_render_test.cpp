// What a page is: its bytes, where it goes on, its headers.
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/unit/catalog/shelf.hpp"

using namespace tocsin;
using namespace tocsin::test;
using catalog::PageKind;

namespace {

store::PageRow row_at(std::int64_t sequence, std::optional<std::int64_t> created_ns, bool unversioned) {
  return {sequence,   1'000'000'123'456 + sequence, "indicator", core::Uuid{1, 2, 3}, 5'000'000'000'000'000, created_ns,
          unversioned};
}

store::Page facts() {
  store::Page page;
  page.rows = {row_at(1, 7'000'000'000, false), row_at(2, 7'000'000'000, true), row_at(3, std::nullopt, true)};
  page.count = 3;
  return page;
}

}  // namespace

TEST_CASE("A page of objects is the stored bytes, in an envelope", "[catalog][pages]") {
  Shelf shelf;
  std::string const objects = R"({"a":"é\u0001","z":[1,2.5]},{"b":"}]"})";
  CHECK(shelf.make(shelf.request(), page_of(5, 2, false, objects))->body ==
        R"({"more":false,"objects":[)" + objects + "]}");
}

TEST_CASE("A page that is not the last says so, and where to go on", "[catalog][pages]") {
  Shelf shelf;
  auto request = shelf.request();
  request.collection = 9;
  request.filters = filters_of({{"match[type]", "indicator"}, {"added_after", "2026-01-01T00:00:00Z"}});
  auto body = shelf.make(request, page_of(40, 3, true))->body;
  std::string const before = R"({"more":true,"next":")", after = R"(","objects":[{},{},{}]})";
  REQUIRE((body.starts_with(before) && body.ends_with(after)));
  auto cursor = shelf.cursors.open(body.substr(before.size(), body.size() - before.size() - after.size()));
  REQUIRE(cursor.has_value());
  CHECK(cursor->collection == 9);
  CHECK(cursor->after_sequence == 42);
  CHECK(cursor->filters == request.filters.text);
}

TEST_CASE("A manifest has a record for each row, with the version that TAXII gives it", "[catalog][pages]") {
  Shelf shelf;
  auto request = shelf.request();
  request.kind = PageKind::manifest;
  auto record = [](std::string const& date, std::string const& version) {
    return R"({"date_added":")" + date + R"(","id":"indicator--01020300-0000-0000-0000-000000000000",)" +
           R"("media_type":"application/stix+json;version=2.1","version":")" + version + "\"}";
  };
  CHECK(shelf.make(request, facts())->body ==
        R"({"more":false,"objects":[)" + record("1970-01-12T13:46:40.123457Z", "1970-02-27T20:53:20.000Z") + "," +
            record("1970-01-12T13:46:40.123458Z", "1970-01-01T00:00:07.000Z") + "," +
            record("1970-01-12T13:46:40.123459Z", "1970-01-12T13:46:40.123459Z") + "]}");
}

TEST_CASE("A list of versions has the version of each row", "[catalog][pages]") {
  Shelf shelf;
  auto request = shelf.request();
  request.kind = PageKind::versions;
  CHECK(
      shelf.make(request, facts())->body ==
      R"({"more":false,"versions":["1970-02-27T20:53:20.000Z","1970-01-01T00:00:07.000Z","1970-01-12T13:46:40.123459Z"]})");
}

TEST_CASE("A page without rows has an empty list and `more`", "[catalog][pages]") {
  Shelf shelf;
  auto request = shelf.request();
  for (auto kind : {PageKind::objects, PageKind::manifest, PageKind::versions}) {
    request.kind = kind;
    std::string list = kind == PageKind::versions ? "versions" : "objects";
    CHECK(shelf.make(request, {})->body == "{\"more\":false,\"" + list + "\":[]}");
  }
}

TEST_CASE("A page carries the dates of its first and last row", "[catalog][pages]") {
  Shelf shelf;
  auto page = shelf.make(shelf.request(), page_of(3, 4, true));
  CHECK(page->first == "1970-01-01T00:00:03.000000Z");
  CHECK(page->last == "1970-01-01T00:00:06.000000Z");
  CHECK(page->count == 4);
}

TEST_CASE("A page without rows repeats the date it was asked after, so that a follower keeps its place",
          "[catalog][pages]") {
  Shelf shelf;
  auto request = shelf.request();
  CHECK_FALSE(shelf.make(request, {})->last.has_value());
  request.filters = filters_of({{"added_after", "2026-01-01T00:00:00.1234567Z"}});
  auto page = shelf.make(request, {});
  CHECK_FALSE(page->first.has_value());
  CHECK(page->last == "2026-01-01T00:00:00.123456Z");
  CHECK(page->count == 0);
}

TEST_CASE("An entity tag is quoted, and is another exactly when the page is", "[catalog][pages]") {
  Shelf shelf;
  auto tag = [&](std::size_t rows) { return shelf.make(shelf.request(), page_of(1, rows, false))->etag; };
  auto one = tag(1), two = tag(2);
  CHECK((one.size() > 10 && one.front() == '"' && one.back() == '"'));
  CHECK(one.find('"', 1) == one.size() - 1);
  CHECK(one != two);
  CHECK(tag(1) == one);
}

TEST_CASE("The reader is asked for exactly what the request says", "[catalog][pages]") {
  Shelf shelf;
  auto request = shelf.request();
  access::View view = *shelf.view;
  view.window.visible.insert(3);
  view.window.asserter = 77;
  request.view = std::make_shared<access::View const>(view);
  request.collection = 4;
  request.after_sequence = 21;
  request.limit = 17;
  request.filters = filters_of({{"match[type]", "malware"},
                                {"match[id]", "tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"},
                                {"match[version]", "all"},
                                {"added_after", "1970-01-01T00:00:05Z"}});
  for (auto kind : {PageKind::objects, PageKind::manifest, PageKind::versions}) {
    request.kind = kind;
    ScriptedReader reader([&](store::PageQuery const& query) {
      CHECK(query.collection == 4);
      CHECK((query.window.visible.contains(3) && query.window.asserter == 77));
      CHECK(query.after_sequence == 21);
      CHECK(query.added_after_us == 5'000'000);
      CHECK(query.limit == 17);
      CHECK((query.ids.size() == 1 && query.ids[0].first == "tool"));
      CHECK(query.types == std::vector<std::string>{"malware"});
      CHECK(query.versions.all);
      CHECK(query.with_bytes == (kind == PageKind::objects));
      return store::Page{};
    });
    CHECK(shelf.pages.render(reader, request, "key").has_value());
    CHECK(reader.asked() == 1);
  }
}

TEST_CASE("For another version of STIX than is stored the reader is not asked", "[catalog][pages]") {
  Shelf shelf;
  auto request = shelf.request();
  request.filters = filters_of({{"match[spec_version]", "2.0"}});
  ScriptedReader reader([](store::PageQuery const&) { return page_of(1, 1, false); });
  auto page = shelf.pages.render(reader, request, "key");
  REQUIRE(page.has_value());
  CHECK((*page)->count == 0);
  CHECK((*page)->body == R"({"more":false,"objects":[]})");
  CHECK(reader.asked() == 0);
}

TEST_CASE("Following `next` through a stored collection gives every object once, byte for byte", "[catalog][pages]") {
  Folder folder;
  REQUIRE(store::migrate_sqlite(folder / "db").has_value());
  auto database = store::open_sqlite({folder / "db", 8}).value();
  std::vector<store::Candidate> candidates;
  for (int i = 0; i < 25; ++i)
    candidates.push_back(
        make_candidate(1, core::random_uuid(), 10, {stix::Tlp::green, false}, "indicator", "é \\\" ,}"));
  store::CommitPart part{1, candidates, nullptr, true};
  REQUIRE(database->commits().commit({&part, 1}, real_rules(), 1'000'000).has_value());
  auto reader = database->open_reader().value();

  Shelf shelf;
  access::View view = *shelf.view;
  for (auto const& row : database->accounts().classes().value()) view.window.visible.insert(row.row);
  auto request = shelf.request();
  request.view = std::make_shared<access::View const>(view);
  for (std::size_t limit : {1u, 7u, 10u, 25u, 26u}) {
    request.limit = limit;
    request.after_sequence = 0;
    std::string gathered, expected;
    for (bool more = true; more;) {
      auto body = shelf.pages.render(*reader, request, catalog::Pages::key(request)).value()->body;
      auto list = body.find("\"objects\":[") + 11;
      gathered += (gathered.empty() ? "" : ",") + body.substr(list, body.size() - list - 2);
      more = body.starts_with("{\"more\":true");
      if (more)
        request.after_sequence = shelf.cursors.open(body.substr(21, body.find('"', 21) - 21)).value().after_sequence;
    }
    for (auto const& candidate : candidates) expected += (expected.empty() ? "" : ",") + candidate.bytes;
    CHECK(gathered == expected);
  }
}
