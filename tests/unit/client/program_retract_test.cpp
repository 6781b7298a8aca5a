// The commands about single indicators: what they send and print.
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
std::string const kPath = "/api/v1/indicators/" + kId;

void answer(TaxiiScript& taxii, std::string const& what, json const& document) {
  taxii.on("POST " + kPath + "/" + what, [text = document.dump()](ScriptedRequest const&) { return reply(200, text); });
}

json sent(TaxiiScript const& taxii) { return json::parse(taxii.requests().back().body); }

}  // namespace

TEST_CASE("a retraction is sent with its reason, and what was done is printed", "[client][retract]") {
  TaxiiScript taxii;
  answer(taxii, "retract",
         {{"id", kId},
          {"outcome", "retracted"},
          {"changes", {{{"id", kId}, {"change", "withdrawn"}, {"collections", json::array()}}}},
          {"readers", {{"organisations", 3}, {"complete", false}}},
          {"erase", {"tocsind erase --org 'a\x1b[2Jb' " + kId}}});
  auto const run = taxii.run({"retract", kId, "--because", "personal-data"});
  CHECK(run.exit == Exit::ok);
  CHECK(run.out == "withdrawn  " + kId + "\n3 organisations may have read it, or more\n" +
                       "The server still stores it. Its operator erases it with, and --dir:\n" +
                       "  tocsind erase --org 'a?[2Jb' " + kId + "\n");
  CHECK(sent(taxii) == json{{"because", "personal-data"}});
  (void)taxii.run({"retract", kId, "--because", "duplicate", "--duplicate-of", "indicator--x", "--note", "twice"});
  CHECK(sent(taxii) == json{{"because", "duplicate"}, {"duplicate_of", "indicator--x"}, {"note", "twice"}});
}

TEST_CASE("one organisation is told of as one", "[client][retract]") {
  TaxiiScript taxii;
  answer(taxii, "retract",
         {{"id", kId}, {"changes", json::array()}, {"readers", {{"organisations", 1}, {"complete", true}}}});
  CHECK(taxii.run({"retract", kId, "--because", "wrong"}).out.ends_with("\n1 organisation may have read it\n"));
}

TEST_CASE("a retraction that found nothing to do says so", "[client][retract]") {
  TaxiiScript taxii;
  answer(taxii, "retract", {{"id", kId}, {"outcome", "unchanged"}, {"changes", json::array()}});
  CHECK(taxii.run({"retract", kId, "--because", "wrong"}).out == "unchanged  " + kId + "\n");
}

TEST_CASE("what is said and waits for an analyst is told so", "[client][sight]") {
  TaxiiScript taxii;
  answer(taxii, "sightings", {{"id", "sighting--1"}, {"outcome", "waiting"}});
  answer(taxii, "opinions", {{"id", "opinion--1"}, {"outcome", "waiting"}});
  constexpr auto kHint = "once an analyst of the instance publishes it; until then it waits: tocsin waiting list\n";
  CHECK(taxii.run({"sight", kId, "--outcome", "confirmed"}).out == "sighting--1 sights " + kId + ", " + kHint);
  CHECK(taxii.run({"dispute", kId, "--because", "ours"}).out == "opinion--1 disputes " + kId + ", " + kHint);
}

TEST_CASE("a reason that there is none of asks no server", "[client][retract]") {
  TaxiiScript taxii;
  CHECK(taxii.run({"retract", kId}).exit == Exit::local);
  CHECK(taxii.run({"retract", kId, "--because", "boredom"}).exit == Exit::local);
  CHECK(taxii.run({"sight", kId, "--outcome", "perhaps"}).exit == Exit::local);
  CHECK(taxii.run({"dispute", kId, "--because", " \t"}).exit == Exit::local);
  CHECK(taxii.run({"dispute", kId, "--because", "\xFF"}).exit == Exit::local);
  CHECK(taxii.requests().empty());
}

TEST_CASE("a sighting is sent with what is said of it", "[client][sight]") {
  TaxiiScript taxii;
  answer(taxii, "sightings", {{"id", "sighting--1"}, {"outcome", "accepted"}});
  auto const run = taxii.run({"sight", kId, "--outcome", "confirmed", "--count", "12", "--accounts", "10-99",
                              "--first-seen", "2026-01-02T00:00:00Z", "--as-member"});
  CHECK(run.out == "sighting--1 sights " + kId + "\n");
  CHECK(sent(taxii) == json{{"outcome", "confirmed"},
                            {"count", 12},
                            {"affected_accounts_bucket", "10-99"},
                            {"first_seen", "2026-01-02T00:00:00Z"},
                            {"as_member", true}});
}

TEST_CASE("a dispute is an opinion that disagrees, and is told when it is none that is new", "[client][dispute]") {
  TaxiiScript taxii;
  answer(taxii, "opinions", {{"id", "opinion--1"}, {"outcome", "unchanged"}});
  auto const run = taxii.run({"dispute", kId, "--because", "our gateway", "--tlp", "red"});
  CHECK(run.out == "opinion--1 disputes " + kId + ", as before\n");
  CHECK(sent(taxii) ==
        json{{"opinion", "strongly-disagree"}, {"explanation", "our gateway"}, {"tlp", "red"}, {"as_member", false}});
}
