// Own ranges and alerts over HTTP.
#include <future>
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

using List = std::vector<std::string>;

Answer post(Hub& hub, std::string const& path, std::string const& token, json const& body) {
  return hub.world.ask(
      {"POST", "/api/v1/ranges" + path, token, {{"Content-Type", "application/json"}}, body.dump(), Door::https, ""});
}

void own(Hub& hub, std::string const& token, List const& ranges) {
  auto answer = post(hub, "", token, {{"ranges", ranges}});
  CAPTURE(answer.body);
  REQUIRE(answer.status == 200);
}

List listed(Hub& hub, std::string const& token) {
  List out;
  for (auto const& row : json_of(hub.world.get("/api/v1/ranges", token)).at("ranges"))
    out.push_back(row.at("range").get<std::string>());
  return out;
}

void check_refusal(Answer const& answer, int status, std::string const& code, std::string const& pointer) {
  CAPTURE(answer.body);
  CHECK(answer.status == status);
  CHECK(code_of(answer) == code);
  CHECK(json_of(answer).value("pointer", std::string()) == pointer);
}

json about(int number, std::string const& pattern) {
  auto object = indicator(number);
  object["pattern"] = pattern;
  return object;
}

// Every alert, asked for `limit` at a time.
std::vector<json> alerts(Hub& hub, std::string const& token, std::size_t limit = 100) {
  std::vector<json> out;
  std::string query = "?limit=" + std::to_string(limit);
  for (bool complete = false; !complete;) {
    auto page = json_of(hub.world.get("/api/v1/alerts" + query, token));
    CHECK(page.at("alerts").size() <= limit);
    for (auto const& alert : page.at("alerts")) out.push_back(alert);
    complete = page.at("complete").get<bool>();
    query = "?limit=" + std::to_string(limit) + "&after=" + page.at("after").get<std::string>();
  }
  return out;
}

List ids_of(std::vector<json> const& alerts) {
  List out;
  for (auto const& alert : alerts) out.push_back(alert.at("id").get<std::string>());
  return out;
}

struct Neighbours : Hub {
  Neighbours() {
    world.add_organisation("Borealis", "cloud", "green");
    cloud = world.add_token("Borealis", "analyst");
    own(*this, cloud, {"203.0.113.0/24", "AS64500", "2001:db8::/32"});
  }
  std::string cloud;
};

}  // namespace

TEST_CASE("Ranges are registered, listed and removed, in one form and once", "[endpoints][ranges]") {
  Hub hub;
  auto added = post(hub, "", hub.analyst, {{"ranges", {"203.0.113.0/24", "as64500", "203.0.113.0/24"}}});
  CHECK(json_of(added) == json{{"added", 2}, {"total", 2}});
  CHECK(json_of(post(hub, "", hub.analyst, {{"ranges", {"AS64500", "AS64501"}}})) == json{{"added", 1}, {"total", 3}});
  CHECK(listed(hub, hub.analyst) == List{"203.0.113.0/24", "AS64500", "AS64501"});
  auto removed = post(hub, "/remove", hub.analyst, {{"ranges", {"as64500", "AS7"}}});
  CHECK(json_of(removed) == json{{"removed", 1}, {"total", 2}});
  CHECK(listed(hub, hub.analyst) == List{"203.0.113.0/24", "AS64501"});
}

TEST_CASE("One bad range spoils the list, is named by its place, and nothing is registered", "[endpoints][ranges]") {
  Hub hub;
  for (char const* bad : {"203.0.113.1/24", "10.0.0.0/8", "nonsense", "AS64512"})
    check_refusal(post(hub, "", hub.analyst, {{"ranges", {"203.0.113.0/24", bad}}}), 400, "bad-parameter", "/ranges/1");
  check_refusal(post(hub, "", hub.analyst, {{"ranges", json::array()}}), 400, "bad-parameter", "/ranges");
  check_refusal(post(hub, "", hub.analyst, {{"ranges", "AS7"}}), 400, "bad-parameter", "/ranges");
  check_refusal(post(hub, "", hub.analyst, {{"ranges", {"AS7", 7}}}), 400, "bad-parameter", "/ranges");
  check_refusal(post(hub, "", hub.analyst, {{"range", "AS7"}}), 422, "property-unknown", "");
  auto bits = json_of(post(hub, "", hub.analyst, {{"ranges", {"203.0.113.1/24"}}}));
  CHECK(bits.at("detail").get<std::string>().find("203.0.113.0/24") != std::string::npos);
  CHECK(listed(hub, hub.analyst).empty());
}

