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

std::string const kPost = "POST " + TaxiiScript::objects_path(test::kNetworkId);
constexpr auto kBundle = R"({"type":"bundle","id":"bundle--1","objects":[{"id":"a--1","x":1.50},{"id":"a--2"}]})";

// Accepts everything but the ids given.
TaxiiScript::Answer accepting(std::vector<std::string> refused = {}) {
  return [refused](ScriptedRequest const& request) {
    json status{{"id", "s-1"},
                {"status", "complete"},
                {"request_timestamp", "2026-01-01T00:00:00Z"},
                {"successes", json::array()},
                {"failures", json::array()},
                {"pending_count", 0},
                {"pendings", json::array()}};
    for (auto const& object : json::parse(request.body)["objects"]) {
      bool const good = std::ranges::find(refused, object["id"].get<std::string>()) == refused.end();
      json row{{"id", object["id"]}, {"version", "v"}};
      if (!good) row["message"] = "no\ngood";
      status[good ? "successes" : "failures"].push_back(std::move(row));
    }
    status["success_count"] = status["successes"].size();
    status["failure_count"] = status["failures"].size();
    status["total_count"] = status["successes"].size() + status["failures"].size();
    return reply(202, status.dump());
  };
}

std::vector<ScriptedRequest> posts(TaxiiScript const& taxii) {
  auto out = taxii.requests();
  std::erase_if(out, [](auto const& request) { return request.method != "POST"; });
  return out;
}

}  // namespace

TEST_CASE("submit sends the exact bytes of the objects and exits with 0", "[client][submit]") {
  TaxiiScript taxii;
  taxii.on(kPost, accepting());
  auto const run = taxii.run({"submit", taxii.folder().file("b.json", kBundle).string()});
  CHECK(run.exit == Exit::ok);
  CHECK(run.out == "2 of 2 objects accepted by network\n");
  CHECK(run.err.empty());
  auto const sent = posts(taxii);
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].body == R"({"objects":[{"id":"a--1","x":1.50},{"id":"a--2"}]})");
  CHECK(sent[0].has("Content-Type: application/taxii+json;version=2.1"));
  CHECK(sent[0].has("Accept: application/taxii+json;version=2.1"));
}

TEST_CASE("the collection goes by id, alias or title in any case", "[client][submit]") {
  TaxiiScript taxii;
  taxii.on(kPost, accepting());
  for (auto const* name : {test::kNetworkId, "NET", "Network"}) {
    CHECK(taxii.run({"submit", "-", "--collection", name}, R"({"id":"a--1"})").exit == Exit::ok);
  }
  CHECK(taxii.run({"submit", "-", "--collection", "none"}, R"({"id":"a--1"})").exit == Exit::not_found);
  CHECK(taxii.run({"submit", "-", "--collection", "campaigns"}, R"({"id":"a--1"})").exit == Exit::unauthorised);
  CHECK(posts(taxii).size() == 3);
}

TEST_CASE("each refusal is a line, and the exit code is 2", "[client][submit]") {
  TaxiiScript taxii;
  taxii.on(kPost, accepting({"a--2"}));
  auto const run = taxii.run({"submit", "-"}, kBundle);
  CHECK(run.exit == Exit::refused);
  CHECK(run.err == "refused a--2: no?good\n");
  CHECK(run.out == "1 of 2 objects accepted by network, 1 refused\n");
  auto const document = json::parse(taxii.run({"--json", "submit", "-"}, kBundle).out);
  CHECK(document["accepted"] == 1);
  CHECK(document["refusals"][0]["id"] == "a--2");
  CHECK(document["statuses"] == json{"s-1"});
}

TEST_CASE("what the server notes about an accepted object is a line, and in the document", "[client][submit]") {
  TaxiiScript taxii;
  auto const noted = [](ScriptedRequest const&) {
    return reply(
        200, R"({"id":"s-1","status":"complete","total_count":2,"success_count":2,"failure_count":0,"pending_count":0,)"
             R"("successes":[{"id":"a--1","version":"v"},{"id":"a--2","version":"w","message":"mind\u001b this"}]})");
  };
  taxii.on(kPost, noted);
  taxii.on("GET /api/status/s-1/", noted);
  auto const run = taxii.run({"submit", "-"}, kBundle);
  CHECK(run.exit == Exit::ok);
  CHECK(run.err == "note a--2: mind? this\n");
  auto const document = json::parse(taxii.run({"--json", "submit", "-"}, kBundle).out);
  CHECK(document["notes"] == json::parse(R"([{"id":"a--2","version":"w","message":"mind\u001b this"}])"));
  CHECK(taxii.run({"status", "s-1"}).err == "note a--2: mind? this\n");
  CHECK(json::parse(taxii.run({"status", "s-1", "--json"}).out)["successes"][1]["message"] == "mind\x1b this");
}

