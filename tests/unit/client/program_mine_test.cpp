#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using test::TaxiiScript;

namespace {

// Six accounts that fill one template, from one address, and one of its own.
std::string log() {
  std::string fixed;
  for (int word = 0; word < 24; ++word) fixed += "word" + std::to_string(word) + " ";
  std::string out;
  for (int account = 0; account < 6; ++account) {
    auto const n = std::to_string(account);
    out += R"({"time":"2026-05-01T10:00:00Z","account":"acct-)" + n + R"(","ip":"192.0.2.1","prompt":")" + fixed +
           "secret" + n + "\"}\n";
  }
  return out + R"({"time":"2026-05-01T10:00:00Z","account":"acct-own","ip":"192.0.2.7","prompt":"something else"})" +
         "\n";
}

}  // namespace

TEST_CASE("what is mined is a draft with a campaign, and asks no server", "[client][mine]") {
  TaxiiScript taxii;
  taxii.set("TOCSIN_TOKEN", "");
  taxii.set("TOCSIN_URL", "");
  auto const table = taxii.folder().path() / "accounts.csv";
  auto const run = taxii.run({"mine", "--accounts-to", table.string(), "-"}, log() + "torn\n");
  CHECK(run.exit == Exit::ok);
  CHECK(taxii.requests().empty());
  std::vector<nlohmann::json> items;
  for (std::size_t at = 0; at < run.out.size();) {
    auto const end = run.out.find('\n', at);
    items.push_back(nlohmann::json::parse(run.out.substr(at, end - at)));
    at = end + 1;
  }
  REQUIRE(items.size() == 4);
  CHECK(items[0].at("account_count") == 6);
  CHECK(items[1].at("value") == "192.0.2.1");
  CHECK(items[2].at("kind") == "proxy-network");
  CHECK(items[3].at("template").get<std::string>().ends_with("word22 word23 {}"));
  CHECK(items[3].at("fingerprints").at("values").size() == 22);
  CHECK(items[3].at("campaign") == "local:campaign");
  CHECK(run.out.find("acct-") == run.out.npos);
  CHECK(run.out.find("secret") == run.out.npos);
  CHECK(
      run.err.find("looked at 7 prompts of 7 of 7 accounts\nfound 1 template that 6 accounts use, and 1 range that") !=
      run.err.npos);
  CHECK(run.err.find("acct-") == run.err.npos);
  CHECK(taxii.run({"mine", "--min-accounts", "7", "-"}, log()).out.empty());
  CHECK(taxii.run({"mine", "--min-accounts", "2", "-"}, log()).exit == Exit::local);
  CHECK(taxii.run({"mine", "--accounts-to", "-", "-"}, log()).exit == Exit::local);
}
