// What is printed of peers.
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

json peer(std::string const& name, std::string const& error) {
  json out{{"name", name},
           {"origin", name + ".example/log"},
           {"state", error.empty() ? "following" : "backing off"},
           {"verified", 12},
           {"applied", 9},
           {"lag", 3},
           {"refused", 2},
           {"recalled", 7},
           {"recall_alarm", !error.empty()},
           {"outstanding", nullptr},
           {"stale", !error.empty()},
           {"error", nullptr},
           {"error_since", nullptr}};
  if (!error.empty()) out.update({{"error", error}, {"error_since", "2026-01-02T03:04:05.000Z"}});
  return out;
}

}  // namespace

TEST_CASE("what shows that a peer keeps something back stands at the end of its line", "[client][peers]") {
  TaxiiScript taxii;
  auto ibis = peer("ibis", "");
  ibis["withheld"] = "2 gaps in its numbers";
  ibis["outstanding"] = 3;
  taxii.on("GET /api/v1/peers", [&](ScriptedRequest const&) { return reply(200, json{{"peers", {ibis}}}.dump()); });
  CHECK(taxii.run({"peers"}).out ==
        "ibis  following  12  9  3  fresh  2  -  WITHHOLDS: 2 gaps in its numbers  outstanding: 3 recalls\n");
}

TEST_CASE("that a peer did not take the receipt for its recalls stands at the end of its line", "[client][peers]") {
  TaxiiScript taxii;
  auto ibis = peer("ibis", "");
  ibis["unacknowledged"] = "It does not know this key.";
  taxii.on("GET /api/v1/peers", [&](ScriptedRequest const&) { return reply(200, json{{"peers", {ibis}}}.dump()); });
  CHECK(taxii.run({"peers"}).out ==
        "ibis  following  12  9  3  fresh  2  -  not acknowledged: It does not know this key.\n");
}

TEST_CASE("each peer is a line of how far it was followed, and why not further", "[client][peers]") {
  TaxiiScript taxii;
  json const answer{{"peers", {peer("heron", ""), peer("ibis", "It does not answer.")}}};
  taxii.on("GET /api/v1/peers", [&](ScriptedRequest const&) { return reply(200, answer.dump()); });
  auto const run = taxii.run({"peers"});
  CHECK(run.exit == Exit::ok);
  CHECK(run.out ==
        "heron  following  12  9  3  fresh  2  -\n"
        "ibis  backing off  12  9  3  stale  2  It does not answer. (since 2026-01-02T03:04:05.000Z)  much is "
        "recalled: 7 within an hour\n");
  CHECK(json::parse(taxii.run({"peers", "--json"}).out) == answer);
}