TEST_CASE("a server whose counts are not those of the objects is not believed", "[client][submit]") {
  for (char const* counts : {R"("total_count":1,"success_count":1,"failure_count":0,"pending_count":0)",
                             R"("total_count":2,"success_count":3,"failure_count":0,"pending_count":0)",
                             R"("total_count":2,"success_count":-1,"failure_count":3,"pending_count":0)",
                             R"("total_count":2,"success_count":0,"failure_count":0,"pending_count":0)"}) {
    TaxiiScript taxii;
    taxii.on(kPost, [&](ScriptedRequest const&) {
      return reply(200, std::string(R"({"id":"s-1","status":"complete",)") + counts + "}");
    });
    INFO(counts);
    CHECK(taxii.run({"submit", "-"}, kBundle).exit == Exit::server);
  }
}

TEST_CASE("a refused object without an id is named by its place", "[client][submit]") {
  TaxiiScript taxii;
  auto const first = taxii.folder().file("first.json", R"([{"id":"a--1"},{"x":1},{"id":"a--3"}])").string();
  auto const second = taxii.folder().file("second.json", R"({"x":2})").string();
  std::string failures = R"({"id":"unknown","message":"no id"},{"id":"a--3","message":"no"})";
  int count = 3;
  taxii.on(kPost, [&](ScriptedRequest const&) {
    return reply(200, R"({"id":"s","status":"complete","total_count":4,"pending_count":0,"success_count":)" +
                          std::to_string(4 - count) + R"(,"failure_count":)" + std::to_string(count) +
                          R"(,"failures":[)" + failures + "]}");
  });
  SECTION("when there are as many refusals without an id as objects without one") {
    failures += R"(,{"id":"unknown","message":"none either"})";
    auto const run = taxii.run({"submit", first, second});
    CHECK(run.err == "refused object 2 of " + first + ": no id\nrefused a--3: no\nrefused object 1 of " + second +
                         ": none either\n");
    auto const document = json::parse(taxii.run({"--json", "submit", first, second}).out);
    CHECK(document["refusals"][2]["where"] == "object 1 of " + second);
    CHECK_FALSE(document["refusals"][1].contains("where"));
  }
  SECTION("but not when it cannot be told which") {
    count = 2;
    CHECK(taxii.run({"submit", first, second}).err.contains("refused unknown: no id\n"));
  }
}

TEST_CASE("input that cannot be read is named with the reason and a remedy", "[client][submit]") {
  TaxiiScript taxii;
  auto const folder = taxii.folder().path().string();
  auto const run = taxii.run({"submit", folder});
  CHECK(run.exit == Exit::local);
  CHECK(run.err == "tocsin: " + folder + " cannot be read: Is a directory.\n  Name a file in that folder.\n");
  CHECK(taxii.run({"submit", "/nonexistent"}).err.starts_with("tocsin: /nonexistent cannot be read: No such file"));
  auto const empty = taxii.run({"submit", "-"}, "[]");
  CHECK(empty.err.starts_with("tocsin: There is no object in standard input.\n  "));
  CHECK(taxii.requests().empty());
}

TEST_CASE("many objects go in batches that the server's limits allow", "[client][submit]") {
  TaxiiScript taxii;
  taxii.on(kPost, accepting());
  std::string lines;
  for (int i = 0; i < 1'100; ++i)
    lines += R"({"id":"a--)" + std::to_string(i) + "\",\"pad\":\"" + std::string(150, 'x') + "\"}\n";
  auto const run = taxii.run({"submit", "-"}, lines);
  CHECK(run.exit == Exit::ok);
  CHECK(run.out.starts_with("1100 of 1100"));
  auto const sent = posts(taxii);
  CHECK(sent.size() == 3);
  for (auto const& request : sent) CHECK(request.body.size() <= 100'000);
}

TEST_CASE("an object that no request can hold is refused here, the others are sent", "[client][submit]") {
  TaxiiScript taxii;
  taxii.on(kPost, accepting());
  auto const run =
      taxii.run({"submit", "-"}, R"({"id":"a--1"} {"id":"a--big","x":")" + std::string(100'000, 'x') + "\"}");
  CHECK(run.exit == Exit::refused);
  CHECK(run.err.contains("refused a--big: the object has 100022 bytes"));
  CHECK(run.out.starts_with("1 of 2"));
}

TEST_CASE("input that is not JSON is refused before anything is sent", "[client][submit]") {
  TaxiiScript taxii;
  auto const good = taxii.folder().file("good.json", kBundle);
  auto const bad = taxii.folder().file("bad.json", "{\"id\":\n\"a--1\",}");
  auto const run = taxii.run({"submit", good.string(), bad.string()});
  CHECK(run.exit == Exit::local);
  CHECK(run.err.contains(bad.string() + ":2:8: "));
  CHECK(taxii.run({"submit", "/nonexistent"}).exit == Exit::local);
  CHECK(taxii.run({"submit", "-"}, "[]").exit == Exit::local);
  CHECK(taxii.requests().empty());
}

