// What a peer's log brings to the door: who says it here, at which level, and every reason for refusing it.
#include "server/admission/foreign.hpp"

#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/json.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/admission/foreign_hall.hpp"
#include "tests/unit/stix/object_cases.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;

namespace {

constexpr char kStranger[] = "identity--5a5a5a5a-0000-4000-8000-000000000005";
constexpr char kUnknown[] = "marking-definition--9d9d9d9d-0000-4000-8000-000000000009";
constexpr char kTheirs[] = "origin-not-agreed /created_by_ref", kLevel[] = "origin-not-agreed /object_marking_refs";

json by_curlew() {
  auto object = indicator();
  object["created_by_ref"] = kCurlew;
  return object;
}

json with(json object, char const* name, json value) {
  object[name] = std::move(value);
  return object;
}

json without(json object, char const* name) {
  object.erase(name);
  return object;
}

json marked(json object, std::vector<std::string> const& markings) {
  return with(std::move(object), "object_marking_refs", markings);
}

json identity(std::string const& id) {
  return {{"type", "identity"},
          {"spec_version", "2.1"},
          {"id", id},
          {"created", "2026-01-01T10:00:00.000Z"},
          {"modified", "2026-01-01T10:00:00.000Z"},
          {"name", "somebody"}};
}

access::ClassFacts facts(std::string const& key) { return access::parse_class_key(key).value(); }

// On the list that is given, whatever it is.
admission::harm::Surroundings listing(std::string const& network) {
  admission::harm::Bounds bounds;
  bounds.documentation = true;
  return {bounds, std::make_shared<admission::harm::AllowLists const>(
                      std::vector{store::AllowList{"resolvers", store::AllowKind::ranges, 0, {network}}})};
}

}  // namespace

TEST_CASE("A creator for whom the peer speaks says it here, and bytes, salts and place are those of the entry",
          "[admission][foreign]") {
  ForeignHall hall;
  auto const one = hall.entry(stix::canonical_json(by_curlew()));
  auto const out = hall.admit(one).value();
  auto const& candidate = out.candidate;
  CHECK(candidate.asserter == kCurlewRow);
  CHECK(candidate.bytes == one.body);
  REQUIRE(candidate.foreign.has_value());
  CHECK(candidate.foreign->origin == kOriginRow);
  CHECK(candidate.foreign->index == 41);
  CHECK(candidate.foreign->header == one.header);
  CHECK(candidate.foreign->class_sequence == 12);
  CHECK(candidate.header_salt == one.header_salt);
  CHECK(candidate.body_salt == one.body_salt);
  CHECK(candidate.body_commitment == log::commit_body(one.body_salt, one.body));
  CHECK(out.collections == std::vector{kNetworkRow});
}

TEST_CASE("What names no creator is the peer's, and an identity that of whom it describes", "[admission][foreign]") {
  ForeignHall hall;
  CHECK(hall.admitted(indicator()).candidate.asserter == kIbisRow);
  CHECK(hall.admitted(identity(kCurlew)).candidate.asserter == kCurlewRow);
  CHECK(hall.admitted(identity(kStranger)).candidate.asserter == kIbisRow);
  CHECK(hall.admitted(with(identity(kStranger), "created_by_ref", kCurlew)).candidate.asserter == kCurlewRow);
}

TEST_CASE("It is published where both agreed, in each collection once", "[admission][foreign]") {
  ForeignHall hall;
  auto one = hall.entry(stix::canonical_json(by_curlew()));
  one.collections = {"reports", "network", "reports", "elsewhere"};
  CHECK(hall.admit(one).value().collections == std::vector{kNetworkRow, kReportsRow});
}

