// What is found in references, and what becomes of the objects: the cases of tests/cases/harm/references.json, and what
// no case can say.
#include "server/admission/references.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "server/admission/weighing.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/admission/submission.hpp"

using namespace tocsin;
using namespace tocsin::test;
using admission::Shown;
using nlohmann::json;
using Codes = std::vector<std::string>;

namespace {

access::ClassFacts class_named(std::string const& word) {
  if (word == "audience") return {stix::Tlp::amber, false, {{core::Uuid{1}, 1}}};
  return {word == "clear" ? stix::Tlp::clear : stix::Tlp::amber};
}

Shown shown_in(json const& stored) {
  Shown out;
  for (auto const& [id, classes] : stored.items())
    for (auto const& word : classes)
      out[stix::Identifier::parse(id).value()].push_back(class_named(word.get<std::string>()));
  return out;
}

json object(std::string const& type, int number, json more) {
  auto out = indicator(number);
  for (auto const* name : {"indicator_types", "pattern", "pattern_type", "valid_from"}) out.erase(name);
  out["type"] = type;
  out["id"] = type + text(out, "id").substr(text(out, "id").find("--"));
  out.update(more);
  return out;
}

json report_of(std::vector<std::string> const& members) {
  return object("report", 900, {{"name", "r"}, {"published", "2026-01-01T10:00:00Z"}, {"object_refs", members}});
}

std::string id_of(int number) { return text(indicator(number), "id"); }

admission::Admitted admitted(std::vector<json> const& objects) {
  auto out = Hall().submit(envelope(objects));
  REQUIRE((out && out->refused.empty()));
  return *std::move(out);
}

Shown amber(int number) {
  return {{stix::Identifier::parse(id_of(number)).value(), {access::ClassFacts{stix::Tlp::amber}}}};
}

}  // namespace

TEST_CASE("every case of references has the findings that it says", "[admission][harm]") {
  std::ifstream in("tests/cases/harm/references.json");
  for (auto const& entry : json::parse(in)) {
    INFO(text(entry, "name"));
    auto const submission = admitted(entry.at("objects").get<std::vector<json>>());
    auto const shown = shown_in(entry.value("stored", json::object()));
    Codes codes;
    std::string said;
    for (auto const& one : submission.referring)
      for (auto const& finding : admission::reference_findings(one, submission.candidates[one.candidate], shown)) {
        codes.emplace_back(core::row(finding.code).code);
        said += finding.detail;
        CHECK_FALSE(finding.remedy.empty());
      }
    CHECK(codes == entry.at("codes").get<Codes>());
    CHECK(said.contains(entry.value("says", std::string())));
  }
}

TEST_CASE("a container below a member is refused, or stored with a reason and a note", "[admission][harm]") {
  auto const report = report_of({id_of(1)});
  auto refused = admitted({indicator(6), report, indicator(7)});
  REQUIRE(admission::weigh_references(refused, amber(1), false).has_value());
  REQUIRE((refused.candidates.size() == 2 && refused.refused.size() == 1));
  for (auto const& candidate : refused.candidates) CHECK(candidate.type == "indicator");
  CHECK(refused.refused[0].id == text(report, "id"));
  CHECK(refused.refused[0].message.starts_with("marking-below-member: 1 of the 1 object"));

  auto stored = admitted({report});
  REQUIRE(admission::weigh_references(stored, amber(1), true).has_value());
  REQUIRE((stored.candidates.size() == 1 && stored.refused.empty()));
  CHECK(stored.candidates[0].note.starts_with("marking-below-member, overridden: "));
  REQUIRE((stored.overridden.size() == 1 && stored.overridden[0].size() == 1));
  CHECK(stored.overridden[0][0] == core::Code::marking_below_member);
}

TEST_CASE("a reference that is not seen is noted, and refuses nothing", "[admission][harm]") {
  auto submission = admitted({report_of({id_of(1), id_of(2)})});
  REQUIRE(admission::weigh_references(submission, {}, false).has_value());
  REQUIRE(submission.candidates.size() == 1);
  CHECK(submission.candidates[0].note.starts_with("reference-unseen: 2 of the 2 objects"));
  CHECK(submission.overridden.empty());
}

TEST_CASE("the store is asked of 200 references of an object, and of 2,000 of a submission", "[admission][harm]") {
  auto const members = [](int first, int count) {
    std::vector<std::string> out;
    for (int i = 0; i < count; ++i) out.push_back(id_of(first + i));
    return out;
  };
  auto const one = admitted({report_of(members(1'000, 500))});
  CHECK(admission::asked_of(one.referring).size() == admission::kMostAskedOfObject);
  std::vector<json> reports;
  for (int i = 0; i < 20; ++i) {
    auto report = report_of(members(1'000 * (i + 1), 150));
    report["id"] = "report" + id_of(100 + i).substr(id_of(100 + i).find("--"));
    reports.push_back(std::move(report));
  }
  CHECK(admission::asked_of(admitted(reports).referring).size() == admission::kMostAsked);
}

TEST_CASE("an id that many refer to is asked once", "[admission][harm]") {
  auto second = report_of({id_of(1)});
  second["id"] = "report" + id_of(901).substr(id_of(901).find("--"));
  CHECK(admission::asked_of(admitted({report_of({id_of(1)}), second}).referring).size() == 1);
}

TEST_CASE("objects that refer to nothing, to what comes with them, or are revoked are not looked at",
          "[admission][harm]") {
  CHECK(admitted({indicator(1), indicator(2)}).referring.empty());
  CHECK(admitted({report_of({id_of(1)}), indicator(1)}).referring.empty());
  auto revoked = report_of({id_of(1)});
  revoked["revoked"] = true;
  CHECK(admitted({revoked}).referring.empty());
}
