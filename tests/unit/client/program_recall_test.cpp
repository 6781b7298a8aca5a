// `tocsin recall`: what it sends and prints.
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using nlohmann::json;
using test::reply;
using test::ScriptedRequest;
using test::TaxiiScript;

namespace {

std::string const kId = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

json recall_document() {
  return {{"recall", 12},
          {"id", kId},
          {"action", "suppress"},
          {"because", "wrong"},
          {"made", "2026-02-03T10:20:30.123Z"},
          {"deadline", "2026-02-04T10:20:30.123Z"},
          {"outstanding", 1},
          {"peers",
           {{{"peer", "heron"},
             {"state", "acknowledged"},
             {"acknowledged", "2026-02-03T10:20:41.500Z"},
             {"dependents", {{"instances", {{{"log", "o\x1bwl/log"}, {"state", "outstanding"}}}}}}},
            {{"peer", "ib\x1bis"}, {"state", "overdue"}, {"acknowledged", nullptr}, {"dependents", nullptr}}}}};
}

std::string const kLine = "12  suppress  wrong  " + kId +
                          "  2026-02-03T10:20:30.123Z  2026-02-04T10:20:30.123Z  1 outstanding, late: ib?is\n";
std::string const kPeers =
    "acknowledged  heron  2026-02-03T10:20:41.500Z\noutstanding  o?wl/log  behind heron\noverdue  ib?is\n";

}  // namespace

TEST_CASE("a recall is sent with its reason, and who has applied it is printed", "[client][recall]") {
  TaxiiScript taxii;
  taxii.on("POST /api/v1/recalls", [](ScriptedRequest const&) { return reply(201, recall_document().dump()); });
  auto const run = taxii.run({"recall", kId, "--because", "wrong", "--deadline", "7d"});
  CHECK(run.exit == Exit::ok);
  CHECK(run.out == kLine + kPeers);
  CHECK(json::parse(taxii.requests().back().body) ==
        json{{"id", kId}, {"because", "wrong"}, {"action", "suppress"}, {"deadline", "7d"}});
  (void)taxii.run({"recall", kId, "--because", "other", "--action", "restore", "--organisation", "aurora"});
  CHECK(json::parse(taxii.requests().back().body) ==
        json{{"id", kId}, {"because", "other"}, {"action", "restore"}, {"organisation", "aurora"}});
  (void)taxii.run({"recall", kId, "--reason", "wrong", "--action", "withdraw"});
  CHECK(json::parse(taxii.requests().back().body) == json{{"id", kId}, {"because", "wrong"}, {"action", "withdraw"}});
}

TEST_CASE("the status of all recalls is a line each, and of one a line a peer too", "[client][recall]") {
  TaxiiScript taxii;
  taxii.on("GET /api/v1/recalls", [](ScriptedRequest const&) {
    return reply(200, json{{"recalls", {recall_document(), recall_document()}}}.dump());
  });
  taxii.on("GET /api/v1/recalls/12", [](ScriptedRequest const&) { return reply(200, recall_document().dump()); });
  CHECK(taxii.run({"recall", "status"}).out == kLine + kLine);
  CHECK(taxii.run({"recall", "status", "12"}).out == kLine + kPeers);
}

TEST_CASE("a recall without a reason, or a status with one, asks no server", "[client][recall]") {
  TaxiiScript taxii;
  CHECK(taxii.run({"recall", kId}).exit == Exit::local);
  CHECK(taxii.run({"recall", kId, "12", "--because", "wrong"}).exit == Exit::local);
  CHECK(taxii.run({"recall", kId, "--because", "boredom"}).exit == Exit::local);
  CHECK(taxii.run({"recall", kId, "--because", "wrong", "--action", "burn"}).exit == Exit::local);
  CHECK(taxii.run({"recall", "status", "--because", "wrong"}).exit == Exit::local);
  CHECK(taxii.requests().empty());
}
