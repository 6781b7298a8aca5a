#include "schema/stix/object.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/stix/rules/own_extensions.hpp"
#include "schema/stix/rules/types.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/stix/object_cases.hpp"

namespace tocsin::stix {
namespace {

using test::Place;

std::vector<Place> expected(Json const& list) {
  std::vector<Place> out;
  for (auto const& place : list)
    out.emplace_back(place.at("code").get<std::string>(), place.at("pointer").get<std::string>());
  std::ranges::sort(out);
  return out;
}

Json indicator() {
  return Json::parse(R"({"type":"indicator","spec_version":"2.1","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
    "created_by_ref":"identity--f431f809-377b-45e0-aa1c-6a4751cae5ff","created":"2025-01-01T00:00:00.000Z",
    "modified":"2025-01-01T00:00:01.500Z","pattern":"[autonomous-system:number = 64500]","pattern_type":"stix",
    "valid_from":"2025-01-01T00:00:00Z","labels":["a"],"revoked":true,
    "object_marking_refs":["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
                           "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"],
    "granular_markings":[{"selectors":["labels"],"marking_ref":"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"}]})");
}

Object accepted(Json const& document) {
  auto parsed = parse_object(document);
  INFO((parsed ? "" : test::described(parsed.error())));
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

std::vector<std::string> texts(std::vector<Identifier> const& identifiers) {
  std::vector<std::string> out;
  for (auto const& identifier : identifiers) out.push_back(identifier.text());
  return out;
}

TEST_CASE("every case of tests/cases/stix is accepted or refused as it says", "[stix][object]") {
  auto const cases = test::all_cases();
  REQUIRE(cases.size() > 400);
  for (auto const& one : cases) {
    INFO(one.at("file").get<std::string>() << ": " << one.at("name").get<std::string>());
    auto const parsed = parse_object(one.at("object"));
    INFO((parsed ? test::described(parsed->warnings) : test::described(parsed.error())));
    CHECK(test::findings_of(one.at("object")) == expected(one.at("findings")));
    if (parsed && one.contains("warnings")) CHECK(test::places(parsed->warnings) == expected(one.at("warnings")));
  }
}

TEST_CASE("every object type has an accepted example with every property of its table", "[stix][object]") {
  std::map<std::string, std::set<std::string>> seen;
  auto const see = [&](std::string const& what, Json const& object) {
    for (auto const& [name, value] : object.items()) seen[what].insert(name);
  };
  for (auto const& one : test::all_cases()) {
    auto const& object = one.at("object");
    if (!one.at("findings").empty() || !object.is_object()) continue;
    see(object.at("type").get<std::string>(), object);
    if (!object.contains("extensions")) continue;
    for (auto const& [key, body] : object.at("extensions").items()) see(key, body);
  }
  auto const is_complete = [&](std::string_view what, rules::Shape const& shape) {
    for (auto const& row : shape.properties) {
      INFO(what << ": " << row.name);
      if (row.need != rules::Need::misplaced) CHECK(seen[std::string(what)].contains(std::string(row.name)));
    }
  };
  for (auto const types :
       {rules::kDomainTypes, rules::kRelationshipTypes, rules::kObservableTypes, rules::kMetaTypes, rules::kOwnTypes}) {
    for (auto const& type : types) is_complete(type.name, type.shape);
  }
  for (auto const& own : rules::own_extensions()) is_complete(own.id, own.shape);
}

TEST_CASE("every finding has a sentence and a remedy", "[stix][object]") {
  for (auto const& one : test::all_cases()) {
    auto const parsed = parse_object(one.at("object"));
    if (parsed) continue;
    for (auto const& error : parsed.error()) {
      INFO(one.at("name").get<std::string>() << ": " << error.detail << " / " << error.remedy);
      CHECK(error.detail.ends_with('.'));
      CHECK(error.detail.size() < 400);
      CHECK(error.remedy.ends_with('.'));
    }
  }
}

TEST_CASE("an accepted object is carried in canonical bytes that are accepted again", "[stix][object]") {
  for (auto const& one : test::all_cases()) {
    auto const first = parse_object(one.at("object"));
    if (!first) continue;
    auto const document = parse_json(first->bytes);
    REQUIRE(document.has_value());
    CHECK(accepted(*document).bytes == first->bytes);
  }
}

TEST_CASE("the facts of a domain object are those of its properties", "[stix][object]") {
  auto const object = accepted(indicator());
  CHECK(object.id.text() == "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f");
  CHECK(object.category == Category::sdo);
  CHECK(object.created == *Timestamp::parse("2025-01-01T00:00:00Z"));
  CHECK(object.modified == *Timestamp::parse("2025-01-01T00:00:01.500Z"));
  CHECK(object.revoked);
  CHECK(object.created_by->text() == "identity--f431f809-377b-45e0-aa1c-6a4751cae5ff");
  CHECK(texts(object.markings) == std::vector<std::string>{"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
                                                           "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"});
  CHECK(object.references.empty());
  CHECK_FALSE(object.value_key);
  CHECK_FALSE(object.is_statement_marking);
  CHECK(object.bytes == canonical_json(indicator()));
}

TEST_CASE("references are collected once each, from nested structures too", "[stix][object]") {
  auto const object =
      accepted(Json::parse(R"({"type":"email-message","id":"email-message--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
    "is_multipart":true,"from_ref":"email-addr--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
    "to_refs":["email-addr--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","email-addr--11111111-17d4-4cbf-938f-98ee46b3cd3f"],
    "body_multipart":[{"body_raw_ref":"artifact--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"}]})"));
  CHECK(texts(object.references) == std::vector<std::string>{"artifact--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
                                                             "email-addr--11111111-17d4-4cbf-938f-98ee46b3cd3f",
                                                             "email-addr--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"});
  CHECK(object.category == Category::sco);
  CHECK(object.value_key.has_value());
  CHECK_FALSE(object.modified);
}

TEST_CASE("an observable is attributed and not versioned, whatever it says", "[stix][object]") {
  auto const object =
      accepted(Json::parse(R"({"type":"mutex","id":"mutex--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","name":"m",
    "created_by_ref":"identity--f431f809-377b-45e0-aa1c-6a4751cae5ff","created":"2025-01-01T00:00:00.000Z",
    "modified":"2025-01-01T00:00:00.000Z","revoked":true})"));
  CHECK(object.created_by->text() == "identity--f431f809-377b-45e0-aa1c-6a4751cae5ff");
  CHECK_FALSE(object.created);
  CHECK_FALSE(object.modified);
  CHECK_FALSE(object.revoked);
}

TEST_CASE("a statement marking is known as one and is never versioned", "[stix][object]") {
  auto document =
      Json::parse(R"({"type":"marking-definition","id":"marking-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
    "created":"2025-01-01T00:00:00.000Z","modified":"2025-01-01T00:00:00.000Z","definition_type":"statement",
    "definition":{"statement":"s"}})");
  auto const statement = accepted(document);
  CHECK(statement.category == Category::smo);
  CHECK(statement.is_statement_marking);
  CHECK(statement.created.has_value());
  CHECK_FALSE(statement.modified);
  document["definition_type"] = "other";
  CHECK_FALSE(accepted(document).is_statement_marking);
}

TEST_CASE("a custom object has the category and references that its form tells", "[stix][object]") {
  auto document = Json::parse(R"({"type":"x-acme-thing","id":"x-acme-thing--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
    "created":"2025-01-01T00:00:00.000Z","modified":"2025-01-01T00:00:00.000Z",
    "tactic_refs":["x-mitre-tactic--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","not one",7],"owner_ref":"x"})");
  auto const domain = accepted(document);
  CHECK(domain.category == Category::sdo);
  CHECK(domain.modified.has_value());
  CHECK(texts(domain.references) == std::vector<std::string>{"x-mitre-tactic--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"});
  document.erase("modified");
  document.erase("created");
  CHECK(accepted(document).category == Category::sco);
  CHECK_FALSE(accepted(document).value_key);
}

