#include <nlohmann/json.hpp>

#include "server/http/content_coding.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using nlohmann::json;
using test::reply;
using test::ScriptedRequest;
using test::TaxiiScript;

namespace {

std::string const kNetwork = TaxiiScript::objects_path(test::kNetworkId);
std::string const kCampaigns = TaxiiScript::objects_path(test::kCampaignsId);

test::ScriptedReply page(std::string const& body, std::string const& last = {}) {
  return reply(200, body, last.empty() ? "" : "X-TAXII-Date-Added-Last: " + last + "\r\n");
}

// Two pages of network: {"a": 1}, {"b":2} and {"c":3}; nothing after them.
void two_pages(TaxiiScript& taxii) {
  taxii.on("GET " + kNetwork, [](ScriptedRequest const& request) {
    if (request.target.contains("added_after=2026-01-02")) return page(R"({"more":false,"objects":[]})");
    if (!request.target.contains("next=")) {
      return page(R"({"more":true,"next":"n/2","objects":[{"a": 1},{"b":2}]})", "2026-01-01T00:00:00.000000Z");
    }
    return page(R"({"more":false,"objects":[{"c":3}]})", "2026-01-02T00:00:00.000000Z");
  });
  taxii.on("GET " + kCampaigns, [](ScriptedRequest const&) { return page("{}"); });
}

}  // namespace

TEST_CASE("pull follows next and prints the exact bytes, one object a line", "[client][pull]") {
  TaxiiScript taxii;
  two_pages(taxii);
  auto const run = taxii.run({"pull", "--collection", "network"});
  CHECK(run.exit == Exit::ok);
  CHECK(run.out == "{\"a\": 1}\n{\"b\":2}\n{\"c\":3}\n");
  CHECK(run.err == "3 objects from 1 collection; next time: --since 2026-01-02T00:00:00.000000Z\n");
  CHECK(taxii.requests().back().target == kNetwork + "?next=n%2F2");
}

TEST_CASE("pull asks for compressed pages and prints the same bytes", "[client][pull]") {
  TaxiiScript taxii;
  std::string const object = R"({"type":"indicator","name":")" + std::string(5'000, 'n') + R"("})";
  taxii.on("GET " + kNetwork, [&](ScriptedRequest const& request) {
    bool const asked = request.head.contains("Accept-Encoding: zstd, gzip");
    auto const coding = !asked                             ? http::Coding::identity
                        : request.target.contains("next=") ? http::Coding::gzip
                                                           : http::Coding::zstd;
    auto const more = request.target.contains("next=") ? std::string() : std::string(R"("more":true,"next":"2",)");
    return reply(200, http::compress(coding, "{" + more + R"("objects":[)" + object + "]}"),
                 "Content-Encoding: " + std::string(http::name(coding)) +
                     "\r\nX-TAXII-Date-Added-Last: 2026-01-02T00:00:00.000000Z\r\n");
  });
  auto const run = taxii.run({"pull", "--collection", "network"});
  CHECK(run.exit == Exit::ok);
  CHECK(run.out == object + "\n" + object + "\n");
  CHECK(taxii.requests().back().has("Accept-Encoding: zstd, gzip"));
}

TEST_CASE("pull reads every readable collection and prints each object once", "[client][pull]") {
  TaxiiScript taxii;
  two_pages(taxii);
  taxii.on("GET " + kCampaigns, [](ScriptedRequest const& request) {
    if (request.target.contains("added_after")) return page("{}");
    return page(R"({"more":false,"objects":[{"d":4},{"c":3}]})", "2026-01-01T12:00:00.000000Z");
  });
  auto const run = taxii.run({"pull"});
  CHECK(run.out == "{\"a\": 1}\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}\n");
  CHECK(run.err.contains("4 objects from 2 collections; next time: --since 2026-01-02"));
}

TEST_CASE("an object that arrives in one collection while another is read is not lost", "[client][pull]") {
  TaxiiScript taxii;
  int asked = 0;
  taxii.on("GET " + kNetwork, [&](ScriptedRequest const&) {
    return ++asked == 1 ? page("{}") : page(R"({"objects":[{"late":1}]})", "2026-01-01T00:00:01.000000Z");
  });
  taxii.on("GET " + kCampaigns, [](ScriptedRequest const& request) {
    if (request.target.contains("added_after")) return page("{}");
    return page(R"({"objects":[{"later":1}]})", "2026-01-01T00:00:02.000000Z");
  });
  auto const run = taxii.run({"pull"});
  CHECK(run.out == "{\"later\":1}\n{\"late\":1}\n");
  CHECK(run.err.contains("--since 2026-01-01T00:00:02"));
}

