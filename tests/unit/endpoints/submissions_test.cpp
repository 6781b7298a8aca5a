// What becomes of a submission, a status, and a withdrawal.
#include <nlohmann/json.hpp>

#include "server/admission/envelope.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

std::string envelope(std::vector<json> const& objects) { return json{{"objects", objects}}.dump(); }

}  // namespace

TEST_CASE("The answer to a submission is its status, complete, and the same that is asked for later",
          "[endpoints][submit]") {
  Hub hub;
  auto bad = indicator(2);
  bad.erase("pattern");
  auto answer = hub.post(envelope({indicator(1), bad, indicator(3)}));
  CHECK(answer.status == 202);
  auto status = json_of(answer);
  CHECK(status["status"] == "complete");
  CHECK(status["total_count"] == 3);
  CHECK(status["success_count"] == 2);
  CHECK(status["failure_count"] == 1);
  CHECK(status["pending_count"] == 0);
  CHECK(status["successes"][1] == json{{"id", id_of(indicator(3))}, {"version", version_of(0)}});
  CHECK(status["failures"][0]["id"] == id_of(bad));
  CHECK(status["failures"][0]["message"].get<std::string>().starts_with("property-missing: "));
  auto later = hub.get("/taxii2/root/status/" + status["id"].get<std::string>() + "/");
  CHECK(later.status == 200);
  CHECK(json_of(later) == status);
}

TEST_CASE("A status is its organisation's, and no other's", "[endpoints][submit]") {
  Hub hub;
  auto id = json_of(hub.post(envelope({indicator(1)})))["id"].get<std::string>();
  hub.world.add_organisation("Borealis", "lab", "red");
  auto const target = "/taxii2/root/status/" + id + "/";
  CHECK(hub.world.get(target, hub.world.add_token("Aurora", "submitter")).status == 200);
  auto foreign = hub.world.get(target, hub.world.add_token("Borealis", "analyst"));
  CHECK(foreign.status == 404);
  CHECK(foreign.body == hub.get("/taxii2/root/status/00000000-0000-4000-8000-000000000000/").body);
  CHECK(foreign.body == hub.get("/taxii2/root/status/x/").body);
}

TEST_CASE("The same object twice in an envelope succeeds twice and is there once", "[endpoints][submit]") {
  Hub hub;
  auto status = json_of(hub.post(envelope({indicator(1), indicator(1)})));
  CHECK(status["success_count"] == 2);
  CHECK(ids_in(hub.get(hub.objects())).size() == 1);
}

TEST_CASE("One version with two contents in an envelope is a conflict of the second", "[endpoints][submit]") {
  Hub hub;
  auto other = indicator(1);
  other["name"] = "other";
  auto status = json_of(hub.post(envelope({indicator(1), other, indicator(2)})));
  CHECK(status["success_count"] == 2);
  REQUIRE(status["failures"].size() == 1);
  CHECK(status["failures"][0]["message"].get<std::string>().starts_with("version-conflict: "));
  CHECK_FALSE(json_of(hub.get(hub.object(id_of(other))))["objects"][0].contains("name"));
}

TEST_CASE("Sending the same again is harmless and changes no page", "[endpoints][submit]") {
  Hub hub;
  auto const body = envelope({indicator(1), indicator(2)});
  hub.post(body);
  auto before = hub.get(hub.objects());
  CHECK(json_of(hub.post(body))["success_count"] == 2);
  auto after = hub.get(hub.objects());
  CHECK(after.body == before.body);
  CHECK(after.headers == before.headers);
}

TEST_CASE("A body that is no envelope stores nothing, wherever it ends", "[endpoints][submit]") {
  Hub hub;
  auto const body = envelope({indicator(1), indicator(2)});
  for (std::size_t size = 0; size < body.size(); size += 7) {
    auto answer = hub.post(body.substr(0, size));
    CHECK(answer.status == 422);
    CHECK((code_of(answer) == "json-syntax" || code_of(answer) == "envelope-invalid"));
  }
  CHECK(code_of(hub.post(indicator(1).dump())) == "envelope-invalid");
  CHECK(ids_in(hub.get(hub.objects())).empty());
}

TEST_CASE("Bundles are taken like envelopes, under either media type", "[endpoints][submit]") {
  Hub hub;
  json const bundle{
      {"type", "bundle"}, {"id", "bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"}, {"objects", {indicator(1)}}};
  for (char const* type : {"application/stix+json;version=2.1", "application/taxii+json"})
    CHECK(hub.post(bundle.dump(), {{"Content-Type", type}}).status == 202);
}

TEST_CASE("Another media type, or none, is refused before the body is looked at", "[endpoints][submit]") {
  Hub hub;
  for (HeaderList const& headers : {HeaderList{}, HeaderList{{"Content-Type", "application/json"}},
                                    HeaderList{{"Content-Type", "application/taxii+json;version=2.0"}}}) {
    auto answer = hub.post("no JSON", headers);
    CHECK(answer.status == 415);
    CHECK(code_of(answer) == "unsupported-media-type");
  }
}

TEST_CASE("An envelope with more objects than are taken is refused as a whole", "[endpoints][submit]") {
  Hub hub;
  std::string body = "{\"objects\":[" + indicator(1).dump();
  for (std::size_t i = 0; i < admission::kMostObjects; ++i) body += ",0";
  auto answer = hub.post(body + "]}");
  CHECK(answer.status == 413);
  CHECK(code_of(answer) == "content-too-large");
  CHECK(ids_in(hub.get(hub.objects())).empty());
}

