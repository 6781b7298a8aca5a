// `submit` of what is no STIX: it goes the way of `share`.
#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using test::ScriptedRequest;
using test::TaxiiScript;

namespace {

constexpr auto kItem = R"({"kind":"proxy-asn","value":64500})";
constexpr auto kObject = R"({"type":"indicator","id":"indicator--1"})";

// What was posted, once the server takes items.
struct Shared {
  TaxiiScript taxii;

  Shared() {
    taxii.on("POST /api/v1/indicators", [](ScriptedRequest const&) {
      return test::reply(200, R"({"items":[{"outcome":"accepted"}],"accepted":1,"unchanged":0,"refused":0})");
    });
  }
  [[nodiscard]] std::vector<ScriptedRequest> posts() const {
    auto out = taxii.requests();
    std::erase_if(out, [](auto const& request) { return request.method != "POST"; });
    return out;
  }
};

}  // namespace

TEST_CASE("items that are submitted are shared, from a file and from standard input", "[client][submit]") {
  Shared shared;
  auto const file = shared.taxii.folder().file("draft.ndjson", std::string(kItem) + "\n").string();
  for (auto const& arguments : std::vector<std::vector<std::string>>{{"submit", "-"}, {"submit", file}}) {
    auto const run = shared.taxii.run(arguments, kItem);
    CHECK(run.exit == Exit::ok);
    CHECK(run.out == "1 accepted, 0 unchanged, 0 refused\n");
    CHECK(shared.posts().back().target == "/api/v1/indicators");
    CHECK(shared.posts().back().body.starts_with(kItem));
  }
  CHECK(shared.posts().size() == 2);
}

TEST_CASE("an option that speaks of items makes items of whatever is submitted", "[client][submit]") {
  Shared shared;
  auto const run = shared.taxii.run({"submit", "--kind", "proxy-asn", "--override", "seen twice", "-"}, "64500\n");
  CHECK(run.exit == Exit::ok);
  REQUIRE(shared.posts().size() == 1);
  CHECK(shared.posts().front().target.contains("kind=proxy-asn"));
  CHECK(shared.posts().front().target.contains("override="));
  CHECK(shared.posts().front().has("Content-Type: text/plain"));
}

TEST_CASE("STIX objects and items do not go in one command, nor items with what is for STIX objects alone",
          "[client][submit]") {
  Shared shared;
  auto const items = shared.taxii.folder().file("items.json", kItem).string();
  auto const objects = shared.taxii.folder().file("objects.json", kObject).string();
  for (auto const& arguments : std::vector<std::vector<std::string>>{{"submit", items, objects},
                                                                     {"submit", "--as-member", items},
                                                                     {"submit", "--collection", "network", items},
                                                                     {"submit", "--as-member", "--dry-run", objects}}) {
    auto const run = shared.taxii.run(arguments);
    CHECK(run.exit == Exit::local);
    CHECK(run.out.empty());
    CHECK_FALSE(run.err.empty());
  }
  CHECK(shared.posts().empty());
}
