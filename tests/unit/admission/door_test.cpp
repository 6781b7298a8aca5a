// What becomes of an object that is admitted.
#include <nlohmann/json.hpp>
#include <set>

#include "schema/core/digest.hpp"
#include "schema/log/commitment.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/marking.hpp"
#include "server/access/classify.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/admission/submission.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

constexpr char kMarking[] = "marking-definition--11111111-2222-4333-8444-555555555555";

json marked(std::vector<std::string> const& markings) {
  auto object = indicator();
  object["object_marking_refs"] = markings;
  return object;
}

std::string tlp(stix::Tlp level) { return std::string(stix::tlp2_id(level)); }

access::ClassFacts class_of(store::Candidate const& candidate) {
  return access::parse_class_key(candidate.class_key).value();
}

// Everything that is decided about an object, without the salts that are drawn anew each time.
std::string decided(store::Candidate const& candidate) {
  return candidate.bytes + "|" + candidate.class_key + "|" + candidate.kind + "|" + candidate.creator + "|" +
         candidate.version_text + "|" + candidate.note + "|" + (candidate.revoked ? "revoked" : "");
}

}  // namespace

TEST_CASE("A candidate carries the facts of its object", "[admission][door]") {
  auto object = indicator(7);
  object["created_by_ref"] = kOwnIdentity;
  auto candidate = Hall().accepted(object);
  CHECK(candidate.asserter == 1);
  CHECK(candidate.type == "indicator");
  CHECK("indicator--" + core::to_text(candidate.uuid) == text(object, "id"));
  CHECK(candidate.creator == kOwnIdentity);
  CHECK(candidate.version_text == "2026-01-02T10:00:00.000Z");
  CHECK(candidate.created_ns == std::int64_t{1'767'261'600'000'000'000});
  CHECK(candidate.modified_ns == std::int64_t{1'767'348'000'000'000'000});
  CHECK_FALSE(candidate.unversioned);
  CHECK_FALSE(candidate.revoked);
  CHECK_FALSE(candidate.statement_marking);
  CHECK(candidate.kind == "indicator");
  CHECK(candidate.note.empty());
}

TEST_CASE("What is stored is the canonical form, and digest and commitment are of that", "[admission][door]") {
  auto object = indicator();
  auto admitted = Hall().submit(envelope(std::vector<std::string>{object.dump(4)}));
  REQUIRE((admitted && admitted->candidates.size() == 1));
  auto const& candidate = admitted->candidates[0];
  CHECK(candidate.bytes == stix::canonical_json(object));
  CHECK(candidate.digest == core::sha256(candidate.bytes));
  CHECK(candidate.body_commitment == log::commit_body(candidate.body_salt, candidate.bytes));
}

TEST_CASE("The same object twice in one envelope is two candidates with salts of their own", "[admission][door]") {
  auto admitted = Hall().submit(envelope(std::vector{indicator(), indicator()}));
  REQUIRE((admitted && admitted->candidates.size() == 2));
  auto const& one = admitted->candidates[0];
  auto const& other = admitted->candidates[1];
  CHECK(one.digest == other.digest);
  CHECK(one.body_salt != other.body_salt);
  CHECK(one.header_salt != other.header_salt);
  CHECK(one.body_salt != one.header_salt);
}

TEST_CASE("Candidates come in the order of the body", "[admission][door]") {
  std::vector<json> objects;
  for (int i = 20; i > 0; --i) objects.push_back(indicator(i));
  auto admitted = Hall().submit(envelope(objects));
  REQUIRE((admitted && admitted->candidates.size() == objects.size()));
  for (std::size_t i = 0; i < objects.size(); ++i)
    CHECK("indicator--" + core::to_text(admitted->candidates[i].uuid) == text(objects[i], "id"));
}

TEST_CASE("An object without a TLP level takes that of the collection", "[admission][door]") {
  auto object = indicator();
  object.erase("object_marking_refs");
  for (auto level : {stix::Tlp::clear, stix::Tlp::green, stix::Tlp::amber, stix::Tlp::red}) {
    Hall hall;
    hall.visit.collection.default_level = static_cast<int>(level);
    CHECK(class_of(hall.accepted(object)) == access::ClassFacts{level, false});
    CHECK(class_of(hall.accepted(indicator())) == access::ClassFacts{stix::Tlp::green, false});
  }
}

