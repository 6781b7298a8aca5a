// Signing in to the console, what a session opens, and who cannot make it open anything. Attack case A17.
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"

namespace tocsin::test {
namespace {

constexpr char const* kSession = "/console/session";
std::pair<std::string, std::string> const kSameOrigin{"Sec-Fetch-Site", "same-origin"};
std::pair<std::string, std::string> const kConsole{"X-Tocsin-Console", "1"};
std::pair<std::string, std::string> const kOrigin{"Origin", "https://localhost"};

Call call_to(std::string method, std::string target, HeaderList headers, std::string body = {}) {
  Call call;
  call.method = std::move(method);
  call.target = std::move(target);
  call.headers = std::move(headers);
  call.body = std::move(body);
  return call;
}

// The header that a browser sends from then on.
std::pair<std::string, std::string> cookie_in(Answer const& answer) {
  REQUIRE(answer.status == 201);
  auto const given = answer.header("Set-Cookie").value();
  CHECK(given.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"));
  return {"Cookie", given.substr(0, given.find(';'))};
}

std::pair<std::string, std::string> sign_in(Hub& hub, std::string const& token) {
  Call call = call_to("POST", kSession, {});
  call.token = token;
  return cookie_in(hub.world.ask(call));
}

TEST_CASE("A session opens what its credential opens, and says whose it is", "[endpoints][console]") {
  Hub hub;
  auto const cookie = sign_in(hub, hub.analyst);
  auto const me = hub.world.ask(call_to("GET", "/api/v1/me", {cookie, kSameOrigin}));
  CHECK(me.status == 200);
  CHECK(json_of(me) == json_of(hub.get("/api/v1/me")));
  CHECK(hub.world.ask(call_to("GET", hub.objects(), {cookie, kSameOrigin})).status == 200);
  CHECK(hub.world.ask(call_to("GET", "/api/v1/admin/organisations", {cookie, kSameOrigin})).status == 403);
  auto const session = json_of(hub.world.ask(call_to("GET", kSession, {cookie, kSameOrigin})));
  CHECK(session.at("organisation") == "Aurora");
  CHECK(session.at("roles") == json_of(me).at("roles"));
  CHECK(session.at("credential").at("id") == json_of(me).at("credential").at("id"));
  CHECK(session.at("idle_until").get<std::string>() < session.at("until").get<std::string>());
}

TEST_CASE("A17: a session's requests are refused unless a page of the console made them", "[endpoints][console]") {
  Hub hub;
  auto const cookie = sign_in(hub, hub.admin);
  auto const status = [&](std::string const& method, std::string const& target, HeaderList headers,
                          std::string body = {}) {
    headers.push_back(cookie);
    return hub.world.ask(call_to(method, target, std::move(headers), std::move(body))).status;
  };
  // Nothing of these can be added, and some of these can be left out, by a page of another site.
  for (auto const& headers : {HeaderList{}, HeaderList{kConsole}, HeaderList{{"Sec-Fetch-Site", "cross-site"}},
                              HeaderList{{"Sec-Fetch-Site", "same-site"}, kConsole},
                              HeaderList{{"Origin", "https://elsewhere.example"}, kSameOrigin, kConsole}})
    CHECK(status("GET", "/api/v1/me", headers) == 403);
  HeaderList const link{
      {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "document"}};
  CHECK(status("GET", kSession, link) == 403);  // a person may follow a link to the page, and to no more
  CHECK(status("GET", "/console/", link) == 200);
  CHECK(status("GET", "/api/v1/me", {kSameOrigin}) == 200);
  CHECK(status("HEAD", "/api/v1/me", {kSameOrigin}) == 200);
  std::string const name = R"({"name":"Forged","type":"lab","clearance":"red"})";
  std::pair<std::string, std::string> const json{"Content-Type", "application/json"};
  CHECK(status("POST", "/api/v1/admin/organisations", {kSameOrigin, json}, name) == 403);
  CHECK(status("POST", "/api/v1/admin/organisations", {kConsole, json}, name) == 403);
  CHECK(status("DELETE", kSession, {kSameOrigin}) == 403);
  CHECK(status("GET", kSession, {kSameOrigin}) == 200);  // it is still there
  CHECK(status("POST", "/api/v1/admin/organisations", {kSameOrigin, kConsole, json}, name) == 201);
}

TEST_CASE("Who signed out, or whose credential was revoked, is signed out at once", "[endpoints][console]") {
  Hub hub;
  auto const token = hub.world.add_token("Aurora", "analyst");
  auto const first = sign_in(hub, token), second = sign_in(hub, token);
  auto const status = [&](std::pair<std::string, std::string> const& cookie) {
    return hub.world.ask(call_to("GET", "/api/v1/me", {cookie, kSameOrigin})).status;
  };
  CHECK(status(first) == 200);
  auto const out = hub.world.ask(call_to("DELETE", kSession, {first, kSameOrigin, kConsole}));
  CHECK(out.status == 204);
  CHECK(out.header("Set-Cookie") == "__Host-tocsin=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
  CHECK(status(first) == 401);
  CHECK(status(second) == 200);
  hub.world.revoke_token(token);
  CHECK(status(second) == 401);
}

TEST_CASE("What ended a session does not begin it again when it ends itself", "[endpoints][console]") {
  Hub hub;
  auto const kept = sign_in(hub, hub.analyst), left = sign_in(hub, hub.analyst);
  auto const status = [&](std::pair<std::string, std::string> const& cookie) {
    return hub.world.ask(call_to("GET", "/api/v1/me", {cookie, kSameOrigin})).status;
  };
  hub.world.disable_organisation("Aurora");
  CHECK(status(kept) == 401);
  hub.world.add_organisation("Operators", "other", "clear");
  Call enable =
      call_to("POST", "/api/v1/admin/organisations/Aurora/enable", {{"Content-Type", "application/json"}}, "{}");
  enable.token = hub.world.add_token("Operators", "admin");
  REQUIRE(hub.world.ask(enable).status == 200);
  CHECK(status(kept) == 401);
  CHECK(status(left) == 200);  // nobody asked in it meanwhile
}

TEST_CASE("A session is made from a credential only, and never from another session", "[endpoints][console]") {
  Hub hub;
  auto const cookie = sign_in(hub, hub.analyst);
  CHECK(hub.world.ask(call_to("POST", kSession, {cookie, kSameOrigin, kConsole})).status == 401);
  CHECK(hub.world.ask(call_to("POST", kSession, {})).status == 401);
  auto const peer = hub.world.add_token("Aurora", "peer");
  Call call = call_to("POST", kSession, {});
  call.token = peer;
  CHECK(hub.world.ask(call).status == 403);
  call.token.clear();
  call.door = Door::admin;
  CHECK(hub.world.ask(call).status == 403);  // the operator: first for want of the header, then as nobody's
  call.headers = {kOrigin, kConsole};
  CHECK(hub.world.ask(call).status == 403);
}

TEST_CASE("Who signs in again is signed out of the session that this browser had", "[endpoints][console]") {
  Hub hub;
  auto const before = sign_in(hub, hub.analyst);
  Call call = call_to("POST", kSession, {before});
  call.token = hub.analyst;
  auto const after = cookie_in(hub.world.ask(call));
  CHECK(hub.world.ask(call_to("GET", "/api/v1/me", {before, kSameOrigin})).status == 401);
  CHECK(hub.world.ask(call_to("GET", "/api/v1/me", {after, kSameOrigin})).status == 200);
}

TEST_CASE("A token beside a cookie is who asks, and a credential alone is in no session", "[endpoints][console]") {
  Hub hub;
  auto call = call_to("GET", "/api/v1/admin/organisations", {sign_in(hub, hub.analyst)});
  call.token = hub.admin;
  CHECK(hub.world.ask(call).status == 200);
  call.target = kSession;
  CHECK(hub.world.ask(call).status == 404);
  call.token = "tocsin_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  CHECK(hub.world.ask(call).status == 401);
}

TEST_CASE("At the door for certificates one signs in by certificate, and the cookie opens no other door",
          "[endpoints][console]") {
  Hub hub;
  base::ClientCertificate certificate{
      {}, {"URI:spiffe://aurora.example/desk"}, std::numeric_limits<std::int64_t>::max()};
  access::NewCredential wanted{"Aurora", {"analyst"}, "desk", {}, {}, {}, {}, {}};
  wanted.certificate = certificate.names.front();
  (void)hub.world.add_token(wanted);
  auto const at_door = [&](std::string const& method, std::string const& target, HeaderList headers) {
    auto call = call_to(method, target, std::move(headers));
    call.door = Door::mtls;
    call.certificate = certificate;
    return hub.world.ask(call);
  };
  CHECK(at_door("POST", kSession, {}).status == 403);  // a form of another site could
  auto const cookie = cookie_in(at_door("POST", kSession, {kSameOrigin, kConsole}));
  CHECK(json_of(at_door("GET", "/api/v1/me", {cookie, kSameOrigin})).at("credential").at("label") == "desk");
  CHECK(hub.world.ask(call_to("GET", "/api/v1/me", {cookie, kSameOrigin})).status == 401);
  CHECK(at_door("DELETE", kSession, {cookie, kSameOrigin, kConsole}).status == 204);
  CHECK(at_door("GET", "/api/v1/me", {cookie, kSameOrigin}).status == 401);
  cookie_in(at_door("POST", kSession, {cookie, kSameOrigin, kConsole}));  // whatever is left in the browser
}

}  // namespace
}  // namespace tocsin::test
