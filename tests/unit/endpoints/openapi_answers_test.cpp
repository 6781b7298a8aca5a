// The document against what the server answers: each operation is asked, and each answer has to be one that the
// document describes, to the member.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"
#include "tests/unit/endpoints/openapi.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

using Names = std::set<std::string>;

// Asks, and holds the answers against the document.
class Reporter {
 public:
  explicit Reporter(Hub& hub) : hub_(hub) {
    for (auto& operation : document_.operations()) operations_.emplace(operation.name(), operation);
  }

  Answer ask(std::string const& method, std::string const& target, std::string const& token, std::string body = "",
             HeaderList headers = {}) {
    Call call;
    call.method = method;
    call.target = target;
    call.token = token;
    call.headers = std::move(headers);
    call.body = std::move(body);
    auto answer = hub_.world.ask(call);
    check(call, answer);
    return answer;
  }

  [[nodiscard]] Names not_answered(bool success) const {
    Names out;
    for (auto const& [name, operation] : operations_)
      for (auto const& answer : operation.node["responses"]) {
        auto status = answer.first.as<std::string>();
        if ((status < "400") == success && status != "default" && !seen_.contains(name + " " + status))
          out.insert(name + " " + status);
      }
    return out;
  }

 private:
  void check(Call const& call, Answer const& answer) {
    auto path = call.target.substr(0, call.target.find('?'));
    auto match = hub_.world.router().match(call.method == "POST"     ? http::Method::post
                                           : call.method == "DELETE" ? http::Method::delete_
                                                                     : http::Method::get,
                                           path);
    REQUIRE(match.route != nullptr);
    auto name = call.method + " " + match.route->pattern;
    auto status = std::to_string(answer.status);
    seen_.insert(name + " " + status);
    auto const start = answer.body.substr(0, 2'000);
    CAPTURE(name, status, start);
    auto const responses = operations_.at(name).node["responses"];
    YAML::Node const& listed = responses;
    REQUIRE(listed[status]);
    auto const response = document_.resolve(listed[status]);
    check_headers(response, answer);
    check_content(response, answer);
  }

  void check_headers(YAML::Node const& response, Answer const& answer) {
    Names described;
    for (auto const& pair : response["headers"]) {
      auto name = pair.first.as<std::string>();
      described.insert(name);
      auto const value = answer.header(name);
      if (!value)
        CHECK(name.starts_with("X-TAXII-Date-Added-"));  // a page without rows may be without them
      else
        CHECK(document_.breaches(document_.resolve(pair.second)["schema"], *value) == std::vector<std::string>{});
    }
    for (auto const& [name, value] : answer.headers) {
      CAPTURE(name);
      CHECK(described.contains(name));
    }
  }

  void check_content(YAML::Node const& response, Answer const& answer) {
    if (!response["content"]) {
      CHECK(answer.body.empty());
      return;
    }
    YAML::Node const content = response["content"];
    YAML::Node const media = content[answer.content_type];
    REQUIRE(media);
    json const value = answer.content_type.contains("json") ? json::parse(answer.body) : json(answer.body);
    CHECK(document_.breaches(media["schema"], value) == std::vector<std::string>{});
  }

  Hub& hub_;
  OpenApi const document_;
  std::map<std::string, Operation> operations_;
  Names seen_;
};

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
  report.ask("POST", base + "denied-pins", hub.admin, R"({"pin":")" + std::string(64, 'a') + R"("})", kJson);
  report.ask("POST", base + "audiences", hub.admin, R"({"name":"ring","members":["Aurora"]})", kJson);
  report.ask("POST", base + "audiences", hub.admin, R"({"name":"to","releasable_to":["XY-1"]})", kJson);
  auto proposed =
      report.ask("POST", base + "audiences/ring/members", hub.admin, R"({"organisation":"Ministry"})", kJson);
  report.ask("POST", base + "audience-proposals/" + json_of(proposed)["proposal"].get<std::string>() + "/approve",
             second_admin);
  report.ask("POST", base + "audiences/ring/remove", hub.admin, R"({"organisation":"Ministry"})", kJson);
  for (char const* list : {"organisations", "credentials", "collections", "denied-pins", "audiences"})
    report.ask("GET", base + list, hub.admin);
  report.ask("GET", "/api/v1/me", hub.admin);
  report.ask("GET", "/api/v1/audit/entries?limit=2", hub.admin);
  report.ask("GET", "/api/v1/audit/checkpoint", hub.admin);
  for (char const* target : {"/healthz", "/readyz"}) report.ask("GET", target, "");
  report.ask("GET", "/metrics", hub.admin);
  report.ask("POST", "/api/v1/admin/log-key", hub.admin);
  report.ask("POST", base + "erasures", hub.admin,
             R"({"organisation":"Aurora","object":")" + id_of(indicator(2)) + "\"}", kJson);
}