TEST_CASE("an object longer than the limit is refused", "[stix][object]") {
  auto document = indicator();
  auto const length = canonical_json(document).size();
  CHECK(parse_object(document, {.bytes = length}).has_value());
  auto const refused = parse_object(document, {.bytes = length - 1});
  REQUIRE_FALSE(refused.has_value());
  CHECK(test::places(refused.error()) == std::vector<Place>{{"object-too-large", ""}});
}

TEST_CASE("no more findings and warnings are reported than asked for", "[stix][object]") {
  auto document = indicator();
  document["labels"] = Json(std::vector<int>(100, 1));
  auto const refused = parse_object(document, {.findings = 5});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().size() == 5);
  document["labels"] = {"a"};
  document["indicator_types"] = Json(std::vector<std::string>(100, "own"));
  CHECK(parse_object(document, {.findings = 5})->warnings.size() == 5);
}

TEST_CASE("one warning names up to three undefined properties", "[stix][object]") {
  auto document = indicator();
  for (auto const* name : {"severity", "action", "rank", "zone"}) document[name] = 1;
  auto const object = accepted(document);
  REQUIRE(object.warnings.size() == 1);
  CHECK(object.warnings[0].detail.find("`action`, `rank`, `severity`, …") != std::string::npos);
}

TEST_CASE("findings never repeat a value", "[stix][object]") {
  std::string const secret = "hunter2hunter2";
  for (auto const* name :
       {"created", "valid_from", "created_by_ref", "lang", "confidence", "spec_version", "id", "type"}) {
    auto document = indicator();
    document[name] = secret;
    auto const parsed = parse_object(document);
    if (parsed) continue;
    INFO(name << "\n" << test::described(parsed.error()));
    for (auto const& error : parsed.error()) {
      bool const own_type = std::string_view(name) == "type";  // the type is a name, and is said
      CHECK((own_type || (error.detail + error.remedy + error.pointer).find(secret) == std::string::npos));
    }
  }
}

}  // namespace
}  // namespace tocsin::stix
