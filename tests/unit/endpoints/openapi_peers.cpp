#include "tests/unit/endpoints/openapi_peers.hpp"

#include <nlohmann/json.hpp>

#include "schema/log/checkpoint.hpp"
#include "schema/log/hash.hpp"
#include "schema/log/head_exchange.hpp"
#include "schema/log/manifest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/other_instance.hpp"

namespace tocsin::test {

using nlohmann::json;

namespace {

// The first checkpoints of a peer's log.
void be_cosigned(Reporter& report, Hub& hub, OtherInstance const& peer) {
  report.ask("POST", "/api/v1/admin/peers/b.example/state", hub.admin, R"({"state":"active"})",
             {{"Content-Type", "application/json"}});
  auto const note = log::sign_checkpoint({"b.example/log", 0, log::empty_root()}, peer.log_key()).value().format();
  auto const token = hub.world.add_token("Aurora", "peer");
  auto const add = [&](std::string const& body) {
    return report.ask("POST", "/witness/add-checkpoint", token, body, {{"Content-Type", "text/plain"}});
  };
  CHECK(add("old 0\n\n" + note).status == 200);
  CHECK(add("old 7\n\n" + note).status == 400);
  auto const longer = log::sign_checkpoint({"b.example/log", 9, {}}, peer.log_key()).value().format();
  auto const elsewhere = add("old 7\n\n" + longer);
  CHECK((elsewhere.status == 409 && elsewhere.body == "0\n"));
  CHECK(add("old 0\nAQ==\n\n" + note).status == 400);
  CHECK(add("old 0\n\n" + longer).status == 200);  // from an empty log everything goes on
  auto const question =
      log::format_head_question(log::ask_for_heads({}, {"b.example/log", "a/log", "hub.example/log"}));
  auto const heads = report.ask("POST", "/witness/" + log::origin_hash("b.example/log") + "/heads", token, question);
  CHECK((heads.status == 200 && heads.body == log::format_later_heads({})));
}

// What was verified of the logs of that peer.
void be_given_back(Reporter& report, Hub& hub) {
  log::OpenedEntry const entry{0, "header", {}, {}, {}, "body"};
  hub.world.keep_logs_of("b.example", std::string(core::view(entry.leaf())), {entry});
  auto const token = hub.world.add_token("b.example", "peer");
  auto const path = "/witness/" + log::origin_hash(log::control_origin("b.example/log"));
  CHECK(report.ask("GET", path + "/tile/0/000.p/1", token).status == 200);
  CHECK(report.ask("GET", path + "/openings?from=0&to=1", token).status == 200);
}

}  // namespace

void use_peers(Reporter& report, Hub& hub) {
  HeaderList const json_type{{"Content-Type", "application/json"}};
  std::string const peers = "/api/v1/admin/peers", agreements = "/api/v1/admin/peer-agreements";
  auto const invited = json_of(report.ask("POST", "/api/v1/admin/peer-invitations", hub.admin));
  OtherInstance const b("b.example");
  json const answer{{"line", b.acceptance(invited["line"].get<std::string>())}};
  CHECK(json_of(report.ask("POST", peers, hub.admin, answer.dump(), json_type))["reply"].is_null());
  json const foreign{{"line", hub.world.invitation_of("c.example")}, {"name", "heron"}};
  CHECK(json_of(report.ask("POST", peers, hub.admin, foreign.dump(), json_type))["reply"].is_string());
  report.ask("POST", peers + "/heron/state", hub.admin, R"({"state":"active"})", json_type);
  auto& context = hub.world.instance().context();
  context.ledger.perform([&] {
    store::KeptEvidence const found{"c.example/log", true, {}, "evidence", context.clock.now_us()};
    CHECK(context.peering.quarantine(context.witnesses, "heron", found, "why") == true);
  });
  CHECK(json_of(report.ask("GET", peers + "/heron/evidence", hub.admin))["evidence"][0]["kind"] == "forked");
  report.ask("POST", peers + "/heron/state", hub.admin, R"({"state":"paused"})", json_type);
  auto const lifted = report.ask("POST", peers + "/heron/state", hub.admin, R"({"state":"active"})", json_type);
  CHECK(json_of(lifted)["lifted"] == "why");
  hub.world.publish_logs();
  auto const own = log::origin_hash("hub.example/log");
  CHECK(report.ask("GET", "/witness/" + own + "/checkpoint", hub.admin).status == 200);
  be_cosigned(report, hub, b);
  be_given_back(report, hub);
  CHECK(json_of(report.ask("POST", agreements, hub.admin))["agreements"].size() == 2);
  CHECK(json_of(report.ask("GET", peers, hub.admin))["peers"][0]["agreement"]["max_tlp"] == "clear");
  CHECK(json_of(report.ask("GET", "/api/v1/peers", hub.admin))["peers"].is_array());
}

}  // namespace tocsin::test