TEST_CASE("Of several TLP levels the strictest counts, also of a part of the object", "[admission][door]") {
  Hall hall;
  auto both = marked({tlp(stix::Tlp::green), tlp(stix::Tlp::amber)});
  CHECK(class_of(hall.accepted(both)).level == stix::Tlp::amber);
  auto part = marked({tlp(stix::Tlp::green)});
  part["granular_markings"] = {{{"selectors", {"pattern"}}, {"marking_ref", tlp(stix::Tlp::red)}}};
  CHECK(class_of(hall.accepted(part)).level == stix::Tlp::red);
}

TEST_CASE("RED is kept out of the log, everything below is logged", "[admission][door]") {
  using enum stix::Tlp;
  for (auto level : {clear, green, amber, amber_strict, red})
    CHECK(Hall().accepted(marked({tlp(level)})).logged == (level != red));
}

TEST_CASE("AMBER+STRICT and RED without an audience are told to the submitter", "[admission][door]") {
  using enum stix::Tlp;
  for (auto level : {clear, green, amber}) CHECK(Hall().accepted(marked({tlp(level)})).note.empty());
  for (auto level : {amber_strict, red})
    CHECK(Hall().accepted(marked({tlp(level)})).note.contains("only your organisation sees this object"));
}

TEST_CASE("A marking that is unknown here hides the object, and the submitter is told", "[admission][door]") {
  auto candidate = Hall().accepted(marked({tlp(stix::Tlp::green), kMarking}));
  CHECK(class_of(candidate) == access::ClassFacts{stix::Tlp::green, true});
  CHECK(candidate.note.contains("only your organisation sees this object"));
}

TEST_CASE("A statement of the member's own hides nothing, one of another member does", "[admission][door]") {
  auto uuid = core::parse_uuid(std::string(kMarking).substr(20)).value();
  Hall own, foreign;
  own.statements.add(1, uuid);
  foreign.statements.add(2, uuid);
  CHECK_FALSE(class_of(own.accepted(marked({kMarking}))).unknown);
  CHECK(class_of(foreign.accepted(marked({kMarking}))).unknown);
}

TEST_CASE("A statement counts for its whole envelope, wherever it stands in it", "[admission][door]") {
  auto statement = statement_marking(kMarking);
  for (auto const& objects : {std::vector{statement, marked({kMarking})}, std::vector{marked({kMarking}), statement}}) {
    auto admitted = Hall().submit(envelope(objects));
    REQUIRE((admitted && admitted->candidates.size() == 2));
    for (auto const& candidate : admitted->candidates) {
      CHECK_FALSE(class_of(candidate).unknown);
      CHECK(candidate.statement_marking == (candidate.type == "marking-definition"));
      // What it is if the statement is not stored after all.
      bool const relies = candidate.type == "indicator";
      CHECK(candidate.relied_statements.size() == (relies ? 1 : 0));
      CHECK(candidate.class_key_without.empty() != relies);
      if (relies) CHECK(access::parse_class_key(candidate.class_key_without)->unknown);
      if (relies) CHECK(candidate.note_without.contains("only your organisation sees this object"));
    }
  }
}

TEST_CASE("A statement that is refused defines nothing", "[admission][door]") {
  auto statement = statement_marking(kMarking);
  statement.erase("created");
  auto admitted = Hall().submit(envelope(std::vector{statement, marked({kMarking})}));
  REQUIRE((admitted && admitted->candidates.size() == 1));
  CHECK(class_of(admitted->candidates[0]).unknown);
}

TEST_CASE("The kind is the indicator's, where its extension names one, and else the type", "[admission][door]") {
  auto object = indicator();
  object["extensions"] = {{"extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa",
                           {{"extension_type", "property-extension"}, {"indicator_kind", "ip-range"}}}};
  CHECK(Hall().accepted(object).kind == "ip-range");
  object["extensions"] = {
      {"extension-definition--11111111-58c2-4d1d-b58b-cb6a5c4ab3aa", {{"extension_type", "property-extension"}}}};
  CHECK(Hall().accepted(object).kind == "indicator");
  object.erase("extensions");
  CHECK(Hall().accepted(object).kind == "indicator");
  CHECK(Hall().accepted(statement_marking(kMarking)).kind == "marking-definition");
}

TEST_CASE("A revocation is known as one", "[admission][door]") {
  auto object = indicator();
  object["revoked"] = true;
  CHECK(Hall().accepted(object).revoked);
}

TEST_CASE("The creator is compared without regard to the case of its digits", "[admission][door]") {
  auto object = indicator();
  object["created_by_ref"] = "identity--0B7E9C1C-2B6C-4B7E-8F0C-5A2B1D9F7C11";
  CHECK(Hall().accepted(object).creator == kOwnIdentity);
}

