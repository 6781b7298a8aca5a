// What a pull answers, and to which question.
#include <nlohmann/json.hpp>

#include "schema/stix/json.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

std::vector<std::string> ids(int from, int to) {
  std::vector<std::string> out;
  for (int i = from; i < to; ++i) out.push_back(id_of(indicator(i)));
  return out;
}

void store_many(Hub& hub, int count) {
  std::vector<json> objects;
  for (int i = 0; i < count; ++i) objects.push_back(indicator(i));
  hub.store(objects);
}

std::string next_of(Answer const& page) { return json_of(page).at("next").get<std::string>(); }

}  // namespace

TEST_CASE("What was submitted is pulled in its canonical form, byte for byte", "[endpoints][pull]") {
  Hub hub;
  auto object = indicator();
  object["name"] = "\xC3\xA9 \" \\ \n and 1.0";
  object["x_number"] = 1e2;
  hub.store({object});
  CHECK(hub.get(hub.objects()).body == "{\"more\":false,\"objects\":[" + stix::canonical_json(object) + "]}");
  CHECK(hub.get(hub.object(id_of(object))).body == hub.get(hub.objects()).body);
}

TEST_CASE("Pages are full until the last, and `next` is there until then", "[endpoints][pull]") {
  Hub hub;
  store_many(hub, 7);
  auto page = hub.get(hub.objects() + "?limit=3");
  CHECK(ids_in(page) == ids(0, 3));
  page = hub.get(hub.objects() + "?limit=3&next=" + next_of(page));
  CHECK(ids_in(page) == ids(3, 6));
  page = hub.get(hub.objects() + "?limit=3&next=" + next_of(page));
  CHECK(ids_in(page) == ids(6, 7));
  CHECK_FALSE(json_of(page)["more"].get<bool>());
  CHECK_FALSE(json_of(page).contains("next"));
}

TEST_CASE("`next` keeps the filters of the request that gave it, and takes another limit", "[endpoints][pull]") {
  Hub hub;
  store_many(hub, 6);
  std::string const some = "match[id]=" + id_of(indicator(1)) + "," + id_of(indicator(3)) + "," + id_of(indicator(5));
  auto first = hub.get(hub.objects() + "?limit=1&" + some);
  CHECK(ids_in(first) == ids(1, 2));
  auto rest = hub.get(hub.objects() + "?limit=9&match[id]=" + id_of(indicator(0)) + "&next=" + next_of(first));
  CHECK(ids_in(rest) == std::vector{id_of(indicator(3)), id_of(indicator(5))});
}

TEST_CASE("`next` of another collection, changed, or made up is refused", "[endpoints][pull]") {
  Hub hub;
  store_many(hub, 3);
  auto next = next_of(hub.get(hub.objects() + "?limit=1"));
  auto other = hub.world.add_collection("other", "green");
  std::vector<std::string> const targets{"/taxii2/root/collections/" + other + "/objects/?next=" + next,
                                         hub.objects() + "?next=" + next + "A",
                                         hub.objects() + "?next=", hub.objects() + "?next=" + next.substr(1)};
  for (auto const& target : targets) {
    auto answer = hub.get(target);
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == "bad-parameter");
  }
}

TEST_CASE("A parameter that occurs twice is refused, whichever it is", "[endpoints][pull]") {
  Hub hub;
  hub.store({indicator(1), indicator(2)});
  auto const next = next_of(hub.get(hub.objects() + "?limit=1"));
  for (std::string const& query : {std::string("limit=5&limit=1"), "next=" + next + "&next=" + next,
                                   std::string("added_after=2020-01-01T00:00:00Z&added_after=2020-01-01T00:00:00Z")}) {
    CAPTURE(query);
    auto answer = hub.get(hub.objects() + "?" + query);
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == "bad-parameter");
  }
}

