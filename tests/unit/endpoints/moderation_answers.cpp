#include "tests/unit/endpoints/moderation_answers.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

namespace tocsin::test {
namespace {

using nlohmann::json;

HeaderList const kJson{{"Content-Type", "application/json"}};

}  // namespace

void use_moderation(Reporter& report, Hub& hub) {
  hub.world.add_organisation("runner", "other", "red", "", kInstanceIdentity);
  hub.world.add_organisation("Nova", "lab", "red");
  auto const runner = hub.world.add_token("runner", "analyst"), nova = hub.world.add_token("Nova", "analyst");
  report.ask("POST", "/api/v1/admin/organisations/Nova/standing", hub.admin, R"({"standing":"moderated"})", kJson);
  auto const set = [&](char const* whose) {
    report.ask("POST", "/api/v1/admin/collections/network/moderation", hub.admin,
               R"({"moderation":")" + std::string(whose) + "\"}", kJson);
  };
  set("chosen");
  for (char const* value : {"203.0.113.60", "203.0.113.61", "203.0.113.62"}) {
    json const item{{"kind", "ip-range"}, {"value", value}};
    auto const told = json_of(report.ask("POST", "/api/v1/indicators", nova, item.dump(), kJson));
    CHECK(told["items"][0]["outcome"] == "waiting");
  }
  auto const queue = json_of(report.ask("GET", "/api/v1/moderation?organisation=Nova&limit=5", runner))["waiting"];
  REQUIRE(queue.size() == 3);
  auto const ids = [&](std::size_t at) { return json{{"ids", json::array({queue[at]["id"]})}}; };
  auto const one = "/api/v1/moderation/waiting/" + queue[0]["id"].get<std::string>();
  CHECK(json_of(report.ask("GET", one, runner))["content"].size() == queue[0]["objects"]);
  auto refusal = ids(1);
  refusal["because"] = "A public service.";
  report.ask("POST", "/api/v1/moderation/publish", runner, ids(0).dump(), kJson);
  report.ask("POST", "/api/v1/moderation/refuse", runner, refusal.dump(), kJson);
  report.ask("POST", "/api/v1/waiting/withdraw", nova, ids(2).dump(), kJson);
  CHECK(json_of(report.ask("GET", "/api/v1/waiting", nova))["waiting"].size() == 2);
  set("off");
}

void moderate_wrongly(Reporter& report, Hub& hub) {
  hub.world.add_organisation("runner", "other", "red", "", kInstanceIdentity);
  auto const runner = hub.world.add_token("runner", "analyst");
  for (char const* wrong : {"after=AAAA", "limit=0", "organisation=nobody"})
    report.ask("GET", "/api/v1/moderation?" + std::string(wrong), runner);
  report.ask("GET", "/api/v1/waiting?after=AAAA", hub.analyst);
  report.ask("GET", "/api/v1/moderation/waiting/nothing", runner);
  report.ask("GET", "/api/v1/moderation", hub.analyst);
  report.ask("POST", "/api/v1/moderation/refuse", runner, R"({"ids":["x"],"because":"no"})", kJson);
}

}  // namespace tocsin::test
