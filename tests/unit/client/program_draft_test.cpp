#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using test::TaxiiScript;

namespace {

std::string table() {
  std::string out = "account,email,address,ja4,created,payment_token\n";
  for (int i = 0; i < 6; ++i) {
    auto const n = std::to_string(100 + i);
    out += "acct_" + n + ",zx" + n + "@mail.example,192.0.2." + n + ",t13d1516h2_8daaf6152771_b186095e22b6,2026-01-0" +
           std::to_string(i + 1) + "T01:02:03Z,card_" + n + "\n";
  }
  return out + "torn\n,q@mail.example,,,,\n";
}

std::vector<nlohmann::json> items(std::string const& lines) {
  std::vector<nlohmann::json> out;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) out.push_back(nlohmann::json::parse(line));
  return out;
}

}  // namespace

TEST_CASE("a draft names what accounts share, and asks no server", "[client][draft]") {
  TaxiiScript taxii;
  taxii.set("TOCSIN_TOKEN", "");
  taxii.set("TOCSIN_URL", "");
  auto const run = taxii.run({"draft", "--campaign", "Spring \"harvest\"", "-"}, table());
  CHECK(run.exit == Exit::ok);
  CHECK(taxii.requests().empty());
  auto const drafted = items(run.out);
  REQUIRE(drafted.size() == 5);
  CHECK(drafted[0] ==
        nlohmann::json::parse(R"({"kind":"campaign","ref":"campaign","name":"Spring \"harvest\"","tlp":"amber",
    "account_count":6,"account_count_basis":"lower-bound","distinct_payment_count":6})"));
  CHECK(drafted[1] == nlohmann::json::parse(R"({"kind":"ip-range","ref":"range-1","value":"192.0.2.0/24","tlp":"amber",
    "campaign":"local:campaign","evidence_basis":["ip-correlation"],
    "description":"6 accounts of the campaign came from 6 addresses of this network."})"));
  CHECK(drafted[2] ==
        nlohmann::json::parse(R"({"kind":"proxy-network","ref":"proxy-network","name":"Proxies of Spring \"harvest\"",
    "tlp":"amber","proxy_class":"unknown","address_count":6,"campaign":"local:campaign","consists_of":["local:range-1"]})"));
  CHECK(drafted[3] ==
        nlohmann::json::parse(R"({"kind":"account-pattern","ref":"accounts-1","email_domain":"mail.example",
    "email_local_shape":"aa999","accounts_in_cluster":6,"cluster_created_from":"2026-01-01T00:00:00Z",
    "cluster_created_until":"2026-01-06T00:00:00Z","tlp":"amber","campaign":"local:campaign",
    "description":"6 accounts of the campaign have such an e-mail address."})"));
  CHECK(drafted[4].at("value") == "t13d1516h2_8daaf6152771_b186095e22b6");
  CHECK(run.err ==
        "read 8 rows and 6 accounts\n"
        "skipped 1 row that had not the form of the others, the first in line 8\n"
        "skipped 1 row without an account, the first in line 9\n"
        "drafted 1 campaign, 1 proxy-network, 1 ip-range, 1 account-pattern and 1 tls-fingerprint\n"
        "nothing was sent; read every line, then: tocsin share FILE\n");
}

TEST_CASE("a draft of accounts that share nothing is empty and says why", "[client][draft]") {
  TaxiiScript taxii;
  auto const run = taxii.run({"draft", "--min-accounts", "7", "-"}, table());
  CHECK(run.exit == Exit::ok);
  CHECK(run.out.empty());
  CHECK(
      run.err.ends_with("drafted nothing\nleft out, as fewer than 7 accounts share each: 6 addresses, 1 form of "
                        "e-mail addresses and 1 fingerprint\n"));
}

TEST_CASE("a draft replaces its file only when it is complete", "[client][draft]") {
  TaxiiScript taxii;
  auto const file = taxii.folder().file("draft.ndjson", "before\n");
  CHECK(taxii.run({"draft", "-o", file.string(), "-"}, "email\nq@mail.example\n").exit == Exit::local);
  CHECK(test::text_of(file) == "before\n");
  auto const run = taxii.run({"draft", "-o", file.string(), "-"}, table());
  CHECK(run.exit == Exit::ok);
  CHECK(run.out.empty());
  CHECK(items(test::text_of(file)).size() == 5);
  CHECK(run.err.contains("the campaign has no name yet"));
  CHECK(run.err.ends_with("then: tocsin share " + file.string() + "\n"));
}

TEST_CASE("mistakes of a draft are a sentence and a remedy", "[client][draft]") {
  TaxiiScript taxii;
  for (auto const& arguments : std::vector<std::vector<std::string>>{{"draft"},
                                                                     {"draft", "/nonexistent"},
                                                                     {"draft", "/tmp"},
                                                                     {"draft", "--map", "card", "-"},
                                                                     {"draft", "--map", "ja4=print", "-"},
                                                                     {"draft", "--min-accounts", "2", "-"},
                                                                     {"draft", "-o", "/nonexistent/out", "-"}}) {
    auto const run = taxii.run(arguments, table());
    CAPTURE(arguments, run.err);
    CHECK(run.exit == Exit::local);
    CHECK(run.out.empty());
    CHECK(run.err.starts_with("tocsin: "));
    CHECK(std::ranges::count(run.err, '\n') == 2);
  }
}