// A target with something of the right form in each place of the pattern.
std::string target_of(http::Route const& route, Hub const& hub) {
  std::string out = route.pattern;
  auto put = [&](std::string const& place, std::string const& text) {
    if (auto at = out.find(place); at != std::string::npos) out.replace(at, place.size(), text);
  };
  if (out.contains("/collections/")) put("{id}", hub.collection);
  put("{id}", "00000000-0000-4000-8000-000000000000");
  put("{object}", id_of(indicator(99)));
  put("{name}", "Nobody");
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

void be_wrong(Reporter& report, Hub const& hub) {
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
  for (char const* wrong : {"after=AAAA", "limit=0"})
    report.ask("GET", "/api/v1/alerts?" + std::string(wrong), hub.analyst);
  report.ask("POST", "/api/v1/ranges", hub.analyst, R"({"ranges":["10.0.0.0/8"]})", kJson);
  for (char const* wrong : {"since=yesterday", "first=-1", "limit=x"})
    report.ask("GET", "/api/v1/audit/entries?" + std::string(wrong), hub.admin);
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
  report.ask("POST", "/api/v1/admin/credentials", hub.admin, R"({"organisation":"Nobody","roles":["feed"]})", kJson);
  report.ask("POST", "/api/v1/admin/organisations", hub.admin, R"({"name":"Aurora","type":"lab","clearance":"red"})",
             kJson);
  report.ask("POST", "/api/v1/admin/collections", hub.admin, R"({"title":"network"})", kJson);
}

}  // namespace

TEST_CASE("Every success that the document describes is answered, and as it describes it", "[endpoints][openapi]") {
  Hub hub;
  Reporter report(hub);
  use_taxii(report, hub);
  use_ranges(report, hub);
  use_administration(report, hub);
  CHECK(report.not_answered(true) == Names{});
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
    CHECK((rest.starts_with("POST ") || rest == "GET /readyz 503" || rest.ends_with(" 403")));
  }
}

TEST_CASE("The status of a large submission has the described shape while it is pending and afterwards",
          "[endpoints][openapi]") {
  constexpr int kLarge = 10'001;
  Hub hub;
  hub.world.instance().context().limiter.set_rate(0, 0);  // none
  Reporter report(hub);
  std::string body = "{\"objects\":[5";
  for (int i = 0; i < kLarge; ++i)
    body += R"(,{"type":"mutex","id":"mutex--8e2e2d2b-17d4-4cbf-938f-)" + std::to_string(100'000'000'000 + i) +
            R"(","name":"n","spec_version":"2.1"})";
  auto status = json_of(report.ask("POST", hub.objects(), hub.analyst, body + "]}", kTaxii));
  auto const target = "/taxii2/root/status/" + status["id"].get<std::string>() + "/";
  while (status["status"] == "pending") {
    CHECK(status["pending_count"] == kLarge);
    CHECK(status["total_count"] == kLarge + 1);
    hub.world.instance().context().ledger.perform([] {});  // until the transaction that runs now has ended
    status = json_of(report.ask("GET", target, hub.analyst));
  }
  CHECK(status["success_count"] == kLarge);
  CHECK(status["failure_count"] == 1);
}