TEST_CASE("Ranges are their organisation's own, and come back with it", "[endpoints][ranges]") {
  Neighbours hub;
  CHECK(listed(hub, hub.analyst).empty());
  CHECK(json_of(post(hub, "/remove", hub.analyst, {{"ranges", {"AS64500"}}})).at("removed") == 0);
  own(hub, hub.analyst, {"203.0.113.0/24"});
  CHECK(listed(hub, hub.cloud).size() == 3);
  hub.world.disable_organisation("Borealis");
  CHECK(hub.world.get("/api/v1/ranges", hub.cloud).status == 401);
  REQUIRE(hub.administer("organisations/Borealis/enable", "{}").status == 200);
  CHECK(listed(hub, hub.cloud).size() == 3);
  auto twin = hub.world.twin();
  CHECK(twin->get("/api/v1/ranges", hub.cloud).body == hub.world.get("/api/v1/ranges", hub.cloud).body);
}

TEST_CASE("An object that another submits about a range raises an alert", "[endpoints][alerts]") {
  Neighbours hub;
  hub.store({about(1, "[ipv4-addr:value = '203.0.113.7']"), about(2, "[ipv4-addr:value = '198.51.100.7']"),
             about(3, "[autonomous-system:number = 64500 OR ipv6-addr:value ISSUBSET '2001:db8:1::/48']")});
  auto found = alerts(hub, hub.cloud);
  REQUIRE(ids_of(found) == List{id_of(indicator(1)), id_of(indicator(3))});
  CHECK(found[0].at("range") == "203.0.113.0/24");
  CHECK(found[0].at("others") == 0);
  CHECK(found[0].at("modified") == version_of(0));
  CHECK(found[0].at("collection") == hub.collection);
  CHECK(found[0].at("dispute") == "tocsin dispute " + id_of(indicator(1)) + " --because \"...\"");
  CHECK(found[1].at("range") == "2001:db8::/32");
  CHECK(found[1].at("others") == 1);
  CHECK(found[0].dump().find("Aurora") == std::string::npos);
}

TEST_CASE("What an organisation may not see raises no alert", "[endpoints][alerts]") {
  Neighbours hub;
  auto hidden = about(1, "[ipv4-addr:value = '203.0.113.7']");
  hidden["object_marking_refs"] = {"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"};
  auto const before = hub.world.get("/api/v1/alerts", hub.cloud).body;
  hub.store({hidden});
  CHECK(hub.world.get("/api/v1/alerts", hub.cloud).body == before);
  own(hub, hub.analyst, {"203.0.113.0/24"});
  CHECK(alerts(hub, hub.analyst).size() == 1);
}

TEST_CASE("A credential is alerted of what its limits show it", "[endpoints][alerts]") {
  Neighbours hub;
  auto elsewhere = hub.world.add_collection("elsewhere", "green");
  hub.store({about(1, "[ipv4-addr:value = '203.0.113.7']")});
  auto narrow = hub.world.add_token(access::NewCredential{"Borealis", {"feed"}, "", {}, {}, {elsewhere}, {}, {}});
  CHECK(alerts(hub, narrow).empty());
  CHECK(hub.world.get("/api/v1/ranges", narrow).status == 403);
  REQUIRE(hub.world.submit(elsewhere, hub.analyst, {about(1, "[ipv4-addr:value = '203.0.113.7']").dump()}).status ==
          202);
  CHECK(alerts(hub, narrow).size() == 1);
  CHECK(alerts(hub, hub.cloud).size() == 2);
}

