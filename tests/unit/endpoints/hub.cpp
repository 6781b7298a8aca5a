#include "tests/unit/endpoints/hub.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

namespace tocsin::test {

using nlohmann::json;

Hub::Hub() {
  world.add_organisation("Aurora", "lab", "amber");
  collection = world.add_collection("network", "green");
  analyst = world.add_token("Aurora", "analyst");
  admin = world.add_token("Aurora", "admin");
}

Answer Hub::post(std::string body, HeaderList headers) {
  Call call;
  call.method = "POST";
  call.target = objects();
  call.token = analyst;
  call.headers = std::move(headers);
  call.body = std::move(body);
  return world.ask(call);
}

Answer Hub::remove(std::string const& target, std::string const& token) {
  Call call;
  call.method = "DELETE";
  call.target = target;
  call.token = token;
  return world.ask(call);
}

Answer Hub::administer(std::string const& target, std::string body) {
  Call call;
  call.method = "POST";
  call.target = "/api/v1/admin/" + target;
  call.token = admin;
  call.headers = {{"Content-Type", "application/json"}};
  call.body = std::move(body);
  return world.ask(call);
}

void Hub::store(std::vector<json> const& objects) {
  std::vector<std::string> texts;
  for (auto const& object : objects) texts.push_back(object.dump());
  auto answer = world.submit(collection, analyst, texts);
  REQUIRE(answer.status == 202);
  CAPTURE(answer.body);
  REQUIRE(json_of(answer)["success_count"] == objects.size());
}

json indicator(int number, int version) {
  std::string digits = std::to_string(100'000'000'000 + number);
  return {{"type", "indicator"},
          {"spec_version", "2.1"},
          {"id", "indicator--8e2e2d2b-17d4-4cbf-938f-" + digits},
          {"created", version_of(0)},
          {"modified", version_of(version)},
          {"indicator_types", {"malicious-activity"}},
          {"pattern", "[ipv4-addr:value = '203.0.113.7']"},
          {"pattern_type", "stix"},
          {"valid_from", "2025-01-01T10:00:00Z"},
          {"object_marking_refs", {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"}}};
}

std::string id_of(json const& object) { return object.at("id").get<std::string>(); }

std::string version_of(int version) { return "2025-01-02T10:00:" + std::to_string(10 + version) + ".000Z"; }

json json_of(Answer const& answer) { return json::parse(answer.body); }

std::string code_of(Answer const& answer) {
  auto const document = json_of(answer);
  return document.value("error_code", document.value("code", std::string()));
}

std::vector<std::string> ids_in(Answer const& page) {
  REQUIRE(page.status == 200);
  std::vector<std::string> out;
  auto const document = json_of(page);
  for (auto const& object : document.at("objects")) out.push_back(id_of(object));
  return out;
}

}  // namespace tocsin::test
