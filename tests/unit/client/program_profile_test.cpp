#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using test::TaxiiScript;

namespace {

// Six accounts that ask at every full hour of half a day.
std::string log() {
  std::string out;
  for (int account = 0; account < 6; ++account)
    for (int hour = 10; hour < 22; ++hour)
      out += R"({"time":"2026-05-01T)" + std::to_string(hour) + R"(:00:00Z","account":"acct-)" +
             std::to_string(account) + R"(","ip":"192.0.2.)" + std::to_string(account) + "\"}\n";
  return out;
}

}  // namespace

TEST_CASE("a usage profile is one item with its thresholds, and asks no server", "[client][usage]") {
  TaxiiScript taxii;
  taxii.set("TOCSIN_TOKEN", "");
  taxii.set("TOCSIN_URL", "");
  auto const run =
      taxii.run({"profile", "-"}, log() + "torn\n" + R"({"time":"2026-05-01T10:00:00Z","ip":"192.0.2.9"})" + "\n");
  CHECK(run.exit == Exit::ok);
  CHECK(taxii.requests().empty());
  CHECK(nlohmann::json::parse(run.out) == nlohmann::json::parse(R"({"kind":"usage-profile","ref":"profile",
    "value":"[llm-usage-profile:method = 'tocsin-1' AND llm-usage-profile:account_count >= 5 AND llm-usage-profile:sync_coefficient >= 0.9]",
    "method":"tocsin-1","window_start":"2026-05-01T10:00:00.000Z","window_end":"2026-05-01T21:01:00.000Z","account_count":6,"ip_count":6,
    "requests_total":72,"requests_per_min_p50":0.0,"requests_per_min_p95":0.0,"requests_per_min_max":6.0,"sync_coefficient":1.0,
    "evidence_basis":["behaviour"],"tlp":"amber","description":"How 6 accounts of one cluster used a model."})"));
  CHECK(run.err.starts_with("read 74 lines\nskipped 1 that are no request, the first in line 73: "));
  CHECK(run.err.find("\nskipped 1 without an account\n") != run.err.npos);
  CHECK(run.err.find("torn") == run.err.npos);
  CHECK(run.err.find("acct-") == run.err.npos);
}

TEST_CASE("files of a profile that are not what they should be are named with the line", "[client][usage]") {
  TaxiiScript taxii;
  struct Wrong {
    char const* option;
    char const* text;
    char const* said;
  };
  for (auto const& wrong :
       {Wrong{"--releases", "example-1,2026-05-01T00:00:00Z\nexample-2,soon\n", "Line 2 of the releases"},
        Wrong{"--rules", "# fine\nreasoning:\n", "Line 2 is no rule"},
        Wrong{"--rules", "Reasoning: step by step\n", "Line 1 is no rule"},
        Wrong{"--accounts", "name\nacct-1\n", "is known to be the account"},
        Wrong{"--from", "yesterday", "--from is no time"}}) {
    auto const file = taxii.folder().file("given.txt", wrong.text);
    bool const is_file = std::string(wrong.option) != "--from";
    auto const run = taxii.run({"profile", wrong.option, is_file ? file.string() : wrong.text, "-"}, log());
    INFO(run.err);
    CHECK(run.exit == Exit::local);
    CHECK(run.out.empty());
    CHECK(run.err.find(wrong.said) != run.err.npos);
  }
  CHECK(taxii.run({"profile", "--map", "acount=user", "-"}, log()).exit == Exit::local);
  CHECK(taxii.run({"profile", "--from", "2026-05-02", "--until", "2026-05-01", "-"}, log()).exit == Exit::local);
}
