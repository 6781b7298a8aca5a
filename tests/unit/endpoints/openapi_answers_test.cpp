// The document against what the server answers: each operation is asked, and each answer has to be one that the
// document describes, to the member.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"
#include "tests/unit/endpoints/moderation_answers.hpp"
#include "tests/unit/endpoints/openapi_indicators.hpp"
#include "tests/unit/endpoints/openapi_logs.hpp"
#include "tests/unit/endpoints/openapi_peers.hpp"
#include "tests/unit/endpoints/openapi_recalls.hpp"
#include "tests/unit/endpoints/openapi_reporter.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

HeaderList const kTaxii{{"Content-Type", "application/taxii+json;version=2.1"}},
    kJson{{"Content-Type", "application/json"}};

void use_taxii(Reporter& report, Hub const& hub) {
  auto const& token = hub.analyst;
  for (char const* target :
       {"/taxii2/", "/taxii2/root/", "/taxii2/root/collections/", "/taxii2/root/collections/network/"})
    report.ask("GET", target, token);
  auto bad = indicator(9), hidden = indicator(8), warned = indicator(7);
  bad.erase("pattern");
  hidden["object_marking_refs"] = {"marking-definition--11111111-2222-4333-8444-555555555555"};
  warned["indicator_types"] = {"of-my-own-making"};
  json const body{{"objects", {indicator(1), indicator(2), bad, hidden, warned, 5, json::object()}}};
  auto status = json_of(report.ask("POST", hub.objects(), token, body.dump(), kTaxii));
  CHECK(status["failure_count"] == 3);
  report.ask("GET", "/taxii2/root/status/" + status["id"].get<std::string>() + "/", token);
  auto one = hub.object(id_of(indicator(1)));
  for (std::string const& target :
       {hub.objects(), hub.objects() + "?limit=1", hub.objects() + "?match[type]=malware", one, one + "versions/",
        std::string("/taxii2/root/collections/network/manifest/?limit=1")}) {
    auto answer = report.ask("GET", target, token);
    report.ask("GET", target, token, "", {{"If-None-Match", answer.header("ETag").value()}});
  }
  report.ask("GET", "/api/v1/collections/network/objects/" + id_of(indicator(1)) + "/readers", token);
  report.ask("DELETE", one, token);
  report.ask("GET", "/api/v1/stream?collection=network&match[type]=indicator", token);
}

void use_ranges(Reporter& report, Hub& hub) {
  std::string const body = R"({"ranges":["203.0.113.0/24","AS64500"]})";
  report.ask("POST", "/api/v1/ranges", hub.analyst, body, kJson);
  report.ask("GET", "/api/v1/ranges", hub.analyst);
  hub.store({indicator(5)});
  auto found = json_of(report.ask("GET", "/api/v1/alerts?limit=1", hub.analyst));
  CHECK(found["alerts"].size() == 1);
  report.ask("GET", "/api/v1/alerts?after=" + found["after"].get<std::string>(), hub.analyst);
  report.ask("POST", "/api/v1/ranges/remove", hub.analyst, body, kJson);
}

void use_markings(Reporter& report, Hub& hub) {
  report.ask("POST", "/api/v1/admin/audiences", hub.admin, R"({"name":"ours","members":["Aurora"]})", kJson);
  report.ask("POST", "/api/v1/admin/audiences", hub.admin, R"({"name":"to-xa","releasable_to":["XA"]})", kJson);
  auto const told = json_of(report.ask("GET", "/api/v1/me/markings", hub.analyst));
  CHECK(told["markings"].size() == 7);
}