TEST_CASE("A03: what a peer's log may not bring is refused with its code and place", "[admission][foreign]") {
  ForeignHall hall;
  auto const red = std::string(stix::tlp2_id(stix::Tlp::red)),
             strict = std::string(stix::tlp2_id(stix::Tlp::amber_strict));
  CHECK(hall.refusal(by_curlew()).empty());
  // Who says it.
  CHECK(hall.refusal(with(indicator(), "created_by_ref", kStranger)) == kTheirs);
  CHECK(hall.refusal(with(indicator(), "created_by_ref", kOwnIdentity)) == kTheirs);
  CHECK(hall.refusal(identity(kOwnIdentity)) == "creator-foreign /id");
  CHECK(hall.refusal(with(identity(kOwnIdentity), "created_by_ref", kCurlew)) == "creator-foreign /id");
  // To whom it is shown.
  CHECK(hall.refusal(marked(by_curlew(), {red})) == kLevel);
  CHECK(hall.refusal(marked(by_curlew(), {strict})) == kLevel);
  auto part = by_curlew();
  part["granular_markings"] = {{{"selectors", {"pattern"}}, {"marking_ref", red}}};
  CHECK(hall.refusal(part) == kLevel);
  // When.
  CHECK(hall.refusal(with(by_curlew(), "modified", "2026-02-03T00:00:00.000Z")) == "modified-in-future /modified");
  auto over = range_of_curlew("203.0.113.7");
  auto& facts_of = over["extensions"]["extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"];
  facts_of["share_until"] = "2026-01-15T00:00:00Z";
  CHECK(hall.refusal(over) ==
        "share-until-past /extensions/extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa/share_until");
  // What would do harm, as it would of a member's.
  CHECK(hall.refusal(range_of_curlew("10.0.0.1")) == "value-reserved /pattern");
  CHECK(hall.refusal(without(by_curlew(), "pattern")) == "property-missing /pattern");
}

TEST_CASE("A23: bytes of a peer are an object of moderate length in its canonical form, and nothing else",
          "[admission][foreign]") {
  ForeignHall hall;
  auto const text = stix::canonical_json(by_curlew());
  CHECK(hall.refusal(hall.entry(by_curlew().dump(1))) == "not-canonical ");
  CHECK(hall.refusal(hall.entry(text + "\n")) == "not-canonical ");
  CHECK(hall.refusal(hall.entry("")) == "json-syntax ");
  CHECK(hall.refusal(hall.entry("[]")) == "not-an-object ");
  hall.limits.object_bytes = text.size() - 1;
  CHECK(hall.refusal(hall.entry(text)) == "object-too-large ");
  hall.limits.object_bytes = text.size() / 3;
  CHECK(hall.refusal(hall.entry(text)) == "object-too-large ");
}

TEST_CASE("A03: an entry of no agreed collection is refused, whatever it holds", "[admission][foreign]") {
  ForeignHall hall;
  auto one = hall.entry("");
  for (auto const& elsewhere : std::vector<std::vector<std::string>>{{}, {"elsewhere"}, {"NETWORK"}}) {
    one.collections = elsewhere;
    CHECK(hall.refusal(one) == "origin-not-agreed ");
  }
}

TEST_CASE("What has no level is as high as what was agreed, or as the collection has it", "[admission][foreign]") {
  ForeignHall hall;
  auto const plain = without(by_curlew(), "object_marking_refs");
  CHECK(facts(hall.admitted(plain).candidate.class_key).level == stix::Tlp::amber);
  hall.terms.max_tlp = stix::Tlp::green;
  CHECK(facts(hall.admitted(plain).candidate.class_key).level == stix::Tlp::green);
  auto one = hall.entry(stix::canonical_json(plain));
  one.collections = {"reports"};  // AMBER
  CHECK(hall.refusal(one) == kLevel);
}

TEST_CASE("A03: a marking that is unknown here shows it to nobody, and so does every audience of this instance",
          "[admission][foreign]") {
  ForeignHall hall;
  auto const green = std::string(stix::tlp2_id(stix::Tlp::green));
  for (auto const& object : {by_curlew(), indicator()})  // the peer itself belongs to the ring
    for (char const* marking : {kUnknown, ForeignHall::kRing, ForeignHall::kReleasable}) {
      CAPTURE(marking);
      auto const candidate = hall.admitted(marked(object, {green, marking})).candidate;
      // It counts for nothing only when its asserter defined it as a statement, which the commit knows.
      auto const uuid = core::parse_uuid(std::string(marking).substr(20)).value();
      CHECK(candidate.relied_statements == std::vector{uuid});
      CHECK(facts(candidate.class_key_without) == access::ClassFacts{stix::Tlp::green, true});
      CHECK(facts(candidate.class_key) == access::ClassFacts{stix::Tlp::green, false});
    }
}

