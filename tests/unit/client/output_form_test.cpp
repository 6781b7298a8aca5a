#include "clients/cpp/output_form.hpp"

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

std::optional<std::string> nothing(std::string const&) { return std::nullopt; }

client::Environment format(std::string value) {
  return [value](std::string const& name) { return name == "TOCSIN_FORMAT" ? std::optional(value) : std::nullopt; };
}

}  // namespace

TEST_CASE("a terminal gets a table, and a pipe JSON", "[client][form]") {
  CHECK(*client::prints_json({}, "search", true, nothing));
  CHECK_FALSE(*client::prints_json({}, "search", false, nothing));
}

TEST_CASE("an option goes before the variable, and that before the pipe", "[client][form]") {
  for (bool const piped : {true, false}) {
    CHECK(*client::prints_json({}, "search", piped, format("json")));
    CHECK_FALSE(*client::prints_json({}, "search", piped, format("table")));
    CHECK(*client::prints_json({.json = true}, "search", piped, format("table")));
    CHECK_FALSE(*client::prints_json({.table = true}, "search", piped, format("json")));
  }
}

TEST_CASE("lines for programs become one document with --json only", "[client][form]") {
  for (auto const* command : {"completion", "draft", "get", "pull", "watch"}) {
    CAPTURE(command);
    CHECK_FALSE(*client::prints_json({}, command, true, nothing));
    CHECK_FALSE(*client::prints_json({}, command, true, format("json")));
    CHECK(*client::prints_json({.json = true}, command, true, nothing));
  }
}

TEST_CASE("a form that is none is a mistake, whatever the command and its options", "[client][form]") {
  for (auto const* value : {"xml", "JSON", " json", "jsontable"}) {
    CHECK_FALSE(client::prints_json({}, "search", false, format(value)));
    CHECK_FALSE(client::prints_json({.table = true}, "pull", true, format(value)));
  }
  TaxiiScript taxii;
  taxii.set("TOCSIN_FORMAT", "xml");
  auto const run = taxii.run({"collections"});
  CHECK(run.exit == Exit::local);
  CHECK(run.out.empty());
  CHECK(run.err == "tocsin: TOCSIN_FORMAT is neither table nor json.\n  Set it to one of them, or unset it.\n");
  CHECK(json::parse(taxii.run({"--json", "collections"}).out)["error"]["exit"] == 1);
  CHECK(taxii.run({"--help"}).exit == Exit::ok);
  CHECK(taxii.requests().empty());
}

TEST_CASE("into a pipe a command prints what it prints with --json", "[client][form]") {
  TaxiiScript taxii;
  auto const table = taxii.run({"collections"}).out, document = taxii.run({"collections", "--json"}).out;
  CHECK(table != document);
  taxii.pipe();
  CHECK(taxii.run({"collections"}).out == document);
  CHECK(taxii.run({"collections", "--table"}).out == table);
  CHECK(taxii.run({"--table", "collections"}).out == table);
  taxii.set("TOCSIN_FORMAT", "table");
  CHECK(taxii.run({"collections"}).out == table);
}

TEST_CASE("a failure into a pipe is a document, unless lines for programs were asked for", "[client][form]") {
  TaxiiScript taxii;
  taxii.pipe();
  auto const failed = taxii.run({"status", "absent"});
  CHECK(failed.exit == Exit::not_found);
  CHECK(json::parse(failed.out)["error"]["exit"] == 5);
  CHECK(failed.err.starts_with("tocsin: "));
  CHECK(json::parse(taxii.run({"collections", "--colour"}).out)["error"]["exit"] == 1);
  CHECK(json::parse(taxii.run({"frobnicate"}).out)["error"]["exit"] == 1);
  CHECK(taxii.run({"pull", "--limit", "0"}).out.empty());
  CHECK(taxii.run({"get", "indicator--1"}).out.empty());
  CHECK(taxii.run({"--help"}).out.starts_with("tocsin: share"));
}

TEST_CASE("both forms at once are a mistake", "[client][form]") {
  TaxiiScript taxii;
  auto const run = taxii.run({"collections", "--json", "--table"});
  CHECK(run.exit == Exit::local);
  CHECK(run.err.contains("--json excludes --table"));
  CHECK(json::parse(run.out)["error"]["exit"] == 1);
}