TEST_CASE("An observable has no version and its value's key, a marking only a date", "[admission][door]") {
  json address{{"type", "ipv4-addr"},
               {"spec_version", "2.1"},
               {"id", "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"},
               {"value", "198.51.100.3"}};
  auto observable = Hall().accepted(address);
  CHECK(observable.unversioned);
  CHECK(observable.modified_ns == 0);
  CHECK_FALSE(observable.created_ns.has_value());
  CHECK(observable.version_text.empty());
  CHECK(observable.value_key == observable.uuid);
  auto marking = Hall().accepted(statement_marking(kMarking));
  CHECK(marking.unversioned);
  CHECK(marking.version_text == "2026-01-01T10:00:00.000Z");
}

TEST_CASE("What STIX only advises against is accepted with a note that begins with its code", "[admission][door]") {
  auto object = indicator();
  object["indicator_types"] = {"of-my-own-making"};
  CHECK(Hall().accepted(object).note.starts_with("vocabulary: "));
}

TEST_CASE("How objects are shared out over envelopes decides nothing about them", "[admission][door]") {
  std::vector<json> objects;
  for (int i = 0; i < 12; ++i) {
    objects.push_back(indicator(i));
    if (i % 3 == 1) objects.back()["object_marking_refs"] = {kMarking};
    if (i % 4 == 2) objects.back().erase("pattern");
    if (i % 5 == 3) objects.back()["created_by_ref"] = kForeignIdentity;
  }
  auto run = [&](std::size_t size) {
    std::multiset<std::string> out;
    for (std::size_t at = 0; at < objects.size(); at += size) {
      auto end = std::min(at + size, objects.size());
      auto admitted = Hall().submit(envelope(std::vector(objects.begin() + static_cast<std::ptrdiff_t>(at),
                                                         objects.begin() + static_cast<std::ptrdiff_t>(end))));
      REQUIRE(admitted.has_value());
      for (auto const& candidate : admitted->candidates) out.insert(decided(candidate));
      for (auto const& refusal : admitted->refused) out.insert(refusal.id + refusal.version + refusal.message);
    }
    return out;
  };
  auto const whole = run(objects.size());
  CHECK(whole.size() == objects.size());
  for (std::size_t size : {1u, 2u, 5u, 7u}) CHECK(run(size) == whole);
}

TEST_CASE("A statement stands although another object has its number", "[admission][door]") {
  auto other = marked({kMarking});
  other["id"] = "indicator" + std::string(kMarking).substr(std::string(kMarking).find("--"));
  auto admitted = Hall().submit(envelope(std::vector{other, statement_marking(kMarking)}));
  REQUIRE((admitted && admitted->candidates.size() == 2));
  for (auto const& candidate : admitted->candidates) CHECK_FALSE(class_of(candidate).unknown);
  CHECK(admitted->candidates[0].statement_marking);  // what others are marked with goes before them
}

TEST_CASE("Who alone sees an object is told behind what STIX advises against", "[admission][door]") {
  std::string const alone = "A marking is unknown here: only your organisation sees this object.";
  auto object = marked({kMarking});
  CHECK(Hall().accepted(object).note == alone);
  object["indicator_types"] = {"of-my-own-making"};
  auto const note = Hall().accepted(object).note;
  CHECK(note.starts_with("vocabulary: "));
  CHECK(note.ends_with("; " + alone));
}

TEST_CASE("An audience that the member left hides an object, unless a version before it has that audience",
          "[admission][door]") {
  Hall hall;
  auto tables = hall.visit.directory->tables();
  store::Audience ring;
  ring.row = 1;
  ring.marking = core::parse_uuid(std::string_view(kMarking).substr(20)).value();
  ring.group = core::Uuid{5};
  tables.audiences = {ring};
  tables.audience_members = {{1, 1, 1, 2}};
  hall.visit.directory = std::make_shared<access::Directory const>(std::move(tables), 2);
  auto const left = hall.accepted(marked({tlp(stix::Tlp::green), kMarking}));
  CHECK(class_of(left).unknown);
  CHECK(access::parse_class_key(left.class_key_in_chain) ==
        access::ClassFacts{stix::Tlp::green, false, {{core::Uuid{5}, 1}}});
  CHECK(hall.accepted(indicator()).class_key_in_chain.empty());
  CHECK(Hall().accepted(marked({kMarking})).class_key_in_chain.empty());
}