TEST_CASE("filters are sent to the server", "[client][pull]") {
  TaxiiScript taxii;
  two_pages(taxii);
  auto const run = taxii.run({"pull", "--collection", "net", "--since", "2026-01-02", "--type", "indicator", "--type",
                              "malware", "--id", "indicator--1", "--all-versions"});
  CHECK(run.exit == Exit::ok);
  CHECK(taxii.requests().back().target == kNetwork +
                                              "?added_after=2026-01-02T00%3A00%3A00Z&match%5Btype%5D=indicator%"
                                              "2Cmalware&match%5Bid%5D=indicator--1&match%5Bversion%5D=all");
  CHECK(run.out.empty());
  CHECK(run.err.contains("next time: --since 2026-01-02T00:00:00Z"));
}

TEST_CASE("a pull that found nothing says where the next one goes on as well", "[client][pull]") {
  TaxiiScript taxii;
  taxii.on("GET " + kNetwork, [](ScriptedRequest const&) { return page("{}"); });
  auto const run = taxii.run({"pull", "--collection", "net"});
  CHECK(run.exit == Exit::ok);
  CHECK(run.err == "0 objects from 1 collection; next time: --since 1970-01-01T00:00:00Z\n");
}

TEST_CASE("an output file that cannot be written is named with the reason", "[client][pull]") {
  TaxiiScript taxii;
  two_pages(taxii);
  auto const absent = (taxii.folder().path() / "absent" / "out").string();
  auto const run = taxii.run({"pull", "-o", absent});
  CHECK(run.exit == Exit::local);
  CHECK(run.err.starts_with("tocsin: " + absent + " cannot be written: No such file or directory.\n  "));
  auto const folder = taxii.run({"pull", "-o", taxii.folder().path().string()});
  CHECK(folder.exit == Exit::local);
  CHECK(folder.err.contains("cannot be written: Is a directory.\n  "));
}

TEST_CASE("--limit counts objects, and a pull cut short names no place to go on", "[client][pull]") {
  TaxiiScript taxii;
  two_pages(taxii);
  auto const run = taxii.run({"pull", "--limit", "1"});
  CHECK(run.out == "{\"a\": 1}\n");
  CHECK_FALSE(run.err.contains("--since"));
  CHECK(taxii.requests().back().target == kNetwork + "?limit=1");
}

TEST_CASE("a bundle can be pulled, and --json asks for one", "[client][pull]") {
  TaxiiScript taxii;
  two_pages(taxii);
  for (auto const& arguments :
       std::vector<std::vector<std::string>>{{"pull", "--format", "bundle"}, {"--json", "pull"}}) {
    auto const bundle = json::parse(taxii.run(arguments).out);
    CHECK(bundle["type"] == "bundle");
    CHECK(bundle["objects"] == json::parse(R"([{"a":1},{"b":2},{"c":3}])"));
  }
}

TEST_CASE("a file is written when the pull is complete, and left alone when it fails", "[client][pull]") {
  TaxiiScript taxii;
  two_pages(taxii);
  auto const file = taxii.folder().file("out", "old");
  auto const run = taxii.run({"pull", "-o", file.string()});
  CHECK(run.exit == Exit::ok);
  CHECK(run.out.empty());
  CHECK(test::text_of(file) == "{\"a\": 1}\n{\"b\":2}\n{\"c\":3}\n");
  taxii.on("GET " + kCampaigns, [](ScriptedRequest const&) { return reply(500, "{}"); });
  CHECK(taxii.run({"pull", "-o", file.string()}).exit == Exit::server);
  CHECK(test::text_of(file) == "{\"a\": 1}\n{\"b\":2}\n{\"c\":3}\n");
}

TEST_CASE("a server that promises more without saying where ends the pull with 4", "[client][pull]") {
  TaxiiScript taxii;
  auto const body = GENERATE(R"({"more":true,"objects":[{}]})", R"({"more":true,"next":"same","objects":[{}]})");
  taxii.on("GET " + kNetwork, [body](ScriptedRequest const&) { return page(body); });
  CHECK(taxii.run({"pull", "--collection", "net"}).exit == Exit::server);
}

TEST_CASE("an answer that is no envelope ends the pull with 4", "[client][pull]") {
  TaxiiScript taxii;
  taxii.on("GET " + kNetwork, [](ScriptedRequest const&) { return page("<html>"); });
  CHECK(taxii.run({"pull", "--collection", "net"}).exit == Exit::server);
}

TEST_CASE("get finds an object in whichever collection has it", "[client][get]") {
  TaxiiScript taxii;
  taxii.on("GET " + kCampaigns + "campaign--1/", [](ScriptedRequest const& request) {
    return page(request.target.contains("match%5Bversion%5D=all") ? R"({"objects":[{"v":1},{"v":2}]})"
                                                                  : R"({"objects":[{"v":2}]})");
  });
  CHECK(taxii.run({"get", "campaign--1"}).out == "{\"v\":2}\n");
  CHECK(taxii.run({"get", "campaign--1", "--all-versions"}).out == "{\"v\":1}\n{\"v\":2}\n");
  CHECK(json::parse(taxii.run({"get", "campaign--1", "--json"}).out)["objects"].size() == 1);
  auto const none = taxii.run({"get", "campaign--1", "--collection", "network"});
  CHECK(none.exit == Exit::not_found);
  CHECK(none.out.empty());
}
