#include "server/admission/retraction.hpp"

#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using admission::Because;
using stix::Json;

namespace {

core::Uuid uuid(int number) {
  core::Uuid out{};
  out[6] = 0x40;
  out[8] = 0x80;
  out[15] = static_cast<std::uint8_t>(number);
  return out;
}

std::string id(char const* type, int number) { return stix::Identifier::make(type, uuid(number)).text(); }

// Published in the collection 1, unless it has ended there.
store::StoredObject object(char const* type, int number, Json document = Json::object(), bool ended = false) {
  document["type"] = type;
  document["id"] = id(type, number);
  store::StoredObject out;
  out.type = type;
  out.uuid = uuid(number);
  out.kind = std::string_view(type) == "indicator" ? "ip-range" : type;
  out.bytes = stix::canonical_json(document);
  out.publications = {{1, number, 0, ended}};
  return out;
}

store::StoredObject link(int number, std::string const& source, std::string const& target) {
  return object("relationship", number, {{"source_ref", source}, {"target_ref", target}});
}

// An indicator 1 of an observable 2, which a network 3 has too.
store::Retractable retractable() {
  store::Retractable out;
  out.asserter = 7;
  out.indicator = object("indicator", 1, {{"pattern", "[x:y = 1]"}});
  out.observables = {object("ipv4-addr", 2)};
  out.relationships = {link(4, id("indicator", 1), id("ipv4-addr", 2)),
                       link(5, id("infrastructure", 3), id("ipv4-addr", 2))};
  return out;
}

std::vector<std::string> withdrawn(store::Retractable const& of, store::StoredClaim const& claim = {}) {
  std::vector<std::string> out;
  for (auto const& deed : admission::withdrawing(of, claim, Because::overshared).deeds) out.push_back(deed.id);
  return out;
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("every reason has a name, and names nothing else", "[admission][retraction]") {
  for (char const* text : {"wrong", "overshared", "personal-data", "ended", "duplicate"})
    CHECK(admission::name(admission::parse_because(text).value()) == text);
  for (char const* text : {"", "Wrong", "personal_data", "revoked"}) CHECK_FALSE(admission::parse_because(text));
}

TEST_CASE("an indicator is withdrawn with its observable and all that names either", "[admission][retraction]") {
  CHECK(withdrawn(retractable()) ==
        List{id("indicator", 1), id("ipv4-addr", 2), id("relationship", 4), id("relationship", 5)});
  auto const plan = admission::withdrawing(retractable(), {}, Because::personal_data).retraction;
  CHECK(plan.asserter == 7);
  CHECK(plan.because == "personal-data");
  CHECK(plan.objects.size() == 4);
}

TEST_CASE("an observable of a later indicator that stands is kept, with what else names it",
          "[admission][retraction]") {
  store::StoredClaim claim{object("indicator", 9).bytes, object("ipv4-addr", 2).bytes, "", ""};
  CHECK(withdrawn(retractable(), claim) == List{id("indicator", 1), id("relationship", 4)});
  claim.indicator = object("indicator", 9, {{"revoked", true}}).bytes;
  CHECK(withdrawn(retractable(), claim).size() == 4);
  claim.indicator = object("indicator", 1).bytes;  // its own
  CHECK(withdrawn(retractable(), claim).size() == 4);
}

TEST_CASE("what is published nowhere any more is no deed", "[admission][retraction]") {
  auto of = retractable();
  of.indicator = object("indicator", 1, {{"pattern", "[x:y = 1]"}}, true);
  CHECK(withdrawn(of) == List{id("ipv4-addr", 2), id("relationship", 4), id("relationship", 5)});
  CHECK(admission::withdrawing(of, {}, Because::overshared).retraction.objects.size() == 4);
}

TEST_CASE("the claim is looked for by kind and pattern, where there is a kind of ours", "[admission][retraction]") {
  auto of = retractable();
  auto const question = admission::claim_on(of);
  REQUIRE(question.has_value());
  CHECK(question->key.kind == "ip-range");
  CHECK(question->key.value == core::sha256("[x:y = 1]"));
  of.indicator.kind = "indicator";
  CHECK_FALSE(admission::claim_on(of).has_value());
}

TEST_CASE("what was shared too widely, or is personal, is withdrawn, and nothing else is", "[admission][retraction]") {
  for (auto const because : {Because::overshared, Because::personal_data}) CHECK(admission::withdraws(because));
  for (auto const because : {Because::wrong, Because::ended, Because::duplicate})
    CHECK_FALSE(admission::withdraws(because));
}

TEST_CASE("what names neither the indicator nor its observable is not withdrawn", "[admission][retraction]") {
  auto of = retractable();
  of.relationships.push_back(link(6, id("infrastructure", 3), id("domain-name", 8)));
  of.relationships.push_back(link(7, id("ipv4-addr", 2), id("autonomous-system", 9)));
  CHECK(withdrawn(of) == List{id("indicator", 1), id("ipv4-addr", 2), id("relationship", 4), id("relationship", 5),
                              id("relationship", 7)});
}

TEST_CASE("an indicator without a pattern has no claim", "[admission][retraction]") {
  auto of = retractable();
  of.indicator = object("indicator", 1, {{"pattern", 5}});
  CHECK_FALSE(admission::claim_on(of).has_value());
  of.indicator = object("indicator", 1);
  CHECK_FALSE(admission::claim_on(of).has_value());
}