void use_administration(Reporter& report, Hub& hub) {
  std::string const second_admin = hub.world.add_token("Aurora", "admin");
  std::string const base = "/api/v1/admin/";
  report.ask("POST", base + "organisations", hub.admin,
             R"({"name":"Ministry","type":"government","clearance":"AMBER","authority":"XY-1"})", kJson);
  report.ask("POST", base + "organisations/Ministry/disable", hub.admin);
  report.ask("POST", base + "credentials", hub.admin, R"({"organisation":"Ministry","roles":["liaison"]})", kJson);
  report.ask("POST", base + "organisations/Ministry/enable", hub.admin);
  report.ask("POST", base + "collections", hub.admin, R"({"title":"Other one","default_tlp":"white"})", kJson);
  auto made =
      report.ask("POST", base + "credentials", hub.admin,
                 R"({"organisation":"Aurora","roles":["feed","liaison"],"label":"l","expires":"2090-01-31T00:00:00Z",
                             "networks":["203.0.113.0/24"],"collections":["network"],"kinds":["ip-range"],"max_tlp":"green"})",
                 kJson);
  report.ask("POST", base + "credentials/" + json_of(made)["token"].get<std::string>().substr(7, 16) + "/revoke",
             hub.admin);
  report.ask("POST", base + "credentials", hub.admin,
             R"({"organisation":"Aurora","roles":["feed"],"certificate":"URI:spiffe://aurora.example/feed"})", kJson);
  auto invited =
      report.ask("POST", base + "invitations", hub.admin, R"({"organisation":"Aurora","roles":["feed"]})", kJson);
  report.ask("POST", "/api/v1/login", json_of(invited)["invitation"].get<std::string>(), "{}", kJson);
  report.ask("POST", base + "denied-pins", hub.admin, R"({"pin":")" + std::string(64, 'a') + R"("})", kJson);
  report.ask("POST", base + "audiences", hub.admin, R"({"name":"ring","members":["Aurora"]})", kJson);
  report.ask("POST", base + "audiences", hub.admin, R"({"name":"to","releasable_to":["XY-1"]})", kJson);
  auto proposed =
      report.ask("POST", base + "audiences/ring/members", hub.admin, R"({"organisation":"Ministry"})", kJson);
  report.ask("POST", base + "audience-proposals/" + json_of(proposed)["proposal"].get<std::string>() + "/approve",
             second_admin);
  report.ask("POST", base + "audiences/ring/remove", hub.admin, R"({"organisation":"Ministry"})", kJson);
  std::string const list_body = R"({"name":"mails","kind":"mail","entries":["mail.example"]})";
  report.ask("POST", base + "allow-lists/import", hub.admin, list_body, kJson);
  report.ask("POST", base + "allow-lists/remove", hub.admin, R"({"name":"mails","entries":["mail.example"]})", kJson);
  use_peers(report, hub);
  for (char const* list :
       {"allow-lists", "organisations", "credentials", "collections", "denied-pins", "audiences", "retention"})
    report.ask("GET", base + list, hub.admin);
  report.ask("GET", "/api/v1/me", hub.admin);
  report.ask("GET", "/api/v1/audit/entries?limit=2", hub.admin);
  report.ask("GET", "/api/v1/audit/checkpoint", hub.admin);
  use_logs(report, hub);
  for (char const* target :
       {"/api/v1/", "/api/v1/openapi.yaml", "/clients/tocsin.py", "/console/", "/console/feeds", "/healthz", "/readyz"})
    report.ask("GET", target, "");
  report.ask("GET", "/metrics", hub.admin);
  auto const known = json_of(report.ask("GET", "/api/v1/indicators?kind=proxy-asn&limit=1", hub.analyst));
  auto const proof = "/api/v1/indicators/" + known["indicators"][0]["id"].get<std::string>() + "/proof";
  CHECK(report.ask("GET", proof, hub.analyst).status == 200);
  report.ask("POST", "/api/v1/admin/log-key", hub.admin);
  report.ask("POST", base + "erasures", hub.admin,
             R"({"organisation":"Aurora","object":")" + id_of(indicator(2)) + "\"}", kJson);
  use_recalls(report, hub);
}

// A target with something of the right form in each place of the pattern.
void use_console(Reporter& report, Hub& hub) {
  auto const given = report.ask("POST", "/console/session", hub.analyst).header("Set-Cookie").value();
  HeaderList const headers{
      {"Cookie", given.substr(0, given.find(';'))}, {"Sec-Fetch-Site", "same-origin"}, {"X-Tocsin-Console", "1"}};
  report.ask("GET", "/console/session", "", "", headers);
  report.ask("DELETE", "/console/session", "", "", headers);
}

std::string target_of(http::Route const& route, Hub const& hub) {
  std::string out = route.pattern;
  auto put = [&](std::string const& place, std::string const& text) {
    if (auto at = out.find(place); at != std::string::npos) out.replace(at, place.size(), text);
  };
  if (out.contains("/collections/")) put("{id}", hub.collection);
  put("{id}", "00000000-0000-4000-8000-000000000000");
  put("{object}", id_of(indicator(99)));
  put("{name}", "Nobody");
  put("{log}", "nothing");
  put("{hash}", "nothing");
  put("{+tile}", "0/000");
  put("{file}", "manifest.json");
  put("{+path}", "feeds");
  return out;
}