TEST_CASE("A limit is a positive number, and at most the operator's", "[endpoints][pull]") {
  Hub hub;
  store_many(hub, 4);
  hub.world.instance().context().settings.max_page = 3;
  hub.world.instance().context().settings.default_page = 2;
  CHECK(ids_in(hub.get(hub.objects())).size() == 2);
  for (char const* more : {"3", "4", "18446744073709551615", "99999999999999999999999"})
    CHECK(ids_in(hub.get(hub.objects() + "?limit=" + more)).size() == 3);
  for (char const* bad : {"0", "-1", "", "x", "1x", "1.5", "+1", "%201", "0x1"}) {
    CAPTURE(bad);
    auto answer = hub.get(hub.objects() + "?limit=" + bad);
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == "bad-parameter");
  }
}

TEST_CASE("Following by the date of the last page finds everything new, once", "[endpoints][pull]") {
  Hub hub;
  hub.store({indicator(1)});
  hub.store({indicator(2)});
  auto page = hub.get(hub.objects());
  auto last = page.header("X-TAXII-Date-Added-Last").value();
  CHECK(page.header("X-TAXII-Date-Added-First").value() < last);
  auto empty = hub.get(hub.objects() + "?added_after=" + last);
  CHECK(ids_in(empty).empty());
  CHECK(empty.header("X-TAXII-Date-Added-Last") == last);
  CHECK_FALSE(empty.header("X-TAXII-Date-Added-First").has_value());
  hub.store({indicator(3)});
  CHECK(ids_in(hub.get(hub.objects() + "?added_after=" + last)) == ids(3, 4));
}

TEST_CASE("A page that did not change is not sent again", "[endpoints][pull]") {
  Hub hub;
  hub.store({indicator(1)});
  Call call;
  call.target = hub.objects();
  call.token = hub.analyst;
  auto first = hub.world.ask(call);
  auto tag = first.header("ETag").value();
  for (std::string const& match : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
    call.headers = {{"If-None-Match", match}};
    auto again = hub.world.ask(call);
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(again.header("ETag") == tag);
    CHECK(again.header("X-TAXII-Date-Added-Last") == first.header("X-TAXII-Date-Added-Last"));
  }
  call.headers = {{"If-None-Match", "\"x\""}};
  CHECK(hub.world.ask(call).status == 200);
  hub.store({indicator(2)});
  call.headers = {{"If-None-Match", tag}};
  auto changed = hub.world.ask(call);
  CHECK(changed.status == 200);
  CHECK(changed.header("ETag") != tag);
}

TEST_CASE("A collection is found by id and by alias, and any other is not there", "[endpoints][pull]") {
  Hub hub;
  hub.store({indicator(1)});
  CHECK(hub.get("/taxii2/root/collections/network/objects/").body == hub.get(hub.objects()).body);
  for (std::string const& tail :
       {std::string(), std::string("objects/"), std::string("manifest/"), "objects/" + id_of(indicator()) + "/",
        "objects/" + id_of(indicator()) + "/versions/"}) {
    auto answer = hub.get("/taxii2/root/collections/nothing/" + tail);
    CHECK(answer.status == 404);
    CHECK(code_of(answer) == "not-found");
  }
}

TEST_CASE("An object that is not there, cannot be, or passes no filter is not found", "[endpoints][pull]") {
  Hub hub;
  hub.store({indicator(1)});
  auto there = hub.object(id_of(indicator(1)));
  for (auto const& target :
       {hub.object(id_of(indicator(2))), hub.object("indicator--1"), hub.object("x"),
        there + "?match[spec_version]=2.0", there + "?match[version]=" + version_of(9),
        there + "?added_after=2100-01-01T00:00:00Z", there + "versions/?match[spec_version]=2.0"}) {
    CAPTURE(target);
    auto answer = hub.get(target);
    CHECK(answer.status == 404);
    CHECK(code_of(answer) == "not-found");
  }
  CHECK(hub.get(there).status == 200);
}

