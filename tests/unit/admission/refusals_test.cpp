// What is refused: by which rule, at which place, in which words.
#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/admission/submission.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

json with(char const* name, json value) {
  auto object = indicator();
  object[name] = std::move(value);
  return object;
}

json without(char const* name) {
  auto object = indicator();
  object.erase(name);
  return object;
}

std::string instant(std::int64_t us) { return stix::Timestamp::from_microseconds(us).text_microseconds(); }

// "code: A sentence. (at /pointer) A remedy."
void check_message(std::string const& message, std::string const& code, std::string const& pointer) {
  CAPTURE(message);
  CHECK(message.starts_with(code + ": "));
  auto place = pointer.empty() ? std::string::npos : message.find(". (at " + pointer + ") ");
  if (!pointer.empty()) REQUIRE(place != std::string::npos);
  auto remedy = pointer.empty() ? message.find(". ") + 2 : message.find(") ", place) + 2;
  CHECK(remedy < message.size() - 10);
  CHECK(message.ends_with('.'));
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("Text that is no strict JSON is refused by itself, without id and version", "[admission][refusal]") {
  struct Case {
    std::string object, code;
  };
  for (auto const& [object, code] :
       std::vector<Case>{{R"({"type":})", "json-syntax"},
                         {R"({'type':'indicator'})", "json-syntax"},
                         {"{\"type\":\"indicator\" \"id\":1}", "json-syntax"},
                         {"tru", "json-syntax"},
                         {"1 2", "json-syntax"},
                         {"{\"type\":\"\x01\"}", "json-syntax"},
                         {"{\"type\":\"\xC3\x28\"}", "json-encoding"},
                         {R"({"type":"\ud800"})", "json-encoding"},
                         {R"({"type":"indicator","type":"indicator"})", "json-duplicate-name"},
                         {R"({"type":"indicator","x":{"a":1,"\u0061":2}})", "json-duplicate-name"},
                         {"{\"x\":" + nested(64) + "}", "json-too-deep"},
                         {nested(1'000), "json-too-deep"},
                         {R"({"x":9007199254740992})", "json-number-range"},
                         {R"({"x":1e999})", "json-number-range"}}) {
    auto refusal = Hall().refused(object);
    check_message(refusal.message, code, "");
    CHECK(refusal.id.empty());
    CHECK(refusal.version.empty());
  }
}

TEST_CASE("An object that breaks STIX is refused with the code and the place of its mistake", "[admission][refusal]") {
  struct Case {
    json object;
    std::string code, pointer;
  };
  for (auto const& [object, code, pointer] :
       std::vector<Case>{{json::array(), "not-an-object", ""},
                         {"indicator", "not-an-object", ""},
                         {nullptr, "not-an-object", ""},
                         {without("type"), "type-missing", "/type"},
                         {with("type", "bundle"), "type-missing", "/type"},
                         {with("id", "indicator--1"), "id-invalid", "/id"},
                         {with("id", "malware--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"), "id-type-mismatch", "/id"},
                         {without("pattern"), "property-missing", "/pattern"},
                         {with("name", 1), "property-type", "/name"},
                         {with("confidence", 101), "property-value", "/confidence"},
                         {with("created_by_ref", "malware--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"), "reference-type",
                          "/created_by_ref"},
                         {with("valid_from", "yesterday"), "timestamp-invalid", "/valid_from"},
                         {with("modified", "2025-01-01T00:00:00.000Z"), "timestamp-order", "/modified"},
                         {with("spec_version", "2.0"), "spec-version", "/spec_version"},
                         {with("pattern", "[ipv4-addr:value"), "pattern-invalid", "/pattern"}}) {
    CAPTURE(object.dump());
    check_message(Hall().refused(object.dump()).message, code, pointer);
  }
}

TEST_CASE("All mistakes of an object are told at once, up to sixteen", "[admission][refusal]") {
  auto const two = with("confidence", 101);
  auto object = two;
  object["name"] = 1;
  auto message = Hall().refused(object.dump()).message;
  CHECK(message.contains("(at /confidence)"));
  CHECK(message.contains("(at /name)"));
  json many = json::array();
  for (int i = 0; i < 40; ++i) many.push_back(i);
  message = Hall().refused(with("labels", many).dump()).message;
  std::size_t told = 0;
  for (std::size_t at = 0; (at = message.find("(at /labels/", at)) != std::string::npos; ++at) ++told;
  CHECK(told == 16);
}

TEST_CASE("A refusal names id and version as they were sent, when they are short strings", "[admission][refusal]") {
  auto object = without("pattern");
  object["id"] = "indicator--8E2E2D2B-17d4-4cbf-938f-98ee46b3cd3f";
  auto refusal = Hall().refused(object.dump());
  CHECK(refusal.id == text(object, "id"));
  CHECK(refusal.version == text(object, "modified"));
  object["id"] = std::string(300, 'x');
  CHECK(Hall().refused(object.dump()).id == text(object, "id"));
  object["id"] = std::string(301, 'x');
  object["modified"] = 5;
  refusal = Hall().refused(object.dump());
  CHECK(refusal.id.empty());
  CHECK(refusal.version.empty());
}

TEST_CASE("An object is measured in its canonical form, to the byte", "[admission][refusal]") {
  Hall hall;
  hall.limits.object_bytes = hall.accepted(indicator()).bytes.size();
  auto spaced = hall.submit(envelope(std::vector<std::string>{indicator().dump(8)}));
  REQUIRE(spaced.has_value());
  CHECK(spaced->candidates.size() == 1);
  check_message(hall.refused(with("name", "").dump()).message, "object-too-large", "");
}

TEST_CASE("A version may be dated ahead of the server by the tolerance, and not by more", "[admission][refusal]") {
  Hall hall;
  hall.limits.future_tolerance_us = 90'000'000;
  CHECK(hall.accepted(with("modified", instant(kNow + 90'000'000))).version_text == "2026-02-02T02:41:30.000Z");
  auto message = hall.refused(with("modified", instant(kNow + 90'000'001)).dump()).message;
  check_message(message, "modified-in-future", "/modified");
  CHECK(message.contains(" 90 seconds "));
}

TEST_CASE("Instants that cannot be ordered with the others are refused where they stand", "[admission][refusal]") {
  auto early = with("created", "1500-01-01T00:00:00.000Z");
  check_message(Hall().refused(early.dump()).message, "timestamp-invalid", "/created");
  early["modified"] = early["created"];
  check_message(Hall().refused(early.dump()).message, "timestamp-invalid", "/created");
  check_message(Hall().refused(with("modified", "2300-01-01T00:00:00.000Z").dump()).message, "timestamp-invalid",
                "/modified");
}

TEST_CASE("Nobody submits under the identity of another member, however it is written", "[admission][refusal]") {
  std::string shouted = "identity--8C49EE4B-2F1C-4A58-9A3B-1B6A0E6F6F0A";
  for (auto const& creator : {std::string(kForeignIdentity), shouted})
    check_message(Hall().refused(with("created_by_ref", creator).dump()).message, "creator-foreign", "/created_by_ref");
  json identity{{"type", "identity"},
                {"spec_version", "2.1"},
                {"created", "2026-01-01T10:00:00.000Z"},
                {"modified", "2026-01-01T10:00:00.000Z"},
                {"name", "Borealis"},
                {"identity_class", "organization"}};
  for (auto const& id : {std::string(kForeignIdentity), shouted}) {
    identity["id"] = id;
    check_message(Hall().refused(identity.dump()).message, "creator-foreign", "/id");
  }
  identity["id"] = kOwnIdentity;
  CHECK(Hall().accepted(identity).type == "identity");
  auto stranger = with("created_by_ref", "identity--4a6bd1e4-3b0e-4c0d-9fd6-2a5d6f7f6a3e");
  CHECK(Hall().accepted(stranger).creator == text(stranger, "created_by_ref"));
}

TEST_CASE("Who names the instance as creator is named nowhere else in the object", "[admission][refusal]") {
  constexpr auto kInstance = "identity--0b9d0e0c-7a55-4b38-8f0e-6a2f3ad1c7e4";
  Hall hall;
  hall.visit.instance_identity = kInstance;
  access::Directory::Tables tables = hall.visit.directory->tables();
  tables.organisations.push_back({3, "Operator", "other", 4, kInstance, "", false, 0});
  hall.visit.directory = std::make_shared<access::Directory const>(std::move(tables), 2);
  auto object = with("created_by_ref", kInstance);
  CHECK(hall.accepted(object).creator == kInstance);
  std::string shouted(kOwnIdentity);
  std::ranges::transform(shouted, shouted.begin(), [](unsigned char c) { return std::toupper(c); });
  for (auto const& name : {std::string(kOwnIdentity), shouted, "see " + std::string(kOwnIdentity).substr(10)}) {
    object["description"] = name;
    check_message(hall.refused(object.dump()).message, "creator-foreign", "/created_by_ref");
  }
  for (store::RowId const other : {3, 99}) {  // 99: whom nobody knows
    hall.visit.asserter = other;
    CHECK(hall.accepted(object).creator == kInstance);
  }
  // An instance that was not told whom to stand for lets nobody name anybody.
  hall.visit.asserter = 1;
  hall.visit.instance_identity = "";
  check_message(hall.refused(with("created_by_ref", kInstance).dump()).message, "creator-foreign", "/created_by_ref");
}

TEST_CASE("A refused object spoils none of the others, and each has one fate", "[admission][refusal]") {
  std::vector<std::string> objects;
  for (int i = 0; i < 30; ++i) {
    auto object = indicator(i);
    if (i % 3 == 1) object.erase("pattern");
    objects.push_back(i % 3 == 2 ? "{\"id\":" : object.dump());
    if (i % 3 == 2) objects.back() = nested(100);
  }
  auto admitted = Hall().submit(envelope(objects));
  REQUIRE(admitted.has_value());
  CHECK(admitted->candidates.size() == 10);
  CHECK(admitted->refused.size() == 20);
  for (std::size_t i = 0; i < 10; ++i)
    CHECK(admitted->candidates[i].bytes.contains(text(indicator(static_cast<int>(3 * i)), "id")));
}

TEST_CASE("A body that is no envelope admits nothing of what it holds", "[admission][refusal]") {
  auto const whole = envelope(std::vector{indicator(1), indicator(2)});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(Hall().submit(whole.substr(0, size)).has_value());
  }
  CHECK_FALSE(Hall().submit(whole + "}").has_value());
  CHECK_FALSE(Hall().submit(indicator().dump()).has_value());
  CHECK(Hall().submit(whole)->candidates.size() == 2);
}

TEST_CASE("No refusal repeats a value of the object", "[admission][refusal]") {
  std::string const secret = "203.0.113.77";
  for (auto const& object :
       {with("pattern", "[ipv4-addr:value = '" + secret), with("name", json{{"a", secret}}), with("confidence", secret),
        with("valid_from", secret), with("kill_chain_phases", secret), with("created_by_ref", secret),
        with("external_references", json::array({secret})), with("pattern_type", json::array({secret}))}) {
    auto refusal = Hall().refused(object.dump());
    CAPTURE(refusal.message);
    CHECK_FALSE(refusal.message.contains(secret));
  }
}

TEST_CASE("An object whose text is far longer than objects may be is refused unparsed and by itself",
          "[admission][refusal]") {
  Hall hall;
  hall.limits.object_bytes = 4'000;
  auto padded = [](std::size_t size) { return "{\"type\":" + std::string(size - 9, ' ') + "}"; };
  auto admitted =
      hall.submit(envelope(std::vector{indicator(1).dump(), padded(8'001), padded(8'000), indicator(2).dump()}));
  REQUIRE((admitted && admitted->refused.size() == 2));
  CHECK(admitted->candidates.size() == 2);
  check_message(admitted->refused[0].message, "object-too-large", "");
  check_message(admitted->refused[1].message, "json-syntax", "");
}

TEST_CASE("With more than a thousand refused objects all are refused, and the first reason is told",
          "[admission][refusal]") {
  std::vector<json> objects(1'002, indicator());
  for (std::size_t i = 2; i < objects.size(); ++i) objects[i].erase("pattern");
  auto admitted = Hall().submit(envelope(objects));
  REQUIRE(admitted.has_value());
  CHECK(admitted->refused.size() == 1'000);
  CHECK(admitted->candidates.size() == 2);
  objects.push_back(objects.back());
  objects.push_back(indicator());
  auto error = Hall().submit(envelope(objects)).error();
  CHECK(error.code == core::Code::too_many_refused);
  CHECK(error.detail.contains("1001 of the first 1003 objects are refused"));
  CHECK(error.detail.contains("/objects/2, property-missing: "));
  CHECK_FALSE(error.remedy.empty());
}
