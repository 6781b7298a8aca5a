// `tocsin moderate` and `tocsin waiting`: what each action asks the server, and prints.
#include <map>
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

std::string const kOne = "0b0e4a5e-6a0f-4f0c-9c2f-3b1f6a1f2d11";
std::string const kQueue = "/api/v1/moderation";
json const kEntry{
    {"id", kOne},         {"state", "waiting"}, {"organisation", "new\x1b[2J"},          {"collection", "network"},
    {"kind", "ip-range"}, {"objects", 3},       {"received", "2026-02-03T10:20:30.123Z"}};
std::string const kRow = kOne + "  new?[2J  network  ip-range  2026-02-03T10:20:30.123Z\n";

void answer(TaxiiScript& taxii, std::string const& request, json const& document) {
  taxii.on(request, [text = document.dump()](ScriptedRequest const&) { return reply(200, text); });
}

// The pages of a list, by the query that asks for each; another one is a mistake.
void list(TaxiiScript& taxii, std::string const& path, std::map<std::string, json> pages) {
  taxii.on("GET " + path, [path, pages = std::move(pages)](ScriptedRequest const& request) {
    auto const page = pages.find(request.target.substr(path.size()));
    return page == pages.end() ? reply(400, "{}") : reply(200, page->second.dump());
  });
}

json results(json const& one) { return {{"results", json::array({one})}}; }

}  // namespace

TEST_CASE("the queue is listed to its end", "[client][moderate]") {
  TaxiiScript taxii;
  list(taxii, kQueue,
       {{"?limit=500", {{"waiting", json::array({kEntry})}, {"after", "x"}, {"complete", false}}},
        {"?limit=500&after=x", {{"waiting", json::array({kEntry})}, {"after", "y"}, {"complete", true}}}});
  CHECK(taxii.run({"moderate", "list"}).out == kRow + kRow);
}

TEST_CASE("what is decided of is sent, and what failed is told", "[client][moderate]") {
  TaxiiScript taxii;
  answer(taxii, "POST " + kQueue + "/publish", results(json{{"id", kOne}, {"outcome", "published"}}));
  answer(taxii, "POST " + kQueue + "/refuse",
         results(json{{"id", kOne}, {"outcome", "failed"}, {"detail", "It is gone."}}));
  auto const published = taxii.run({"moderate", "publish", kOne});
  CHECK(published.out == kOne + "  published\n");
  CHECK(published.exit == Exit::ok);
  auto const refused = taxii.run({"moderate", "refuse", kOne, "--because", "not this"});
  CHECK(refused.out == kOne + "  failed  It is gone.\n");
  CHECK(refused.exit == Exit::refused);
}

TEST_CASE("a decision about everything of an organisation asks for its list first", "[client][moderate]") {
  TaxiiScript taxii;
  list(taxii, kQueue, {{"?limit=500&organisation=new", {{"waiting", json::array({kEntry})}, {"complete", true}}}});
  answer(taxii, "POST " + kQueue + "/publish", results(json{{"id", kOne}, {"outcome", "published"}}));
  CHECK(taxii.run({"moderate", "publish", "--all-of", "new"}).out == kOne + "  published\n");
}

TEST_CASE("content is shown whole, and does nothing to the terminal", "[client][moderate]") {
  auto const content = [](std::string const& name) {
    TaxiiScript taxii;
    auto shown = kEntry;
    shown["withheld"] = false;
    shown["content"] = json::array({{{"name", name}}});
    answer(taxii, "GET " + kQueue + "/waiting/" + kOne, shown);
    return taxii.run({"moderate", "show", kOne}).out;
  };
  auto const whole = std::string(500, 'x') + " caf\xC3\xA9";
  CHECK(content(whole) == kRow + "{\n  \"name\": \"" + whole + "\"\n}\n");
  CHECK(content("a\xC2\x9B"
                "2Jb\u202Egnp") == kRow + "{\n  \"name\": \"a\\u009b2Jb\\u202egnp\"\n}\n");
}

TEST_CASE("what is withheld is said to be", "[client][moderate]") {
  TaxiiScript taxii;
  auto shown = kEntry;
  shown["withheld"] = true;
  shown["content"] = json::array();
  answer(taxii, "GET " + kQueue + "/waiting/" + kOne, shown);
  CHECK(taxii.run({"moderate", "show", kOne}).out.find("do not show it to you") != std::string::npos);
}

TEST_CASE("what waits of one's own is listed and withdrawn", "[client][moderate]") {
  TaxiiScript taxii;
  auto refused = kEntry;
  refused["state"] = "refused";
  refused["because"] = "An exit node.";
  list(taxii, "/api/v1/waiting", {{"?limit=500", {{"waiting", json::array({refused})}, {"complete", true}}}});
  answer(taxii, "POST /api/v1/waiting/withdraw", results(json{{"id", kOne}, {"withdrawn", false}}));
  CHECK(taxii.run({"waiting", "list"}).out ==
        kOne + "  refused  network  ip-range  2026-02-03T10:20:30.123Z  An exit node.\n");
  auto const again = taxii.run({"waiting", "withdraw", kOne});
  CHECK(again.out == "did not wait  " + kOne + "\n");
  CHECK(again.exit == Exit::refused);
}

TEST_CASE("moderation without what it needs asks no server", "[client][moderate]") {
  TaxiiScript taxii;
  using Words = std::vector<std::string>;
  for (auto const& words : {Words{"moderate", "publish"}, Words{"moderate", "refuse", kOne},
                            Words{"moderate", "publish", kOne, "--all-of", "x"}, Words{"moderate", "list", kOne},
                            Words{"moderate", "show"}, Words{"waiting", "withdraw"}, Words{"waiting", "list", kOne}})
    CHECK(taxii.run(words).exit == Exit::local);
}
