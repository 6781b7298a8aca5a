#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using nlohmann::json;
using test::reply;
using test::ScriptedRequest;
using test::TaxiiScript;

namespace {

void answer_me(TaxiiScript& taxii, bool may_write, std::string const& dialect) {
  json const me{{"credential", {{"dialect", dialect}}}, {"collections", {{{"can_write", may_write}}}}};
  taxii.on("GET /api/v1/me", [text = me.dump()](ScriptedRequest const&) { return reply(200, text); });
}

// The value of a field in the form of the first collection; "" when there is none.
std::string field(std::string const& document, std::string const& label) {
  auto const fields = json::parse(document).at("forms").at(0).at("fields");
  for (auto const& one : fields)
    if (one.at("label") == label) return one.at("value").get<std::string>();
  return {};
}

}  // namespace

TEST_CASE("each product is told its URL, its collection and where the token goes", "[client][connect]") {
  TaxiiScript taxii;
  answer_me(taxii, true, "tlp2");
  taxii.start();
  auto const root = taxii.url() + "/api/";
  auto const ask = [&](char const* product) { return taxii.run({"--json", "connect", product}).out; };
  CHECK(field(ask("sentinel"), "API root URL") == root);
  CHECK(field(ask("sentinel"), "Collection ID") == test::kNetworkId);
  CHECK(field(ask("splunk"), "API root URL") == root);
  CHECK(field(ask("elastic"), "URL API endpoint") == root + "collections/" + test::kNetworkId + "/objects/");
  CHECK(field(ask("opencti"), "TAXII server URL") == taxii.url() + "/api");
  CHECK(field(ask("xsoar"), "Discovery Service URL") == taxii.url() + "/taxii2/");
  CHECK(field(ask("xsoar"), "Collection Name To Fetch Indicators From") == "network");
  CHECK(field(ask("misp"), "Collection") == test::kNetworkId);
  for (auto const* product : {"sentinel", "splunk", "xsoar", "misp"})
    CHECK(field(ask(product), "Password") == "(your token)");
  CHECK(field(ask("elastic"), "API Key") == "(your token)");
  CHECK(field(ask("opencti"), "Token") == "(your token)");
}

TEST_CASE("a form never has the token in it", "[client][connect]") {
  TaxiiScript taxii;
  answer_me(taxii, true, "tlp2");
  for (auto const* product : {"elastic", "misp", "opencti", "sentinel", "splunk", "xsoar"}) {
    for (auto const& run : {taxii.run({"connect", product}), taxii.run({"--json", "connect", product})}) {
      CHECK(run.exit == Exit::ok);
      CHECK_FALSE((run.out + run.err).contains("t0ken"));
    }
  }
}

TEST_CASE("there is a form for each collection that the product can use", "[client][connect]") {
  TaxiiScript taxii;
  answer_me(taxii, true, "tlp2");
  CHECK(json::parse(taxii.run({"--json", "connect", "sentinel"}).out).at("forms").size() == 2);
  CHECK(json::parse(taxii.run({"--json", "connect", "misp"}).out).at("forms").size() == 1);
  auto const one = taxii.run({"--json", "connect", "sentinel", "--collection", "campaigns"});
  CHECK(field(one.out, "Collection ID") == test::kCampaignsId);
  CHECK(taxii.run({"connect", "misp", "--collection", "campaigns"}).exit == Exit::unauthorised);
  CHECK(taxii.run({"connect", "sentinel", "--collection", "none"}).exit == Exit::not_found);
}

TEST_CASE("what else must be right is said where it is not", "[client][connect]") {
  TaxiiScript taxii;
  answer_me(taxii, true, "tlp2");
  auto const notes = [&](char const* product) {
    return json::parse(taxii.run({"--json", "connect", product}).out).at("notes").dump();
  };
  CHECK(notes("sentinel").contains("public authorities only"));
  CHECK(notes("opencti").contains("It must trust the authorities of "));
  CHECK(notes("xsoar").contains("--dialect tlp1"));
  CHECK(notes("xsoar").contains("role feed"));
  CHECK_FALSE(notes("misp").contains("role feed"));
  CHECK_FALSE(notes("opencti").contains("--dialect tlp1"));
  answer_me(taxii, false, "tlp1");
  CHECK_FALSE(notes("xsoar").contains("--dialect tlp1"));
  CHECK_FALSE(notes("xsoar").contains("role feed"));
}

TEST_CASE("a product without a form is a mistake of the command line", "[client][connect]") {
  TaxiiScript taxii;
  auto const run = taxii.run({"connect", "fax"});
  CHECK(run.exit == Exit::local);
  CHECK(run.err == "tocsin: There is no form of fax here.\n  See which there are with: tocsin connect --help\n");
}