TEST_CASE("An object is asked for by its path, and filters for others change nothing", "[endpoints][pull]") {
  Hub hub;
  store_many(hub, 3);
  auto shouted = id_of(indicator(1));
  std::ranges::transform(shouted.begin() + 11, shouted.end(), shouted.begin() + 11,
                         [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
  for (auto const& target : {hub.object(shouted), hub.object(id_of(indicator(1))) + "?match[id]=" + id_of(indicator(2)),
                             hub.object(id_of(indicator(1))) + "?match[type]=malware"})
    CHECK(ids_in(hub.get(target)) == ids(1, 2));
}

TEST_CASE("Versions are the newest, the first, all, or those that are named", "[endpoints][pull]") {
  Hub hub;
  for (int version : {1, 2, 3}) hub.store({indicator(1, version)});
  auto versions = [&](std::string const& query) {
    std::vector<std::string> out;
    auto const page = json_of(hub.get(hub.objects() + query));
    for (auto const& object : page["objects"]) out.push_back(object["modified"].get<std::string>());
    return out;
  };
  using Texts = std::vector<std::string>;
  CHECK(versions("") == Texts{version_of(3)});
  CHECK(versions("?match[version]=last") == Texts{version_of(3)});
  CHECK(versions("?match[version]=first") == Texts{version_of(1)});
  CHECK(versions("?match[version]=first,last") == Texts{version_of(1), version_of(3)});
  CHECK(versions("?match[version]=all") == Texts{version_of(1), version_of(2), version_of(3)});
  CHECK(versions("?match[version]=" + version_of(2)) == Texts{version_of(2)});
  auto const list = json_of(hub.get(hub.object(id_of(indicator(1))) + "versions/"));
  CHECK(list == json{{"more", false}, {"versions", {version_of(1), version_of(2), version_of(3)}}});
}

TEST_CASE("What one asked of an object's versions is not served to another who asked differently",
          "[endpoints][pull]") {
  Hub hub;
  hub.store({indicator(1, 1)});
  auto added = hub.get(hub.objects()).header("X-TAXII-Date-Added-Last").value();
  hub.store({indicator(1, 2)});
  auto const target = hub.object(id_of(indicator(1))) + "versions/";
  auto count = [&](std::string const& query) {
    auto answer = hub.get(target + query);
    return answer.status == 200 ? json_of(answer)["versions"].size() : 0;
  };
  CHECK(count("?added_after=" + added) == 1);
  CHECK(count("?match[spec_version]=2.0") == 0);
  CHECK(count("") == 2);
  CHECK(count("?added_after=" + added) == 1);
  CHECK(count("?limit=1") == 1);
  CHECK(count("?match[version]=first") == 2);
}

TEST_CASE("A manifest lists what a pull would return", "[endpoints][pull]") {
  Hub hub;
  store_many(hub, 3);
  auto const answer = hub.get("/taxii2/root/collections/network/manifest/?limit=2");
  CHECK(ids_in(answer) == ids(0, 2));
  auto const record = json_of(answer)["objects"][0];
  CHECK(record["version"] == version_of(0));
  CHECK(record["media_type"] == "application/stix+json;version=2.1");
  CHECK(record["date_added"] == answer.header("X-TAXII-Date-Added-First").value());
  auto rest = hub.get("/taxii2/root/collections/network/manifest/?next=" + next_of(answer));
  CHECK(ids_in(rest) == ids(2, 3));
}

TEST_CASE("A query that does not decode, or a filter that is none, is refused", "[endpoints][pull]") {
  Hub hub;
  for (char const* query :
       {"?match[id]=%zz", "?match[id]=%00", "?x=%ff", "?match[ids]=x", "?match[version]=now", "?match[type]=a,,b",
        "?added_after=now", "?added_after=2026-01-01T00:00:00Z&added_after=x"}) {
    CAPTURE(query);
    auto answer = hub.get(hub.objects() + query);
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == "bad-parameter");
    CHECK(answer.content_type == "application/taxii+json;version=2.1");
  }
  CHECK(hub.get(hub.objects() + "?unknown=1&limit=1").status == 200);
}

TEST_CASE("HEAD says of a page what GET does", "[endpoints][pull]") {
  Hub hub;
  hub.store({indicator(1)});
  Call call;
  call.method = "HEAD";
  call.target = hub.objects();
  call.token = hub.analyst;
  auto head = hub.world.ask(call), get = hub.get(hub.objects());
  CHECK(head.status == 200);
  CHECK(head.headers == get.headers);
  CHECK(head.content_type == get.content_type);
}
