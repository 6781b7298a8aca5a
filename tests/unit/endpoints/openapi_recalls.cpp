#include "tests/unit/endpoints/openapi_recalls.hpp"

#include <nlohmann/json.hpp>

#include "schema/log/dependents.hpp"
#include "schema/log/manifest.hpp"
#include "schema/log/recall_certificate.hpp"
#include "server/federation/receipts.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/other_instance.hpp"

namespace tocsin::test {

using nlohmann::json;

namespace {

HeaderList const kJson{{"Content-Type", "application/json"}}, kText{{"Content-Type", "text/plain"}};

// A peer of which the test has the key that says what it applied; and a token of it.
std::string add_peer(Hub& hub, log::VerifierKey const& applied) {
  hub.world.show_manifest();  // with the key of the log that it has now
  OtherInstance other("d.example");
  other.manifest().applied = applied;
  auto const until_s = static_cast<std::uint64_t>(hub.world.instance().context().clock.now_us() / 1'000'000) + 3'600;
  json const line{{"line", other.invitation(until_s)}, {"name", "ibis"}};
  auto const taken = hub.administer("peers", line.dump());
  INFO(taken.body);
  REQUIRE(taken.status == 200);
  REQUIRE(hub.administer("peers/ibis/state", R"({"state":"active"})").status == 200);
  return hub.world.add_token("ibis", "peer");
}

}  // namespace

void use_recalls(Reporter& report, Hub& hub) {
  hub.store({indicator(21)});
  json const body{{"id", id_of(indicator(21))}, {"because", "wrong"}, {"deadline", "7d"}};
  auto const made = json_of(report.ask("POST", "/api/v1/recalls", hub.analyst, body.dump(), kJson));
  CHECK((made["outstanding"] == 0 && made["peers"].empty()));
  CHECK(hub.get(hub.object(id_of(indicator(21)))).status == 404);
  CHECK(json_of(report.ask("POST", "/api/v1/recalls", hub.analyst, body.dump(), kJson))["code"] == "recall-invalid");

  auto const applied =
      log::SignerKey::make(log::applied_name("d.example/log"), log::KeyType::cosignature, log::SigningKey::generate())
          .value();
  auto const peer = add_peer(hub, applied.verifier());
  auto const control = hub.world.instance().context().control_key().value();
  auto const index = made["recall"].get<std::uint64_t>();
  hub.world.wait_for_control(index + 1);
  auto const note = report.ask("GET", "/log/control/checkpoint", peer).body;
  auto const receipt = federation::write_receipt(note, control, applied, 1'700'000'000).value();
  CHECK(report.ask("POST", "/log/control/receipts", peer, receipt, kText).status == 204);
  CHECK(report.ask("POST", "/log/control/receipts", peer, note, kText).status == 403);
  auto const behind = [&](std::string const& log) {
    return log::sign_dependents({log, {{"owl.example/log", index}}}, applied, 1'700'000'000).value();
  };
  CHECK(report.ask("POST", "/log/control/receipts", peer, behind(control.name()), kText).status == 204);
  CHECK(report.ask("POST", "/log/control/receipts", peer, behind("another/log/control"), kText).status == 409);
  CHECK(report.ask("POST", "/log/control/receipts", peer, "tocsin/dependents/v1\n", kText).status == 422);

  auto const one = "/api/v1/recalls/" + std::to_string(index);
  auto const shown = json_of(report.ask("GET", one, hub.analyst));
  REQUIRE(shown["peers"].size() == 1);
  CHECK((shown["peers"][0]["peer"] == "ibis" && shown["peers"][0]["state"] == "acknowledged"));
  CHECK(shown["outstanding"] == 1);
  CHECK(shown["peers"][0]["dependents"]["instances"] ==
        json::parse(R"([{"log":"owl.example/log","state":"outstanding"}])"));
  auto const certified = report.ask("GET", one + "/certificate", hub.analyst).body;
  CHECK(log::RecallCertificate::parse(certified)->outstanding.empty());
  CHECK(log::RecallCertificate::parse(certified)->of_dependents.size() == 1);
  CHECK(json_of(report.ask("GET", "/api/v1/recalls", hub.admin))["recalls"].size() == 1);
}

void recall_wrongly(Reporter& report, Hub const& hub) {
  std::string const id = R"("id":"malware--00000000-0000-4000-8000-000000000001")";
  for (char const* tail : {"", "/certificate"})
    report.ask("GET", "/api/v1/recalls/nothing" + std::string(tail), hub.analyst);
  for (std::string const& wrong :
       {std::string("{}"), "{" + id + "}", "{" + id + R"(,"because":"wrong"})",
        "{" + id + R"(,"because":"wrong","deadline":"31d"})", "{" + id + R"(,"because":"wrong","action":"withdraw"})",
        "{" + id + R"(,"because":"wrong","organisation":"Aurora"})"})
    report.ask("POST", "/api/v1/recalls", hub.analyst, wrong, kJson);
}

}  // namespace tocsin::test