TEST_CASE("A submission with too many refused objects stores nothing, neither the good ones nor a status",
          "[endpoints][submit]") {
  Hub hub;
  std::string body = "{\"objects\":[" + indicator(1).dump();
  for (int i = 0; i < 1'001; ++i) body += ",0";
  auto answer = hub.post(body + "]}");
  CHECK(answer.status == 422);
  CHECK(code_of(answer) == "too-many-refused");
  CHECK(json_of(answer)["description"].get<std::string>().contains("/objects/1, not-an-object: "));
  CHECK(answer.body.size() < 1'000);
  CHECK(ids_in(hub.get(hub.objects())).empty());
}

TEST_CASE("Many refusals for few reasons are read back as they were answered", "[endpoints][submit]") {
  Hub hub;
  std::vector<json> objects;
  for (int i = 0; i < 400; ++i) {
    auto object = indicator(i);
    if (i % 2 == 0) object.erase("pattern");
    if (i % 3 == 0) object["name"] = i;
    objects.push_back(object);
  }
  objects.push_back(indicator(1));
  objects.back()["name"] = "other";
  auto status = json_of(hub.post(envelope(objects)));
  CHECK(status["failure_count"] == 268);
  CHECK(json_of(hub.get("/taxii2/root/status/" + status["id"].get<std::string>() + "/")) == status);
}

TEST_CASE("An envelope without objects is a submission of none", "[endpoints][submit]") {
  Hub hub;
  auto answer = hub.post(envelope({}));
  CHECK(answer.status == 202);
  CHECK(json_of(answer)["total_count"] == 0);
  CHECK(hub.get("/taxii2/root/status/" + json_of(answer)["id"].get<std::string>() + "/").status == 200);
}

TEST_CASE("Who may write may not write where he may not look", "[endpoints][submit]") {
  Hub hub;
  access::NewCredential wanted{"Aurora", {"analyst"}, "", {}, {}, {"network"}, {}, {}};
  auto limited = hub.world.add_token(wanted);
  auto other = hub.world.add_collection("other", "green");
  CHECK(hub.world.submit(other, limited, {indicator(1).dump()}).status == 404);
  CHECK(hub.world.submit("network", limited, {indicator(1).dump()}).status == 202);
}

TEST_CASE("An object is withdrawn with all its versions, or with those that are named", "[endpoints][delete]") {
  Hub hub;
  for (int version : {1, 2, 3}) hub.store({indicator(1, version)});
  hub.store({indicator(2)});
  auto const target = hub.object(id_of(indicator(1)));
  auto versions = [&] { return json_of(hub.get(target + "versions/"))["versions"]; };
  CHECK(hub.remove(target + "?match[version]=" + version_of(2), hub.analyst).status == 200);
  CHECK(versions() == json{version_of(1), version_of(3)});
  CHECK(hub.remove(target + "?match[version]=" + version_of(2), hub.analyst).status == 404);
  auto gone = hub.remove(target, hub.analyst);
  CHECK(gone.status == 200);
  CHECK(gone.body.empty());
  CHECK(hub.get(target).status == 404);
  CHECK(ids_in(hub.get(hub.objects())) == std::vector{id_of(indicator(2))});
  CHECK(hub.remove(target, hub.analyst).status == 404);
}

TEST_CASE("A withdrawal is seen by the next request, and ends by submitting again", "[endpoints][delete]") {
  Hub hub;
  hub.store({indicator(1)});
  auto tag = hub.get(hub.objects()).header("ETag");
  CHECK(hub.remove(hub.object(id_of(indicator(1))), hub.analyst).status == 200);
  CHECK(hub.get(hub.objects()).header("ETag") != tag);
  CHECK(ids_in(hub.get(hub.objects())).empty());
  hub.store({indicator(1)});
  CHECK(ids_in(hub.get(hub.objects())).size() == 1);
}

TEST_CASE("A member withdraws what it asserted, an administrator what anybody did", "[endpoints][delete]") {
  Hub hub;
  hub.store({indicator(1)});
  hub.world.add_organisation("Borealis", "lab", "red");
  auto const target = hub.object(id_of(indicator(1)));
  CHECK(hub.remove(target, hub.world.add_token("Borealis", "analyst")).status == 404);
  CHECK(hub.get(target).status == 200);
  CHECK(hub.remove(target, hub.world.add_token("Borealis", "admin")).status == 200);
  CHECK(hub.get(target).status == 404);
}

TEST_CASE("A withdrawal that asks for what is not stored withdraws nothing", "[endpoints][delete]") {
  Hub hub;
  hub.store({indicator(1)});
  auto const target = hub.object(id_of(indicator(1)));
  CHECK(hub.remove(target + "?match[spec_version]=2.0", hub.analyst).status == 404);
  CHECK(hub.remove(hub.object("indicator--1"), hub.analyst).status == 404);
  for (char const* words : {"first", "last", "first,last", "all,last", "now", "", "2026"}) {
    CAPTURE(words);
    auto answer = hub.remove(target + "?match[version]=" + words, hub.analyst);
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == "bad-parameter");
  }
  CHECK(hub.get(target).status == 200);
  CHECK(hub.remove(target + "?match[version]=all", hub.analyst).status == 200);
}
