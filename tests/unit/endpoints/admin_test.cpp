// The administration over HTTP: what a request's body may be, and what it brings about.
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

void check_refusal(Answer const& answer, int status, std::string const& code, std::string const& pointer = "") {
  CAPTURE(answer.body);
  CHECK(answer.status == status);
  CHECK(code_of(answer) == code);
  CHECK(json_of(answer).value("pointer", std::string()) == pointer);
}

}  // namespace

TEST_CASE("A body that is no JSON object is refused for the reason it has", "[endpoints][admin]") {
  Hub hub;
  for (char const* target : {"organisations", "credentials", "collections"}) {
    check_refusal(hub.administer(target, ""), 422, "json-syntax");
    check_refusal(hub.administer(target, "{"), 422, "json-syntax");
    check_refusal(hub.administer(target, "[]"), 400, "bad-parameter");
    check_refusal(hub.administer(target, "null"), 400, "bad-parameter");
    check_refusal(hub.administer(target, "{\"a\":1,\"a\":1}"), 422, "json-duplicate-name");
    check_refusal(hub.administer(target, "{\"a\":\"\xFF\"}"), 422, "json-encoding");
    check_refusal(hub.administer(target, std::string(65, '[') + std::string(65, ']')), 422, "json-too-deep");
    check_refusal(hub.administer(target, std::string(65'537, ' ')), 413, "content-too-large");
  }
}

TEST_CASE("A member that a request does not have is refused, and nothing is done", "[endpoints][admin]") {
  Hub hub;
  json const good{{"name", "Borealis"}, {"type", "lab"}, {"clearance", "green"}};
  auto more = good;
  more["Name"] = "x";
  check_refusal(hub.administer("organisations", more.dump()), 422, "property-unknown");
  CHECK(hub.administer("organisations", good.dump()).status == 201);
}

TEST_CASE("A member of another type is refused at its place", "[endpoints][admin]") {
  Hub hub;
  json const good{{"organisation", "Aurora"}, {"roles", {"feed"}}};
  for (char const* name :
       {"organisation", "label", "expires", "max_tlp", "roles", "networks", "collections", "kinds"}) {
    for (json const& value : {json(1), json(true), json::object(), json{1}, json{"a", nullptr}}) {
      auto body = good;
      body[name] = value;
      check_refusal(hub.administer("credentials", body.dump()), 400, "bad-parameter", "/" + std::string(name));
    }
  }
  CHECK(hub.administer("credentials", good.dump()).status == 201);
}

TEST_CASE("A member that is null counts as absent", "[endpoints][admin]") {
  Hub hub;
  json body{{"organisation", "Aurora"}, {"roles", {"feed"}}};
  for (char const* name : {"label", "expires", "max_tlp", "networks", "collections", "kinds"}) body[name] = nullptr;
  CHECK(hub.administer("credentials", body.dump()).status == 201);
  body["roles"] = nullptr;
  check_refusal(hub.administer("credentials", body.dump()), 400, "bad-parameter");
}

TEST_CASE("Another media type than JSON is refused", "[endpoints][admin]") {
  Hub hub;
  Call call;
  call.method = "POST";
  call.target = "/api/v1/admin/organisations";
  call.token = hub.admin;
  call.body = R"({"name":"Borealis","type":"lab","clearance":"green"})";
  for (HeaderList const& headers : {HeaderList{}, HeaderList{{"Content-Type", "text/plain"}}}) {
    call.headers = headers;
    check_refusal(hub.world.ask(call), 415, "unsupported-media-type");
  }
  call.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  CHECK(hub.world.ask(call).status == 201);
}

TEST_CASE("A token works from the next request on, and ends with its credential or its organisation",
          "[endpoints][admin]") {
  Hub hub;
  CHECK(hub.administer("organisations", R"({"name":"Borealis","type":"cloud","clearance":"green"})").status == 201);
  auto made = hub.administer("credentials", R"({"organisation":"borealis","roles":["feed"],"label":"firewall"})");
  CHECK(made.status == 201);
  auto token = json_of(made)["token"].get<std::string>();
  auto me = json_of(hub.world.get("/api/v1/me", token));
  CHECK(me["organisation"] == "Borealis");
  CHECK(me["roles"] == json{"feed"});
  CHECK(me["credential"]["label"] == "firewall");
  auto id = token.substr(7, 16);
  CHECK(json_of(hub.administer("credentials/" + id + "/revoke", "")) == json{{"id", id}, {"revoked", true}});
  CHECK(hub.world.get("/api/v1/me", token).status == 401);
  check_refusal(hub.administer("credentials/" + id + "/revoke", ""), 404, "not-found");
  check_refusal(hub.administer("credentials/x/revoke", ""), 404, "not-found");
  CHECK(hub.administer("organisations/AURORA/disable", "").status == 200);
  CHECK(hub.get("/api/v1/me").status == 401);
}

TEST_CASE("A list of credentials has no secrets, and the revoked with their date", "[endpoints][admin]") {
  Hub hub;
  hub.world.revoke_token(hub.analyst);
  auto answer = hub.world.get("/api/v1/admin/credentials", hub.admin);
  auto const list = json_of(answer)["credentials"];
  REQUIRE(list.size() == 2);
  CHECK(list[0]["revoked"].is_string());
  CHECK(list[1]["revoked"].is_null());
  for (auto const& token : {hub.analyst, hub.admin}) CHECK_FALSE(answer.body.contains(token.substr(24)));
}

TEST_CASE("A list of credentials says which work and why others do not, and a caller is told its limits",
          "[endpoints][admin]") {
  Hub hub;
  hub.world.add_organisation("Borealis", "lab", "red");
  access::NewCredential wanted{"Aurora", {"feed"}, "", {}, {"192.0.2.0/24"}, {"network"}, {"ip-range"}, "green"};
  auto limited = hub.world.add_token(wanted);
  wanted.expires = "2020-01-01T00:00:00Z";
  auto expired = hub.world.add_token(wanted), revoked = hub.world.add_token("Aurora", "feed"),
       disabled = hub.world.add_token("Borealis", "feed");
  hub.world.revoke_token(revoked);
  hub.world.disable_organisation("Borealis");
  auto states = [&] {
    std::map<std::string, std::string> out;
    for (auto const& row : json_of(hub.world.get("/api/v1/admin/credentials", hub.admin))["credentials"])
      out[row["id"].get<std::string>()] = row["state"].get<std::string>();
    return out;
  };
  auto seen = states();
  auto id = [](std::string const& token) { return token.substr(7, 16); };
  CHECK(seen[id(limited)] == "active");
  CHECK(seen[id(expired)] == "expired");
  CHECK(seen[id(revoked)] == "revoked");
  CHECK(seen[id(disabled)] == "disabled");
  check_refusal(hub.administer("credentials", R"({"organisation":"Borealis","roles":["feed"]})"), 409, "conflict");
  CHECK(json_of(hub.administer("organisations/Borealis/enable", ""))["disabled"] == false);
  CHECK(states()[id(disabled)] == "active");
  CHECK(hub.world.get("/api/v1/me", disabled).status == 200);
  auto me = json_of(hub.world.get("/api/v1/me", limited))["credential"];
  CHECK(me["networks"] == json{"192.0.2.0/24"});
  CHECK(me["collections"].size() == 1);
  CHECK(me["kinds"] == json{"ip-range"});
  CHECK(me["max_tlp"] == "green");
}

TEST_CASE("A name that is taken is a conflict, and one that is nowhere is not found", "[endpoints][admin]") {
  Hub hub;
  check_refusal(hub.administer("organisations", R"({"name":"Aurora","type":"lab","clearance":"green"})"), 409,
                "conflict");
  check_refusal(hub.administer("collections", R"({"title":"network"})"), 409, "conflict");
  check_refusal(hub.administer("credentials", R"({"organisation":"Nobody","roles":["feed"]})"), 404, "not-found");
  check_refusal(hub.administer("organisations/Nobody/disable", ""), 404, "not-found");
}

TEST_CASE("A collection is there from the next request on", "[endpoints][admin]") {
  Hub hub;
  auto made = hub.administer("collections", R"({"title":"Prompt templates","description":"What it looks like."})");
  REQUIRE(made.status == 201);
  CHECK(json_of(made)["alias"] == "prompt-templates");
  CHECK(json_of(made)["default_tlp"] == "green");
  auto const listed = json_of(hub.get("/taxii2/root/collections/prompt-templates/"));
  CHECK(listed["title"] == "Prompt templates");
  CHECK(listed["id"] == json_of(made)["id"]);
}