TEST_CASE("a pending submission is asked about until it is complete", "[client][submit]") {
  TaxiiScript taxii;
  taxii.on(kPost, [](ScriptedRequest const&) {
    return reply(
        202,
        R"({"id":"s/1","status":"pending","total_count":2,"success_count":0,"failure_count":0,"pending_count":2})");
  });
  int asked = 0;
  taxii.on("GET /api/status/s%2F1/", [&](ScriptedRequest const&) {
    bool const done = ++asked == 3;
    return reply(
        200,
        done
            ? R"({"id":"s/1","status":"complete","total_count":2,"success_count":2,"failure_count":0,"pending_count":0})"
            : R"({"id":"s/1","status":"pending","total_count":2,"success_count":1,"failure_count":0,"pending_count":1})");
  });
  CHECK(taxii.run({"submit", "-"}, kBundle).exit == Exit::ok);
  CHECK(asked == 3);
  CHECK(taxii.pauses().size() == 3);
}

TEST_CASE("what stays pending is said, and the exit code is 4", "[client][submit]") {
  TaxiiScript taxii;
  auto const pending = [](ScriptedRequest const&) {
    return reply(
        202,
        R"({"id":"s-1","status":"pending","total_count":2,"success_count":0,"failure_count":0,"pending_count":2})");
  };
  taxii.on(kPost, pending);
  taxii.on("GET /api/status/s-1/", pending);
  auto const run = taxii.run({"submit", "-"}, kBundle);
  CHECK(run.exit == Exit::server);
  CHECK(run.err.contains("tocsin status s-1"));
  CHECK(run.out.contains("2 pending"));
}

TEST_CASE("a batch that is refused as a whole refuses its objects", "[client][submit]") {
  TaxiiScript taxii;
  taxii.on(kPost,
           [](ScriptedRequest const&) { return reply(422, R"({"title":"bad","description":"not like this"})"); });
  auto const run = taxii.run({"submit", "-"}, kBundle);
  CHECK(run.exit == Exit::refused);
  CHECK(run.err.contains("refused a--1: batch 1 as a whole: not like this\n"));
  CHECK(run.out.starts_with("0 of 2"));
}

TEST_CASE("a connection lost in the middle is tried again, for submitting twice is harmless", "[client][submit]") {
  TaxiiScript taxii;
  int lost = 2;
  taxii.on(kPost, [&](ScriptedRequest const& request) {
    return lost-- > 0 ? test::ScriptedReply{"", true, false} : accepting()(request);
  });
  CHECK(taxii.run({"submit", "-"}, kBundle).exit == Exit::ok);
  CHECK(posts(taxii).size() == 3);
}

TEST_CASE("a failure in the middle outranks refusals and still prints the counts", "[client][submit]") {
  TaxiiScript taxii;
  taxii.on(kPost, [](ScriptedRequest const&) { return reply(500, R"({"title":"broken"})"); });
  auto const run = taxii.run({"--json", "submit", "-"}, kBundle);
  CHECK(run.exit == Exit::server);
  CHECK(json::parse(run.out)["unsent"] == 2);
  CHECK(run.err.contains("broken"));
}

TEST_CASE("status tells what became of a submission", "[client][status]") {
  TaxiiScript taxii;
  taxii.on("GET /api/status/s-1/", [](ScriptedRequest const&) {
    return reply(
        200,
        R"({"id":"s-1","status":"complete","request_timestamp":"2026-01-01T00:00:00Z","total_count":2,"success_count":1,)"
        R"("failure_count":1,"failures":[{"id":"a--1","version":"v","message":"why"}],"pending_count":0})");
  });
  auto const run = taxii.run({"status", "s-1"});
  CHECK(run.exit == Exit::refused);
  CHECK(run.err == "refused a--1: why\n");
  CHECK(run.out == "complete: 1 of 2 accepted, 1 refused, 0 pending; submitted 2026-01-01T00:00:00Z\n");
  CHECK(json::parse(taxii.run({"status", "s-1", "--json"}).out)["failure_count"] == 1);
  CHECK(taxii.run({"status", "s-2"}).exit == Exit::not_found);
}

TEST_CASE("status does not call complete what waits for an analyst", "[client][status]") {
  TaxiiScript taxii;
  taxii.on("GET /api/status/s-1/", [](ScriptedRequest const&) {
    return reply(
        200, R"({"id":"s-1","status":"pending","total_count":1,"success_count":0,"failure_count":0,"pending_count":1,)"
             R"("pendings":[{"id":"a--1","version":"v","message":"It waits for an analyst."}]})");
  });
  auto const run = taxii.run({"status", "s-1"});
  CHECK(run.exit == Exit::ok);
  CHECK(run.out == "waiting: 0 of 1 accepted, 0 refused, 0 pending, 1 waiting for an analyst\n");
}
