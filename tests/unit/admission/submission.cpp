#include "tests/unit/admission/submission.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

namespace tocsin::test {

using nlohmann::json;

json indicator(int number) {
  std::string digits = std::to_string(100'000'000'000 + number);
  return {{"type", "indicator"},
          {"spec_version", "2.1"},
          {"id", "indicator--8e2e2d2b-17d4-4cbf-938f-" + digits},
          {"created", "2026-01-01T10:00:00.000Z"},
          {"modified", "2026-01-02T10:00:00.000Z"},
          {"indicator_types", {"malicious-activity"}},
          {"pattern", "[ipv4-addr:value = '203.0.113.7']"},
          {"pattern_type", "stix"},
          {"valid_from", "2026-01-01T10:00:00Z"},
          {"object_marking_refs", {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"}}};
}

json statement_marking(std::string const& id) {
  return {{"type", "marking-definition"},
          {"spec_version", "2.1"},
          {"id", id},
          {"created", "2026-01-01T10:00:00.000Z"},
          {"definition_type", "statement"},
          {"definition", {{"statement", "Copyright 2026, Aurora"}}}};
}

std::string text(json const& object, char const* name) { return object.at(name).get<std::string>(); }

std::string envelope(std::vector<std::string> const& objects) {
  std::string body = "{\"objects\":[";
  for (auto const& object : objects) body += (body.ends_with('[') ? "" : ",") + object;
  return body + "]}";
}

std::string envelope(std::vector<json> const& objects) {
  std::vector<std::string> texts;
  for (auto const& object : objects) texts.push_back(object.dump());
  return envelope(texts);
}

Hall::Hall() {
  access::Directory::Tables tables;
  tables.organisations = {{1, "Aurora", "lab", 2, kOwnIdentity, "", false, 0},
                          {2, "Borealis", "lab", 2, kForeignIdentity, "", false, 0}};
  visit.directory = std::make_shared<access::Directory const>(std::move(tables), 1);
  visit.statements = &statements;
  visit.asserter = 1;
  visit.collection.default_level = static_cast<int>(stix::Tlp::green);
  visit.now_us = kNow;
}

core::Result<admission::Admitted> Hall::submit(std::string const& body) const {
  return admission::Door(limits).admit(body, visit);
}

store::Candidate Hall::accepted(json const& object) const {
  auto admitted = submit(envelope(std::vector{object}));
  REQUIRE(admitted.has_value());
  for (auto const& refusal : admitted->refused) FAIL(refusal.message);
  REQUIRE(admitted->candidates.size() == 1);
  return admitted->candidates[0];
}

store::SubmissionRecord::Refusal Hall::refused(std::string const& object) const {
  auto admitted = submit(envelope(std::vector{object}));
  REQUIRE(admitted.has_value());
  CHECK(admitted->candidates.empty());
  REQUIRE(admitted->refused.size() == 1);
  return admitted->refused[0];
}

}  // namespace tocsin::test