TEST_CASE("What is marked for an audience of the peer is for the one here that was agreed, and for no other",
          "[admission][foreign]") {
  ForeignHall hall;
  auto const uuid = core::parse_uuid(std::string(kUnknown).substr(20)).value();
  access::AudienceAt const here{core::random_uuid(), 3};
  hall.terms.audiences.emplace(uuid, here);
  auto const strict = std::string(stix::tlp2_id(stix::Tlp::amber_strict)),
             green = std::string(stix::tlp2_id(stix::Tlp::green));
  auto const candidate = hall.admitted(marked(by_curlew(), {green, kUnknown})).candidate;
  CHECK(candidate.relied_statements.empty());
  CHECK(facts(candidate.class_key) == access::ClassFacts{stix::Tlp::green, false, {here}});
  for (char const* marking : {ForeignHall::kRing, ForeignHall::kReleasable})
    CHECK(facts(hall.admitted(marked(by_curlew(), {green, kUnknown, marking})).candidate.class_key_without) ==
          access::ClassFacts{stix::Tlp::green, true, {here}});
  CHECK(hall.refusal(marked(by_curlew(), {strict, kUnknown})).starts_with("origin-not-agreed"));
}

TEST_CASE("A kind that is for an audience only is for none of this instance", "[admission][foreign]") {
  auto keyed =
      marked(range_of_curlew("203.0.113.7"), {std::string(stix::tlp2_id(stix::Tlp::amber_strict)), ForeignHall::kRing});
  keyed["extensions"]["extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"]["indicator_kind"] =
      "keyed-identifier";
  CHECK(ForeignHall().refusal(keyed).starts_with("property-missing /object_marking_refs"));
}

TEST_CASE("A statement that the creator or the peer defined restricts nothing, one of a member here does",
          "[admission][foreign]") {
  auto const uuid = core::parse_uuid(std::string(kUnknown).substr(20)).value();
  for (auto const definer : {kCurlewRow, kIbisRow}) {
    ForeignHall hall;
    hall.statements.add(definer, uuid);
    auto const candidate = hall.admitted(marked(by_curlew(), {kUnknown})).candidate;
    CHECK(candidate.relied_statements.empty());
    CHECK_FALSE(facts(candidate.class_key).unknown);
  }
  ForeignHall hall;
  hall.statements.add(1, uuid);
  CHECK(facts(hall.admitted(marked(by_curlew(), {kUnknown})).candidate.class_key_without).unknown);
}

TEST_CASE("What members may override was for the peer's own to decide: it is let in, with a note",
          "[admission][foreign]") {
  ForeignHall hall;
  auto const around = listing("203.0.113.0/24");
  hall.visit.around = &around;
  CHECK(hall.admitted(range_of_curlew("203.0.113.7")).candidate.note.contains("value-allow-listed, overridden: "));
  CHECK(hall.refusal(range_of_curlew("10.0.0.1")) == "value-reserved /pattern");
}

TEST_CASE("What was let in can be revoked, whatever would do harm now", "[admission][foreign]") {
  ForeignHall hall;
  CHECK(hall.refusal(with(range_of_curlew("10.0.0.1"), "revoked", true)).empty());
}

TEST_CASE("Whatever a door logs of its members comes out of another one with equal bytes and digest",
          "[admission][foreign]") {
  std::size_t count = 0;
  auto const around = listing("198.51.100.0/24");
  for (auto const& one : stix::test::all_cases()) {
    for (bool named : {true, false}) {
      // At the peer, where Curlew is a member.
      ForeignHall hall;
      hall.visit.asserter = kCurlewRow;
      hall.visit.around = &around;
      hall.visit.overriding = true;
      if (!one.at("object").is_object()) continue;
      auto object = without(one.at("object"), "created_by_ref");
      if (named) object["created_by_ref"] = kCurlew;
      auto const logged = admission::Door(hall.limits).admit_object(object.dump(), hall.visit);
      if (!logged || !logged->logged) continue;
      INFO(one.at("file").get<std::string>() << ": " << one.at("name").get<std::string>());
      hall.terms.max_tlp = stix::Tlp::amber_strict;
      auto sent = hall.entry(logged->bytes);
      sent.body_salt = logged->body_salt;
      auto const out = hall.admit(sent);
      REQUIRE(out.has_value());
      CHECK(out->candidate.bytes == logged->bytes);
      CHECK(out->candidate.digest == logged->digest);
      CHECK(out->candidate.body_commitment == logged->body_commitment);
      CHECK(out->candidate.revoked == logged->revoked);
      CHECK(out->candidate.kind == logged->kind);
      CHECK(out->candidate.modified_ns == logged->modified_ns);
      ++count;
    }
  }
  CHECK(count > 100);
}
