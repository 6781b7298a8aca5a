// What a request passes before its handler, in which order, and what each turn-away says.
#include <limits>
#include <nlohmann/json.hpp>

#include "schema/core/bytes.hpp"
#include "server/access/permissions.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

Call call_to(std::string target, std::string token = {}, HeaderList headers = {}) {
  Call call;
  call.target = std::move(target);
  call.token = std::move(token);
  call.headers = std::move(headers);
  return call;
}

void check_refusal(Answer const& answer, int status, std::string const& code) {
  CAPTURE(answer.body);
  CHECK(answer.status == status);
  CHECK(code_of(answer) == code);
}

std::pair<std::string, std::string> const kForeign{"Origin", "https://elsewhere.example"};
std::pair<std::string, std::string> const kJson{"Accept", "application/json"};

}  // namespace

TEST_CASE("Each check comes before the next, so that a refusal tells the least", "[endpoints][gates]") {
  Hub hub;
  auto auditor = hub.world.add_token("Aurora", "auditor");
  auto const path = hub.objects();
  check_refusal(hub.world.ask(call_to("/nothing", "", {kForeign, kJson})), 403, "origin-refused");
  check_refusal(hub.world.ask(call_to("/nothing", "", {kJson})), 404, "not-found");
  check_refusal(hub.world.ask(call_to(path + "?%zz", "", {kJson})), 400, "bad-parameter");
  check_refusal(hub.world.ask(call_to(path, "", {kForeign, kJson})), 403, "origin-refused");
  check_refusal(hub.world.ask(call_to(path, "", {kJson})), 401, "unauthorized");
  check_refusal(hub.world.ask(call_to(path, auditor, {kJson})), 403, "forbidden");
  check_refusal(hub.world.ask(call_to(path, hub.analyst, {kJson})), 406, "not-acceptable");
  auto with_body = call_to(path, hub.analyst);
  with_body.body = "{}";
  check_refusal(hub.world.ask(with_body), 413, "content-too-large");
  CHECK(hub.world.ask(call_to(path, hub.analyst)).status == 200);
}