void be_refused(Reporter& report, Hub& hub) {
  auto& context = hub.world.instance().context();
  auto peer = hub.world.add_token("Aurora", "peer"), feed = hub.world.add_token("Aurora", "feed");
  for (auto const& route : hub.world.router().routes()) {
    auto method = std::string(http::name(route.method)), target = target_of(route, hub);
    auto token = hub.world.add_token(access::NewCredential{"Aurora", {"analyst", "admin"}, "", {}, {}, {}, {}, {}});
    if (route.permission != "operations.health") report.ask(method, target, "");
    report.ask(method, target, token, "", {{"Origin", "https://elsewhere.example"}});
    if (route.surface == http::Surface::operations) continue;
    context.in_flight.set_most(0);
    report.ask(method, target, token);
    context.limiter.set_rate(0.000'001, 0.000'001);
    report.ask(method, target, token);
    report.ask(method, target, token);
    context.in_flight.set_most(1'000);
    context.limiter.set_rate(0, 0);
    if (route.surface == http::Surface::taxii) report.ask(method, target, token, "", {{"Accept", "text/html"}});
  }
  for (auto const& [method, target] :
       HeaderList{{"GET", hub.objects()}, {"POST", "/api/v1/admin/organisations"}, {"GET", "/metrics"}})
    report.ask(method, target, peer);
  report.ask("POST", hub.objects(), feed);
}

void be_wrong(Reporter& report, Hub& hub) {
  for (auto const& route : hub.world.router().routes()) {
    if (!route.pattern.contains('{')) continue;
    auto target = target_of(route, hub);
    if (auto at = target.find(hub.collection); at != std::string::npos)
      target.replace(at, hub.collection.size(), "nothing");
    auto const& token = route.surface == http::Surface::taxii ? hub.analyst : hub.admin;
    report.ask(std::string(http::name(route.method)), target, token);
  }
  for (char const* tail : {"manifest/", "objects/", "objects/indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f/",
                           "objects/indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f/versions/"})
    report.ask("GET", "/taxii2/root/collections/network/" + std::string(tail) + "?match[ids]=x", hub.analyst);
  report.ask("DELETE", hub.object(id_of(indicator(1))) + "?match[version]=first", hub.analyst);
  report.ask("GET", "/api/v1/collections/nothing/objects/" + id_of(indicator(1)) + "/readers", hub.analyst);
  for (char const* wrong :
       {"after=AAAA", "after=", "after=A&after=A", "match[id]=x", "match[type]=X!", "collection=nothing"})
    report.ask("GET", "/api/v1/stream?" + std::string(wrong), hub.analyst);
  report.ask("GET", "/api/v1/report?since=yesterday", hub.analyst);
  for (char const* wrong : {"after=AAAA", "limit=0"})
    report.ask("GET", "/api/v1/alerts?" + std::string(wrong), hub.analyst);
  for (char const* wrong : {"after=AAAA", "limit=0"})
    report.ask("GET", "/api/v1/campaigns?" + std::string(wrong), hub.analyst);
  for (char const* kind : {"campaigns", "infrastructures"}) {
    auto const target = "/api/v1/" + std::string(kind);
    report.ask("POST", target + "?atomic=yes", hub.analyst, "{}", kJson);
    report.ask("POST", target, hub.analyst, "5", kJson);
    report.ask("POST", target, hub.analyst, "{}", kTaxii);
  }
  report.ask("GET", "/api/v1/campaigns/nothing", hub.analyst);
  moderate_wrongly(report, hub);
  report.ask("GET", "/api/v1/releases/nothing", hub.analyst);
  recall_wrongly(report, hub);
  report.ask("POST", "/api/v1/indicators/" + id_of(indicator(1)) + "/release", hub.analyst, R"({"to":"me"})", kJson);
  for (char const* wrong : {"{}", R"({"because":"ended","duplicate_of":"x"})", R"({"x":1})", "{"})
    report.ask("POST", "/api/v1/indicators/" + id_of(indicator(1)) + "/retract", hub.analyst, wrong, kJson);
  for (std::string what : {"sightings", "opinions"}) {
    auto const target = "/api/v1/indicators/" + id_of(indicator(1)) + "/" + what;
    for (char const* wrong : {"{}", "5", "{", R"({"as_member":1})", R"({"x":1})"})
      report.ask("POST", target, hub.analyst, wrong, kJson);
    report.ask("POST", "/api/v1/indicators/nothing/" + what, hub.analyst, "{}", kJson);
    report.ask("POST", target, hub.analyst, "{}", kTaxii);
  }
  report.ask("POST", "/api/v1/indicators/nothing/retract", hub.analyst, R"({"because":"wrong"})", kJson);
  for (char const* wrong : {"next=AAAA", "limit=0", "kinds=ip-range", "kind=campaign", "contains=nothing", "value="})
    report.ask("GET", "/api/v1/indicators?" + std::string(wrong), hub.analyst);
  for (char const* tail : {"", "/history", "/proof", "/proof?version=x"})
    report.ask("GET", "/api/v1/indicators/nothing" + std::string(tail), hub.analyst);
  report.ask("POST", "/api/v1/ranges", hub.analyst, R"({"ranges":["10.0.0.0/8"]})", kJson);
  for (char const* wrong : {"since=yesterday", "first=-1", "limit=x"})
    report.ask("GET", "/api/v1/audit/entries?" + std::string(wrong), hub.admin);
  for (char const* wrong : {"?dry_run=yes", "?kinds=ip-range", "?tlp=red&tlp=green"})
    report.ask("POST", "/api/v1/indicators" + std::string(wrong), hub.analyst, "{}", kJson);
  report.ask("POST", "/api/v1/indicators", hub.analyst, "5", kJson);
  report.ask("POST", "/api/v1/indicators", hub.analyst, "{}", kTaxii);
  report.ask("POST", "/api/v1/indicators", hub.analyst, "# nothing\n", {{"Content-Type", "text/plain"}});
  report.ask("POST", hub.objects(), hub.analyst, "{", kTaxii);
  report.ask("POST", hub.objects(), hub.analyst, "{}", kJson);
  for (std::string list : {"organisations", "credentials", "collections", "audiences"}) {
    auto target = "/api/v1/admin/" + list;
    report.ask("POST", target, hub.admin, "{", kJson);
    report.ask("POST", target, hub.admin, "{}", kTaxii);
    report.ask("POST", target, hub.admin, "{\"x\":1}", kJson);
    report.ask("POST", target, hub.admin, "[]", kJson);
    report.ask("POST", target, hub.admin, std::string(65'537, ' '), kJson);
  }
  report.ask("GET", "/api/v1/why", hub.analyst);
  report.ask("GET", "/console/assets/none.js", "");
  for (char const* method : {"GET", "DELETE"}) report.ask(method, "/console/session", hub.analyst);
  for (char const* tail : {"", "/manifest"}) {
    report.ask("GET", "/api/v1/feeds/nothing" + std::string(tail), hub.analyst);
    report.ask("GET", "/api/v1/feeds/block-v4" + std::string(tail) + "?format=xml", hub.analyst);
  }
  for (auto const* path :
       {"nothing/misp/manifest.json", "block-v4/misp/events.json", "block-v4/misp/hashes.csv?min_confidence=x"})
    report.ask("GET", "/api/v1/feeds/" + std::string(path), hub.analyst);
  report.ask("GET", "/api/v1/feeds/nothing/changes?since=" + std::string(64, '0'), hub.analyst);
  report.ask("GET", "/api/v1/feeds/block-v4/changes", hub.analyst);
  report.ask("GET", "/api/v1/feeds/block-v4/changes?since=" + std::string(64, '0'), hub.analyst);
  report.ask("GET", "/api/v1/check", hub.analyst);
  report.ask("POST", "/api/v1/match", hub.analyst, "{", kJson);
  report.ask("POST", "/api/v1/match", hub.analyst, "{}", kJson);
  report.ask("POST", "/api/v1/match", hub.analyst, "{}", {{"Content-Type", "text/plain"}});
  report.ask("POST", "/api/v1/match", hub.analyst, R"({"subject":{"prompt":")" + std::string(65'537, 'a') + "\"}}",
             kJson);
  report.ask("POST", "/api/v1/admin/credentials", hub.admin, R"({"organisation":"Nobody","roles":["feed"]})", kJson);
  report.ask("POST", "/api/v1/admin/organisations", hub.admin, R"({"name":"Aurora","type":"lab","clearance":"red"})",
             kJson);
  report.ask("POST", "/api/v1/admin/collections", hub.admin, R"({"title":"network"})", kJson);
  ask_logs_wrongly(report, hub);
}

// What is handed on of a log is another instance's: tests/federation/relay_test.py has three.
bool takes_more_instances(std::string const& answer) { return answer.contains(" /log/of/"); }

}  // namespace

TEST_CASE("Every success that the document describes is answered, and as it describes it", "[endpoints][openapi]") {
  Hub hub;
  Reporter report(hub);
  use_taxii(report, hub);
  use_native(report, hub);
  use_ranges(report, hub);
  use_campaigns(report, hub);
  use_retractions(report, hub);
  use_markings(report, hub);
  use_mutes(report, hub);
  use_moderation(report, hub);
  use_releases(report, hub);
  use_report(report, hub);
  use_match(report, hub);
  use_feeds(report, hub);
  use_responses(report, hub);
  use_console(report, hub);
  use_administration(report, hub);
  auto left = report.not_answered(true);
  std::erase_if(left, takes_more_instances);
  CHECK(left == Reporter::Names{});
}

TEST_CASE("Every refusal is one that the document describes", "[endpoints][openapi]") {
  Hub hub;
  Reporter report(hub);
  hub.store({indicator(1)});
  be_wrong(report, hub);
  be_refused(report, hub);
  // What is left needs a connection, a compressed body, or a failing disk.
  for (auto const& rest : report.not_answered(false)) {
    CAPTURE(rest);
    CHECK((takes_more_instances(rest) || rest.starts_with("POST ") || rest == "GET /readyz 503" ||
           rest.ends_with(" 403") ||
           rest == "GET /api/v1/indicators/{id}/proof 422"));  // of more than a thousand versions
  }
}
