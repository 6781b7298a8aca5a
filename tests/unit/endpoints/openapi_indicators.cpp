#include "tests/unit/endpoints/openapi_indicators.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

namespace tocsin::test {
namespace {

using nlohmann::json;

HeaderList const kJson{{"Content-Type", "application/json"}};

}  // namespace

void use_native(Reporter& report, Hub const& hub) {
  json const body{{{"kind", "ip-range"}, {"value", "198.51.100.1/24"}, {"confidence", 80}},
                  {{"kind", "ip-range"}, {"value", "198.51.100.0/33"}},
                  {{"kind", "no-such-kind"}}};
  for (char const* target : {"/api/v1/indicators?dry_run=1", "/api/v1/indicators", "/api/v1/indicators"}) {
    auto const answer = json_of(report.ask("POST", target, hub.analyst, body.dump(), kJson));
    CHECK(answer["refused"] == 2);
  }
  report.ask("POST", "/api/v1/admin/allow-lists", hub.admin, R"({"name":"cloud","entries":["9.9.9.0/24"]})", kJson);
  report.ask("POST", "/api/v1/indicators", hub.analyst, R"({"kind":"ip-range","value":"9.9.9.9"})", kJson);
  auto const shared = json_of(report.ask("POST", "/api/v1/indicators?override=Seen%20twice", hub.analyst,
                                         R"({"kind":"ip-range","value":"9.9.9.9"})", kJson));
  CHECK(shared["accepted"] == 1);
  report.ask("POST", "/api/v1/indicators", hub.analyst, "kind,value,tlp\nip-range,198.51.100.9,purple\n",
             {{"Content-Type", "text/csv"}});
}

void use_campaigns(Reporter& report, Hub& hub) {
  json const campaign{{"name", "Heron"},
                      {"account_count", 5},
                      {"account_count_basis", "exact"},
                      {"first_seen", "2026-01-02T00:00:00Z"},
                      {"release_pivots", {{{"model", "m"}, {"time", "2026-01-02T00:00:00Z"}, {"share", 0.5}}}}};
  (void)hub.world.add_collection("campaigns", "green");
  for (char const* kind : {"campaigns", "infrastructures"})
    for (char const* query : {"", "?dry_run=1", "?atomic=1"}) {
      auto const target = "/api/v1/" + std::string(kind) + query;
      auto const made = json_of(
          report.ask("POST", target, hub.analyst, kind[0] == 'c' ? campaign.dump() : R"({"name":"Net"})", kJson));
      CHECK(made["refused"] == 0);
    }
  auto const list = json_of(report.ask("GET", "/api/v1/campaigns?limit=1", hub.analyst));
  CHECK(list["campaigns"].size() == 1);
  auto const id = list["campaigns"][0]["id"].get<std::string>();
  json const named{{"kind", "proxy-asn"}, {"value", 64500}, {"campaign", id}};
  report.ask("POST", "/api/v1/indicators", hub.analyst, named.dump(), kJson);
  auto const found = json_of(report.ask("GET", "/api/v1/indicators?limit=1&campaign=" + id, hub.analyst));
  CHECK(found["indicators"].size() == 1);
  (void)report.ask("GET", "/api/v1/indicators?limit=1", hub.analyst);
  auto const indicator = "/api/v1/indicators/" + found["indicators"][0]["id"].get<std::string>();
  CHECK(json_of(report.ask("GET", indicator, hub.analyst))["said"][0]["native"]["value"] == "AS64500");
  CHECK_FALSE(json_of(report.ask("GET", "/api/v1/why?covers=AS64500", hub.analyst))["claims"].empty());
  CHECK(json_of(report.ask("GET", indicator + "/history", hub.analyst))["histories"].size() == 1);
  auto const shown = json_of(report.ask("GET", "/api/v1/campaigns/" + id, hub.analyst));
  CHECK(shown["at_least"]["accounts"] == 5);
  CHECK(shown["indicators"]["by_kind"] == json{{"proxy-asn", 1}});
}

void use_retractions(Reporter& report, Hub const& hub) {
  auto const share = [&](char const* value) {
    json const item{{"kind", "ip-range"}, {"value", value}};
    return json_of(report.ask("POST", "/api/v1/indicators", hub.analyst, item.dump(), kJson))["items"][0]["id"]
        .get<std::string>();
  };
  auto const kept = share("203.0.113.70"), other = share("203.0.113.71");
  for (json const& body : {json{{"because", "duplicate"}, {"duplicate_of", kept}, {"note", "Twice."}},
                           json{{"because", "wrong"}}, json{{"because", "personal-data"}}}) {
    auto const target = "/api/v1/indicators/" + other + "/retract";
    auto const answer = json_of(report.ask("POST", target, hub.analyst, body.dump(), kJson));
    CHECK(answer["outcome"] == (body["because"] == "wrong" ? "unchanged" : "retracted"));
  }
}

void use_releases(Reporter& report, Hub& hub) {
  auto const person = [&](char const* name) {
    access::NewCredential wanted{"Aurora", {"analyst"}, "", {}, {}, {}, {}, {}};
    wanted.person = name;
    return hub.world.add_token(wanted);
  };
  auto const ada = person("ada"), ben = person("ben");
  json const item{{"kind", "ip-range"}, {"value", "203.0.113.80"}, {"tlp", "amber"}};
  auto const shared = json_of(report.ask("POST", "/api/v1/indicators", ada, item.dump(), kJson));
  auto const target = "/api/v1/indicators/" + shared["items"][0]["id"].get<std::string>() + "/release";
  for (char const* end : {"/refuse", "/approve"}) {
    auto const proposal = json_of(report.ask("POST", target, ada, R"({"to":"tlp:green"})", kJson));
    CHECK(proposal["state"] == "open");
    CHECK(json_of(report.ask("GET", "/api/v1/releases", ben))["releases"].size() == 1);
    auto const one = "/api/v1/releases/" + proposal["proposal"].get<std::string>();
    CHECK(json_of(report.ask("GET", one, ben)) == proposal);
    CHECK(json_of(report.ask("POST", one + end, ben))["proposal"] == proposal["proposal"]);
  }
}

void use_responses(Reporter& report, Hub& hub) {
  hub.store({indicator(6)});
  auto const base = "/api/v1/indicators/" + id_of(indicator(6));
  report.ask("POST", base + "/sightings", hub.analyst, R"({"outcome":"confirmed","count":3,"tlp":"red"})", kJson);
  for (bool const again : {false, true}) {
    auto const answer = report.ask("POST", base + "/sightings", hub.analyst, R"({"outcome":"suspected"})",
                                   {kJson.front(), {"Idempotency-Key", "a-key"}});
    CHECK(answer.header("Idempotency-Replayed").has_value() == again);
  }
  char const* body = R"({"opinion":"disagree","as_member":true})";
  for (char const* outcome : {"accepted", "unchanged"})
    CHECK(json_of(report.ask("POST", base + "/opinions", hub.analyst, body, kJson))["outcome"] == outcome);
}

void use_mutes(Reporter& report, Hub const& hub) {
  json const item{{"kind", "ip-range"}, {"value", "203.0.113.90"}};
  auto const shared = json_of(report.ask("POST", "/api/v1/indicators", hub.analyst, item.dump(), kJson));
  json mute{{"indicator", shared["items"][0]["id"]}, {"because", "our own"}, {"until", "2090-01-31T00:00:00Z"}};
  report.ask("POST", "/api/v1/mutes", hub.analyst, mute.dump(), kJson);
  auto const found = json_of(report.ask("GET", "/api/v1/indicators?value=203.0.113.90", hub.analyst));
  CHECK(found["indicators"][0]["muted"]["because"] == "our own");
  char const* value = R"({"kind":"ip-range","value":"203.0.113.91","because":"our own"})";
  report.ask("POST", "/api/v1/mutes", hub.analyst, value, kJson);
  CHECK(json_of(report.ask("GET", "/api/v1/mutes", hub.analyst))["mutes"].size() == 2);
  json const subject{{"indicator", mute["indicator"]}};
  for (bool const was : {true, false})
    CHECK(json_of(report.ask("POST", "/api/v1/mutes/remove", hub.analyst, subject.dump(), kJson))["removed"] == was);
}

void use_match(Reporter& report, Hub& hub) {
  json const item{{"kind", "ip-range"}, {"value", "203.0.113.96/28"}, {"confidence", 90}, {"action", "block"}};
  json const client{{"kind", "user-agent"}, {"value", "harvester/1"}, {"confidence", 90}, {"action", "block"}};
  for (auto const& one : {item, client})
    (void)hub.world.ask({"POST", "/api/v1/indicators", hub.analyst, kJson, one.dump()});
  HeaderList const field{{"Tocsin-IP", "203.0.113.97"}};
  report.ask("GET", "/api/v1/check", hub.analyst, "", field);  // before anything was read
  hub.world.start_matching();
  json const question{{"subject", {{"ip", "203.0.113.97"}, {"user_agent", "harvester/1"}, {"ref", "r1"}}}};
  auto const answer = json_of(report.ask("POST", "/api/v1/match", hub.analyst, question.dump(), kJson));
  CHECK(answer["hits"].size() == 2);
  CHECK(answer["suggestion"]["action"] == "block");
  CHECK(report.ask("GET", "/api/v1/check", hub.analyst, "", field).status == 204);
  CHECK(report.ask("GET", "/api/v1/check", hub.analyst, "", {field.front(), {"Tocsin-User-Agent", "harvester/1"}})
            .status == 403);
}

void use_feeds(Reporter& report, Hub const& hub) {
  json const item{{"kind", "ip-range"}, {"value", "203.0.113.48/28"}, {"action", "block"}};
  report.ask("POST", "/api/v1/indicators", hub.analyst, item.dump(), kJson);
  CHECK(json_of(report.ask("GET", "/api/v1/feeds", hub.analyst))["feeds"].size() == 12);
  std::string const feed = "/api/v1/feeds/block-v4";
  auto const list = report.ask("GET", feed, hub.analyst);
  CHECK(list.body.contains("203.0.113.48/28\n"));
  report.ask("GET", feed + "?format=csv", hub.analyst);
  report.ask("GET", feed + "?format=aws-waf", hub.analyst);
  CHECK(json_of(report.ask("GET", feed + "?format=stix", hub.analyst))["type"] == "bundle");
  auto const events = json_of(report.ask("GET", feed + "/misp/manifest.json", hub.analyst));
  REQUIRE(events.size() == 1);
  auto const event = json_of(report.ask("GET", feed + "/misp/" + events.begin().key() + ".json", hub.analyst));
  CHECK(event["Event"]["uuid"] == events.begin().key());
  auto const hashes = report.ask("GET", feed + "/misp/hashes.csv", hub.analyst);
  CHECK(report.ask("GET", feed + "/misp/hashes.csv", hub.analyst, "", {{"If-None-Match", *hashes.header("ETag")}})
            .status == 304);
  CHECK(report.ask("GET", feed, hub.analyst, "", {{"If-None-Match", *list.header("ETag")}}).status == 304);
  auto const manifest = json_of(report.ask("GET", feed + "/manifest", hub.analyst));
  auto const digest = manifest["sha256"].get<std::string>();
  CHECK("sha-256=" + digest == *list.header("Tocsin-Digest"));
  report.ask("POST", "/api/v1/indicators", hub.analyst,
             json{{"kind", "ip-range"}, {"value", "203.0.113.80/28"}, {"action", "block"}}.dump(), kJson);
  auto const changes = json_of(report.ask("GET", feed + "/changes?since=" + digest, hub.analyst))["changes"];
  CHECK(changes[0]["added"] == json::array({"203.0.113.80/28"}));
  CHECK(report.ask("GET", feed + "/changes?since=" + std::string(64, '0'), hub.analyst).status == 409);
}

void use_report(Reporter& report, Hub const& hub) {
  auto const told = json_of(report.ask("GET", "/api/v1/report?since=2020-01-01T00:00:00Z", hub.analyst));
  CHECK(told["complete"] == true);
  CHECK_FALSE(told["indicators"].empty());
}

}  // namespace tocsin::test