TEST_CASE("A10: pages of other origins are refused on every route, method and door, with a credential of every kind",
          "[endpoints][gates]") {
  Hub hub;
  base::ClientCertificate certificate{
      {}, {"URI:spiffe://aurora.example/desk"}, std::numeric_limits<std::int64_t>::max()};
  access::NewCredential wanted{"Aurora", {"analyst", "admin"}, "", {}, {}, {}, {}, {}};
  wanted.certificate = certificate.names.front();
  (void)hub.world.add_token(wanted);
  std::string basic = "Basic " + core::to_base64("anybody:" + hub.analyst);
  for (auto const& route : hub.world.router().routes())
    for (std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
      for (Door door : {Door::https, Door::mtls, Door::loopback, Door::admin})
        for (auto const& foreign :
             HeaderList{kForeign, {"Origin", "null"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "none"}}) {
          INFO(method << " " << route.pattern << " " << foreign.second << " at door " << static_cast<int>(door));
          auto call = call_to(route.pattern, "", {foreign, {"Authorization", basic}});
          call.method = method;
          call.door = door;
          call.certificate = certificate;
          REQUIRE(hub.world.ask(call).status == 403);
        }
}

TEST_CASE("A rate is refused before a role, and a busy server after a rate", "[endpoints][gates]") {
  Hub hub;
  auto auditor = hub.world.add_token("Aurora", "auditor");
  auto& context = hub.world.instance().context();
  context.in_flight.set_most(0);
  check_refusal(hub.world.ask(call_to(hub.objects(), auditor)), 503, "unavailable");
  context.limiter.set_rate(0.000'001, 0.000'001);
  CHECK(hub.world.ask(call_to(hub.objects(), auditor)).status == 503);  // takes what the bucket held
  check_refusal(hub.world.ask(call_to(hub.objects(), auditor)), 429, "too-many-requests");
}

TEST_CASE("A credential that asks too often waits alone", "[endpoints][gates]") {
  Hub hub;
  auto other = hub.world.add_token("Aurora", "analyst");
  hub.world.instance().context().limiter.set_rate(0.000'001, 4);
  CHECK(hub.get(hub.objects()).status == 200);  // costs 4
  auto refused = hub.get("/api/v1/me");
  check_refusal(refused, 429, "too-many-requests");
  CHECK(refused.header("Retry-After") == "1");
  CHECK(hub.world.get(hub.objects(), other).status == 200);
}

TEST_CASE("What a load balancer and monitoring ask is never refused for load", "[endpoints][gates]") {
  Hub hub;
  auto& context = hub.world.instance().context();
  context.in_flight.set_most(0);
  context.limiter.set_rate(0.000'001, 0.000'001);
  for (int i = 0; i < 5; ++i) {
    CHECK(hub.world.ask(call_to("/healthz")).status == 200);
    CHECK(hub.world.ask(call_to("/readyz")).status == 200);
    CHECK(hub.world.ask(call_to("/metrics", hub.admin)).status == 200);
  }
}

TEST_CASE("A place among the requests that are worked on is given back", "[endpoints][gates]") {
  Hub hub;
  hub.world.instance().context().in_flight.set_most(1);
  for (int i = 0; i < 5; ++i) {
    CHECK(hub.get("/api/v1/me").status == 200);
    CHECK(hub.get(hub.objects() + "?limit=0").status == 400);
    CHECK(hub.world.get("/api/v1/admin/collections", hub.analyst).status == 403);
  }
}

TEST_CASE("An organisation's requests leave places for the others, and for its own when they end",
          "[endpoints][gates]") {
  Hub hub;
  hub.world.add_organisation("Borealis", "lab", "red");
  auto other = hub.world.add_token("Borealis", "analyst"), second = hub.world.add_token("Aurora", "analyst");
  auto& in_flight = hub.world.instance().context().in_flight;
  in_flight.set_most(40);
  auto own = hub.world.instance().context().registry.current()->organisation(std::string_view("Aurora"))->row;
  std::vector<endpoints::InFlight::Ticket> held;
  for (int i = 0; i < 10; ++i) held.push_back(in_flight.enter(own).value());
  for (auto const& token : {hub.analyst, second}) {
    auto refused = hub.world.get("/api/v1/me", token);
    check_refusal(refused, 503, "unavailable");
    CHECK(refused.body.contains("Your organisation has 10 requests under way"));
    CHECK(refused.header("Retry-After") == "1");
  }
  CHECK(hub.world.get("/api/v1/me", other).status == 200);
  held.pop_back();
  CHECK(hub.world.get("/api/v1/me", second).status == 200);
}

TEST_CASE("An organisation has eight places even where a quarter is fewer, within the server's", "[endpoints][gates]") {
  endpoints::InFlight in_flight(9);
  std::vector<endpoints::InFlight::Ticket> held;
  for (int i = 0; i < 8; ++i) held.push_back(in_flight.enter(1).value());
  CHECK(in_flight.enter(1).error() == endpoints::InFlight::Full::organisation);
  held.push_back(in_flight.enter(2).value());
  CHECK(in_flight.enter(2).error() == endpoints::InFlight::Full::server);
  CHECK(in_flight.enter(1).error() == endpoints::InFlight::Full::server);
  held.clear();
  CHECK(in_flight.enter(1));
}

TEST_CASE("An organisation sends four long bodies of items at a time, and short ones as before", "[endpoints][gates]") {
  Hub hub;
  auto& context = hub.world.instance().context();
  auto const own = context.registry.current()->organisation(std::string_view("Aurora"))->row;
  auto share = call_to("/api/v1/indicators?kind=ip-range", hub.analyst, {{"Content-Type", "text/plain"}});
  share.method = "POST";
  auto const status_of = [&](std::string body) {
    share.body = std::move(body);
    return hub.world.ask(share).status;
  };
  std::string const one = "nonsense\n", many = one + "#" + std::string(200'000, 'x') + "\n";
  std::vector<endpoints::InFlight::Ticket> held;
  for (int i = 0; i < 4; ++i) {
    CHECK(status_of(many) == 200);
    held.push_back(context.long_bodies.enter(own).value());
  }
  CHECK(status_of(one) == 200);
  CHECK(status_of(many) == 503);
  held.pop_back();
  CHECK(status_of(many) == 200);
}

TEST_CASE("The operator on the admin socket is let in when the server is full", "[endpoints][gates]") {
  Hub hub;
  auto& context = hub.world.instance().context();
  context.in_flight.set_most(0);
  context.limiter.set_rate(0.000'001, 0.000'001);
  for (int i = 0; i < 3; ++i) {
    auto call = call_to("/api/v1/admin/credentials");
    call.door = Door::admin;
    CHECK(hub.world.ask(call).status == 200);
  }
}

TEST_CASE("Accept decides under /taxii2/ only", "[endpoints][gates]") {
  Hub hub;
  for (auto const& route : hub.world.router().routes()) {
    CAPTURE(route.pattern);
    if (route.method != http::Method::get || route.pattern.contains('{')) continue;
    // Two need to be told what is asked, one is for the instance's own analysts, and one for who signed in.
    if (route.pattern == "/api/v1/why" || route.pattern == "/api/v1/check" || route.pattern == "/api/v1/moderation" ||
        route.pattern == "/console/session")
      continue;
    bool taxii = route.surface == http::Surface::taxii;
    bool readers = access::find_permission(route.permission)->roles.has(base::Role::analyst);
    auto answer = hub.world.ask(call_to(route.pattern, readers ? hub.analyst : hub.admin, {kJson}));
    CHECK(answer.status == (taxii ? 406 : 200));
  }
}

TEST_CASE("Basic carries a token under /taxii2/ only", "[endpoints][gates]") {
  Hub hub;
  HeaderList const basic{{"Authorization", "Basic " + core::to_base64("anybody:" + hub.analyst)}};
  CHECK(hub.world.ask(call_to(hub.objects(), "", basic)).status == 200);
  check_refusal(hub.world.ask(call_to("/api/v1/me", "", basic)), 401, "unauthorized");
  for (char const* scheme : {"Token ", "token ", "BEARER "}) {
    HeaderList const header{{"Authorization", scheme + hub.analyst}};
    CHECK(hub.world.ask(call_to(hub.objects(), "", header)).status == 200);
    CHECK(hub.world.ask(call_to("/api/v1/me", "", header)).status == 200);
  }
}

TEST_CASE("Why a credential is not valid is not told", "[endpoints][gates]") {
  Hub hub;
  hub.world.add_organisation("Borealis", "lab", "red");
  auto disabled = hub.world.add_token("Borealis", "analyst"), revoked = hub.world.add_token("Aurora", "analyst");
  access::NewCredential expired{"Aurora", {"analyst"}, "", "2020-01-01T00:00:00Z", {}, {}, {}, {}};
  access::NewCredential elsewhere{"Aurora", {"analyst"}, "", {}, {"203.0.113.0/24"}, {}, {}, {}};
  CHECK(hub.world.get("/api/v1/me", disabled).status == 200);
  CHECK(hub.world.get("/api/v1/me", revoked).status == 200);
  hub.world.disable_organisation("Borealis");
  hub.world.revoke_token(revoked);
  auto unknown = hub.analyst;
  unknown[8] = unknown[8] == '0' ? '1' : '0';
  auto const expected = hub.world.get("/api/v1/me", "");
  check_refusal(expected, 401, "unauthorized");
  for (auto const& token : {disabled, revoked, hub.world.add_token(expired), hub.world.add_token(elsewhere), unknown,
                            hub.analyst + "A", hub.analyst.substr(0, 60), std::string("tocsin_"), std::string("x")}) {
    auto answer = hub.world.get("/api/v1/me", token);
    CHECK(answer.status == 401);
    CHECK(answer.body == expected.body);
    CHECK(answer.headers == expected.headers);
  }
}

TEST_CASE("The plain listener serves the operations, without a credential, and nothing else", "[endpoints][gates]") {
  Hub hub;
  for (auto const& route : hub.world.router().routes()) {
    CAPTURE(route.pattern);
    auto call = call_to(route.pattern, hub.admin);
    call.method = http::name(route.method);
    call.door = Door::loopback;
    auto answer = hub.world.ask(call);
    CHECK(answer.status == (route.surface == http::Surface::operations ? 200 : 404));
    call.token.clear();
    CHECK(hub.world.ask(call).status == answer.status);
  }
}

TEST_CASE("The admin socket asks for no token, administers, and sees no object", "[endpoints][gates]") {
  Hub hub;
  hub.store({indicator(1)});
  auto ask = [&](std::string const& target) {
    auto call = call_to(target);
    call.door = Door::admin;
    return hub.world.ask(call);
  };
  CHECK(ask("/api/v1/admin/organisations").status == 200);
  CHECK(ask("/metrics").status == 200);
  CHECK(json_of(ask("/api/v1/me"))["type"] == "operator");
  check_refusal(ask(hub.objects()), 403, "forbidden");
}

TEST_CASE("OPTIONS names the methods of a path without a credential, and other methods are refused by them",
          "[endpoints][gates]") {
  Hub hub;
  auto call = call_to(hub.objects());
  call.method = "OPTIONS";
  auto options = hub.world.ask(call);
  CHECK(options.status == 204);
  CHECK(options.header("Allow") == "OPTIONS, GET, HEAD, POST");
  call.method = "PUT";
  auto put = hub.world.ask(call);
  check_refusal(put, 405, "method-not-allowed");
  CHECK(put.header("Allow") == options.header("Allow"));
}