TEST_CASE("Alerts go on behind the place that the answer before named", "[endpoints][alerts]") {
  Neighbours hub;
  std::vector<json> objects;
  for (int i = 0; i < 25; ++i)
    objects.push_back(
        about(i, i % 2 == 0 ? "[ipv4-addr:value = '203.0.113.7']" : "[ipv4-addr:value = '198.51.100.7']"));
  hub.store(objects);
  auto all = alerts(hub, hub.cloud);
  CHECK(all.size() == 13);
  for (std::size_t limit : {1u, 4u, 13u}) CHECK(alerts(hub, hub.cloud, limit) == all);
  auto last = json_of(hub.world.get("/api/v1/alerts", hub.cloud));
  CHECK(last.at("complete") == true);
  auto const target = "/api/v1/alerts?after=" + last.at("after").get<std::string>();
  CHECK(json_of(hub.world.get(target, hub.cloud)).at("alerts").empty());
  hub.store({indicator(4, 1), about(99, "[ipv4-addr:value = '203.0.113.9']")});
  auto news = json_of(hub.world.get(target, hub.cloud)).at("alerts");
  REQUIRE(news.size() == 2);
  CHECK(news[0].at("modified") == version_of(1));
  CHECK(alerts(hub, hub.cloud).size() == 14);
}

TEST_CASE("One request looks at a thousand objects and says that there are more", "[endpoints][alerts]") {
  Neighbours hub;
  std::vector<json> objects;
  for (int i = 0; i < 1'000; ++i) objects.push_back(about(i, "[ipv4-addr:value = '198.51.100.7']"));
  objects.push_back(about(1'000, "[ipv4-addr:value = '203.0.113.7']"));
  hub.store(objects);
  auto first = json_of(hub.world.get("/api/v1/alerts", hub.cloud));
  CHECK(first.at("alerts").empty());
  CHECK(first.at("complete") == false);
  CHECK(alerts(hub, hub.cloud).size() == 1);
}

TEST_CASE("A place of another make, and a limit that is none, are refused", "[endpoints][alerts]") {
  Neighbours hub;
  hub.store({indicator(1), indicator(2)});
  auto next = json_of(hub.get(hub.objects() + "?limit=1")).at("next").get<std::string>();
  auto after = json_of(hub.world.get("/api/v1/alerts", hub.cloud)).at("after").get<std::string>();
  CHECK(hub.get(hub.objects() + "?next=" + after).status == 400);
  for (std::string const& query :
       {"after=" + next, std::string("after="), std::string("limit=0"), std::string("limit=x"),
        std::string("limit=1&limit=1"), "after=" + after + "&after=" + after})
    CHECK(hub.world.get("/api/v1/alerts?" + query, hub.cloud).status == 400);
  CHECK(hub.world.get("/api/v1/alerts?limit=99999999999999999999", hub.cloud).status == 200);
}

TEST_CASE("Alerts are in the trail as reads, and ranges by their number", "[endpoints][alerts][audit]") {
  Neighbours hub;
  hub.store({about(1, "[ipv4-addr:value = '203.0.113.7']")});
  CHECK(alerts(hub, hub.cloud).size() == 1);
  hub.world.instance().context().reads.flush();
  std::string text;
  std::size_t reads = 0;
  for (auto const& row : json_of(hub.world.get("/api/v1/audit/entries", hub.admin)).at("entries")) {
    auto entry = json::parse(row.at("entry").get<std::string>());
    text += entry.dump();
    if (entry.at("action") == "ranges.add") CHECK(entry.at("ranges") == 3);
    if (entry.at("action") != "read") continue;
    ++reads;
    CHECK(entry.at("what") == "alerts");
    CHECK(entry.at("objects") == 1);
    CHECK(entry.at("by").at("organisation") == "Borealis");
  }
  CHECK(reads == 1);
  CHECK(text.find("ranges.add") != std::string::npos);
  CHECK(text.find("203.0.113") == std::string::npos);
  auto readers = json_of(hub.get("/api/v1/collections/network/objects/" + id_of(indicator(1)) + "/readers"));
  CHECK(readers.at("organisations") == 1);
}

TEST_CASE("A government is alerted of nothing that cannot be recorded", "[endpoints][alerts][audit]") {
  Hub hub;
  hub.world.add_organisation("Ministry", "government", "green");
  auto ministry = hub.world.add_token("Ministry", "analyst");
  own(hub, ministry, {"203.0.113.0/24"});
  hub.store({about(1, "[ipv4-addr:value = '203.0.113.7']")});
  CHECK(alerts(hub, ministry).size() == 1);
  std::promise<void> let_go;
  auto go = let_go.get_future().share();
  hub.world.instance().context().ledger.post([go] { go.wait(); });
  auto refused = hub.world.get("/api/v1/alerts", ministry);
  let_go.set_value();
  CHECK(refused.status == 503);
  CHECK(refused.body.find("indicator") == std::string::npos);
}
