#include <future>
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

std::vector<json> trail(Hub& hub, std::string const& query = "") {
  hub.world.instance().context().reads.flush();
  auto page = json_of(hub.world.get("/api/v1/audit/entries?" + query, hub.admin));
  std::vector<json> out;
  for (auto const& row : page.at("entries")) out.push_back(json::parse(row.at("entry").get<std::string>()));
  return out;
}

std::vector<json> reads(Hub& hub) {
  auto out = trail(hub);
  std::erase_if(out, [](json const& entry) { return entry.at("action") != "read"; });
  return out;
}

}  // namespace

TEST_CASE("every answer to a pull is recorded, from memory or not, and an unchanged page sends no objects",
          "[endpoints][audit]") {
  Hub hub;
  hub.store({indicator(1), indicator(2)});
  auto first = hub.get(hub.objects());
  REQUIRE(hub.get(hub.objects()).body == first.body);
  Call again;
  again.target = hub.objects();
  again.token = hub.analyst;
  again.headers = {{"If-None-Match", first.header("ETag").value()}};
  REQUIRE(hub.world.ask(again).status == 304);
  REQUIRE(hub.get(hub.objects() + id_of(indicator(9)) + "/").status == 404);
  std::uint64_t requests = 0, objects = 0;
  for (auto const& entry : reads(hub)) {
    requests += entry.at("requests").get<std::uint64_t>();
    objects += entry.at("objects").get<std::uint64_t>();
    CHECK(entry.at("by").at("organisation") == "Aurora");
    CHECK(entry.at("collection") == hub.collection);
  }
  CHECK(requests == 4);
  CHECK(objects == 4);
}

TEST_CASE("while nothing can be recorded a liaison is refused and others are answered", "[endpoints][audit]") {
  Hub hub;
  hub.store({indicator(1)});
  auto liaison = hub.world.add_token("Aurora", "liaison");
  REQUIRE(hub.world.get(hub.objects(), liaison).status == 200);
  CHECK(reads(hub).size() == 1);

  std::promise<void> let_go;
  auto go = let_go.get_future().share();
  hub.world.instance().context().ledger.post([go] { go.wait(); });
  auto refused = hub.world.get(hub.objects(), liaison);
  CHECK(refused.status == 503);
  CHECK(refused.header("Retry-After").has_value());
  CHECK(refused.body.find("indicator") == std::string::npos);
  CHECK(hub.get(hub.objects()).status == 200);
  let_go.set_value();
  CHECK(hub.world.get(hub.objects(), liaison).status == 200);
  CHECK(reads(hub).size() == 3);
}

TEST_CASE("the trail is paged by position and every page says where the next begins", "[endpoints][audit]") {
  Hub hub;
  auto all = trail(hub);
  REQUIRE(all.size() > 3);
  auto page = json_of(hub.world.get("/api/v1/audit/entries?limit=2", hub.admin));
  CHECK(page.at("next") == 2);
  CHECK(page.at("size") == all.size());
  auto rest = json_of(hub.world.get("/api/v1/audit/entries?first=2", hub.admin));
  CHECK(rest.at("entries").size() == all.size() - 2);
  CHECK(rest.at("next").is_null());
  CHECK(trail(hub, "until=2020-01-01T00:00:00Z").empty());
}

TEST_CASE("a checkpoint is signed by the log's key under the name of the audit log", "[endpoints][audit]") {
  Hub hub;
  auto checkpoint = json_of(hub.world.get("/api/v1/audit/checkpoint", hub.admin));
  auto key = log::VerifierKey::parse(checkpoint.at("key").get<std::string>()).value();
  CHECK(key.name() == "hub.example/log/audit");
  auto opened = log::open_checkpoint(checkpoint.at("note").get<std::string>(), key, {}).value();
  CHECK(opened.checkpoint.size == checkpoint.at("size").get<std::uint64_t>());
  CHECK(opened.checkpoint.size == trail(hub).size());
}
