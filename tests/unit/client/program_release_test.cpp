// `tocsin release`: what each action asks the server, and prints.
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
std::string const kProposal = "0b0e4a5e-6a0f-4f0c-9c2f-3b1f6a1f2d11";
json const kListed{{"proposal", kProposal},
                   {"object", kId},
                   {"to", "ring\x1b[2J"},
                   {"state", "open"},
                   {"proposed_by", "ada"},
                   {"proposed", "2026-02-03T10:20:30.123Z"},
                   {"until", "2026-02-10T10:20:30.123Z"}};
std::string const kRow = kProposal + "  " + kId + "  ring?[2J  open  ada  2026-02-10T10:20:30.123Z\n";

void answer(TaxiiScript& taxii, std::string const& request, json const& document) {
  taxii.on(request, [text = document.dump()](ScriptedRequest const&) { return reply(200, text); });
}

}  // namespace

TEST_CASE("a release is proposed to somebody, and what it would show is printed", "[client][release]") {
  TaxiiScript taxii;
  json told = kListed;
  told["before"] = {{{"collection", "network"}, {"tlp", "amber"}, {"because", "some"}}};
  told["after"] = {{{"collection", "network"}, {"tlp", "green"}, {"because", "more"}}};
  told["newly"] = {"dorado"};
  told["names"] = {{{"id", "campaign--1"}, {"shown", false}}, {{"id", "identity--1"}, {"shown", true}}};
  told["stays"] = {"relationship--1"};
  told["note"] = "value-protected";
  answer(taxii, "POST /api/v1/indicators/" + kId + "/release", told);
  auto const run = taxii.run({"release", "propose", kId, "--to", "ring"});
  CHECK(run.exit == Exit::ok);
  CHECK(run.out == kRow + "before:  network  TLP:amber  some\nafter:  network  TLP:green  more\nnewly:  dorado\n" +
                       "names:  campaign--1, which is not shown to all of them\nnames:  identity--1\n" +
                       "stays:  relationship--1\nnote:  value-protected\n");
  CHECK(json::parse(taxii.requests().back().body) == json{{"to", "ring"}});
}

TEST_CASE("proposals are listed, shown, approved and refused", "[client][release]") {
  TaxiiScript taxii;
  std::string const one = "/api/v1/releases/" + kProposal;
  answer(taxii, "GET /api/v1/releases", {{"releases", {kListed, kListed}}});
  answer(taxii, "GET " + one, kListed);
  answer(taxii, "POST " + one + "/approve",
         {{"proposal", kProposal}, {"object", kId}, {"version", "2026-02-04T08:00:00.123Z"}});
  answer(taxii, "POST " + one + "/refuse", {{"proposal", kProposal}, {"refused", true}});
  CHECK(taxii.run({"release", "list"}).out == kRow + kRow);
  CHECK(taxii.run({"release", "show", kProposal}).out == kRow);
  CHECK(taxii.run({"release", "approve", kProposal}).out == "released  " + kId + "  2026-02-04T08:00:00.123Z\n");
  CHECK(taxii.run({"release", "refuse", kProposal}).out == "refused  " + kProposal + "\n");
}

TEST_CASE("an action without what it needs asks no server", "[client][release]") {
  TaxiiScript taxii;
  CHECK(taxii.run({"release", "propose", kId}).exit == Exit::local);
  CHECK(taxii.run({"release", "propose", "--to", "ring"}).exit == Exit::local);
  CHECK(taxii.run({"release", "approve", kProposal, "--to", "ring"}).exit == Exit::local);
  CHECK(taxii.run({"release", "approve"}).exit == Exit::local);
  CHECK(taxii.run({"release", "list", kProposal}).exit == Exit::local);
  CHECK(taxii.run({"release", "undo", kProposal}).exit == Exit::local);
  CHECK(taxii.requests().empty());
}
