// What a stream does not tell, and to whom it tells what.
#include <nlohmann/json.hpp>

#include "tests/integration/stream/served.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

// An answer without what differs in every world: the places, which are as long, and the moments.
std::string shape(std::string text) {
  for (auto at = text.find("id: "); at != std::string::npos; at = text.find("\nid: ", at + 1)) {
    auto begin = text.find(": ", at) + 2, end = text.find('\n', begin);
    text.replace(begin, end - begin, std::to_string(end - begin));
  }
  for (auto at = text.find("date_added\":\""); at != std::string::npos; at = text.find("date_added\":\"", at + 1))
    text.replace(at + 13, 27, "then");
  return text;
}

std::vector<json> reads(Community& hub, std::string const& organisation) {
  hub.world.instance().context().reads.flush();
  auto auditor = hub.world.add_token("lab", "auditor");
  auto page = json::parse(hub.world.get("/api/v1/audit/entries?organisation=" + organisation, auditor).body);
  std::vector<json> out;
  for (auto const& row : page.at("entries")) {
    auto entry = json::parse(row.at("entry").get<std::string>());
    if (entry.at("action") == "read") out.push_back(entry);
  }
  return out;
}

}  // namespace

TEST_CASE("what a reader may not see leaves no byte in its stream", "[stream][non-interference]") {
  Community hub;
  hub.write();
  auto other = hub.world.twin();
  Served served(hub.world), served_twin(*other);
  auto reader = served.follow(hub.cloud), reader_twin = served_twin.follow(hub.cloud);
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 7; ++i) hub.write(Community::tlp("red"), static_cast<std::size_t>(i % 2));
    CHECK(reader.is_quiet(std::chrono::milliseconds(150)));
    std::string const id = "tool--00000000-0000-4000-8000-" + std::to_string(300'000'000'000 + round);
    json tool{{"id", id},
              {"type", "tool"},
              {"spec_version", "2.1"},
              {"created", "2024-01-01T00:00:00.000Z"},
              {"modified", "2024-01-01T00:00:00.000Z"},
              {"name", "t"}};
    for (InProcess* world : {&hub.world, other.get()})
      REQUIRE(world->submit(hub.collections[0], hub.lab, {tool.dump()}).status == 202);
    CHECK(next_object(reader) == id);
    CHECK(next_object(reader_twin) == id);
  }
  CHECK(shape(reader.everything()) == shape(reader_twin.everything()));
  // The author is told of both.
  auto author = served.follow(hub.lab);
  auto hidden = hub.write(Community::tlp("red"));
  CHECK(next_object(author) == hidden);
}

TEST_CASE("two streams give an event the same id, and two beginnings do not tell what came between", "[stream]") {
  Community hub;
  Served served(hub.world);
  auto first = served.follow(hub.cloud), second = served.follow(hub.cloud);
  CHECK(first.last_id() != second.last_id());
  CHECK(first.last_id().size() == second.last_id().size());
  hub.write(Community::tlp("red"));
  hub.write();
  (void)next_object(first);
  (void)next_object(second);
  CHECK(first.last_id() == second.last_id());
}

TEST_CASE("whoever joins an audience is told of what comes, and whoever leaves of nothing more", "[stream]") {
  Community hub;
  auto ring = hub.world.add_audience({"ring", {"lab"}, {}});
  Served served(hub.world);
  auto reader = served.follow(hub.cloud);
  auto begin = reader.last_id();
  hub.write(ring);
  hub.world.add_member("ring", "cloud");
  auto shared = hub.write(ring);
  CHECK(next_object(reader) == shared);
  auto again = served.follow(hub.cloud, "", begin);
  CHECK(next_object(again) == shared);
  hub.world.remove_member("ring", "cloud");
  hub.write(ring);
  auto open = hub.write();
  CHECK(next_object(reader) == open);
  CHECK(next_object(again) == open);
}

TEST_CASE("what is read by a stream is in the audit trail as ranges", "[stream]") {
  Community hub;
  Served served(hub.world);
  auto reader = served.follow(hub.cloud);
  for (int i = 0; i < 3; ++i) hub.write();
  for (int i = 0; i < 3; ++i) (void)next_object(reader);
  std::uint64_t objects = 0;
  for (auto const& entry : reads(hub, "cloud")) {
    CHECK(entry.at("what") == "stream");
    CHECK(entry.at("collection") == hub.collections[0]);
    objects += entry.at("objects").get<std::uint64_t>();
  }
  CHECK(objects == 3);
}

TEST_CASE("what a government reads is on record before it is sent", "[stream]") {
  Community hub;
  hub.world.add_organisation("ministry", "government", "green");
  auto token = hub.world.add_token("ministry", "feed");
  Served served(hub.world);
  auto reader = served.follow(token);
  for (int i = 0; i < 3; ++i) {
    auto id = hub.write();
    CHECK(next_object(reader) == id);
    auto direct = hub.world.instance().open_reader();
    REQUIRE(direct.has_value());
    std::uint64_t recorded = 0;
    store::AuditQuery query;
    query.organisation = "ministry";
    query.last = (*direct)->audit().size().value();
    REQUIRE((*direct)->audit().visit(query, [&](store::AuditRow const& row) {
      if (row.entry.find("\"stream\"") != std::string_view::npos) ++recorded;
      return true;
    }));
    CHECK(recorded == static_cast<std::uint64_t>(i) + 1);
  }
}
