#include "server/admission/guard.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/marking.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/admission/submission.hpp"

using namespace tocsin;
using admission::Item;
using nlohmann::json;
using Outcome = Item::Outcome;

namespace {

std::vector<Item> items(std::string_view lines, char const* kind = "ip-range") {
  kinds::Cells const defaults{{"kind", kind}};
  return admission::read_items(admission::Form::list, lines, defaults).value().items;
}

admission::harm::Surroundings listing(std::vector<std::string> entries) {
  admission::harm::Surroundings around;
  around.lists = std::make_shared<admission::harm::AllowLists const>(
      std::vector{store::AllowList{"cloud", store::AllowKind::ranges, 0, std::move(entries)}});
  return around;
}

json ours(std::string const& pattern) {
  auto object = test::indicator();
  object["pattern"] = pattern;
  object["extensions"]["extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"] = {
      {"extension_type", "property-extension"}, {"indicator_kind", "ip-range"}};
  return object;
}

}  // namespace

TEST_CASE("the parts of one range count together", "[admission][harm]") {
  auto together = items("9.0.0.0-9.31.255.254\n9.64.0.0/12\n");
  REQUIRE(together.size() > 2);
  admission::guard(together, {}, false);
  for (std::size_t i = 0; i + 1 < together.size(); ++i) {
    CHECK(together[i].outcome == Outcome::refused);
    REQUIRE_FALSE(together[i].findings.empty());
    CHECK(together[i].findings[0].code == core::Code::value_too_broad);
  }
  CHECK(together.back().outcome == Outcome::accepted);
  auto wide = items("9.0.0.0-9.63.255.254\n");  // whose first part is too wide by itself
  admission::guard(wide, {}, false);
  for (auto const& part : wide) CHECK(part.findings.size() == 1);

  auto narrow = items("9.0.0.1-9.15.255.254\n");
  admission::guard(narrow, {}, false);
  for (auto const& part : narrow) CHECK(part.outcome == Outcome::accepted);
}

TEST_CASE("what was refused already is not judged again", "[admission][harm]") {
  auto both = items("nonsense\n10.0.0.1\n");
  REQUIRE(both[0].findings.size() == 1);
  admission::refuse(both[1], {{core::Code::forbidden, "No.", "", ""}});
  admission::guard(both, {}, false);
  for (auto const& item : both) CHECK(item.findings.size() == 1);
}

TEST_CASE("a warning refuses an item, unless it is overridden", "[admission][harm]") {
  auto const around = listing({"9.9.9.0/24"});
  auto refused = items("9.9.9.1\n9.9.8.1\n");
  admission::guard(refused, around, false);
  CHECK(refused[0].outcome == Outcome::refused);
  CHECK(refused[1].outcome == Outcome::accepted);

  auto shared = items("9.9.9.1\n9.9.8.1\n");
  admission::guard(shared, around, true);
  CHECK(shared[0].outcome == Outcome::accepted);
  CHECK(shared[0].overridden == std::vector{core::Code::value_allow_listed});
  REQUIRE(shared[0].notes.size() == 1);
  CHECK(shared[0].notes[0].starts_with("value-allow-listed, overridden: The allow list `cloud` has 1 of "));
  CHECK(shared[1].overridden.empty());
}

TEST_CASE("a refusal is not overridden, and all findings are told with it", "[admission][harm]") {
  auto both = items("9.0.0.0/8\n");
  admission::guard(both, listing({"9.9.9.0/24"}), true);
  CHECK(both[0].outcome == Outcome::refused);
  CHECK(both[0].findings.size() == 2);
  CHECK(both[0].overridden.empty());
}

TEST_CASE("the door holds indicators with our extension against the checks, and no other", "[admission][harm]") {
  test::Hall hall;
  admission::harm::Surroundings const around;
  hall.visit.around = &around;
  auto const refused = hall.refused(ours("[ipv4-addr:value = '10.0.0.1']").dump());
  CHECK(refused.message.starts_with("value-reserved: "));
  CHECK(refused.message.find("10.0.0.1") == std::string::npos);
  auto plain = test::indicator();
  plain["pattern"] = "[ipv4-addr:value = '10.0.0.1']";
  (void)hall.accepted(plain);
}

TEST_CASE("an indicator of a kind is not taken below the floor of the kind, whichever way it comes",
          "[admission][harm]") {
  test::Hall hall;
  admission::harm::Surroundings const around;
  hall.visit.around = &around;
  hall.visit.overriding = true;  // which does not help
  auto shared = ours(
      "[user-account:account_type = 'llm-api' AND "
      "user-account:extensions.'extension-definition--5b39b55f-3cba-4822-8b32-7adeb83efaf2'.email_domain = "
      "'mail.harvest.net']");
  auto& facts = shared["extensions"]["extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"];
  facts["indicator_kind"] = "account-pattern";
  auto refusal = [&](stix::Tlp level) {
    shared["object_marking_refs"] = {stix::tlp2_id(level)};
    return hall.refused(shared.dump()).message;
  };
  CHECK(refusal(stix::Tlp::green).starts_with("marking-below-floor: "));
  shared.erase("object_marking_refs");  // the collection's default is GREEN
  CHECK(hall.refused(shared.dump()).message.starts_with("marking-below-floor: "));
  shared["object_marking_refs"] = {stix::tlp2_id(stix::Tlp::amber)};
  (void)hall.accepted(shared);
  facts["indicator_kind"] = "keyed-identifier";
  CHECK(refusal(stix::Tlp::amber).starts_with("marking-below-floor: "));
  CHECK(refusal(stix::Tlp::amber_strict).starts_with("property-missing: "));
}

TEST_CASE("what is for a named audience is taken for one of the member's own, and not for a peer's",
          "[admission][harm]") {
  constexpr char kRing[] = "marking-definition--11111111-2222-4333-8444-555555555555";
  test::Hall hall;
  admission::harm::Surroundings const around;
  hall.visit.around = &around;
  auto tables = hall.visit.directory->tables();
  store::Audience ring;
  ring.row = 1;
  ring.marking = core::parse_uuid(std::string_view(kRing).substr(20)).value();
  tables.audiences = {ring};
  tables.audience_members = {{1, 1, 1, std::nullopt}};
  hall.visit.directory = std::make_shared<access::Directory const>(std::move(tables), 2);
  auto shared = ours("[user-account:user_id = '7']");
  shared["extensions"]["extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"]["indicator_kind"] =
      "keyed-identifier";
  shared["object_marking_refs"] = {stix::tlp2_id(stix::Tlp::amber_strict), kRing};
  (void)hall.accepted(shared);
  admission::AudiencesElsewhere const elsewhere;
  hall.visit.elsewhere = &elsewhere;
  CHECK(hall.refused(shared.dump()).message.starts_with("property-missing: "));
}

TEST_CASE("what was shared before a check can be revoked", "[admission][harm]") {
  test::Hall hall;
  admission::harm::Surroundings const around;
  hall.visit.around = &around;
  auto revoked = ours("[ipv4-addr:value = '10.0.0.1']");
  revoked["revoked"] = true;
  (void)hall.accepted(revoked);
}

TEST_CASE("the door notes warnings that are overridden, and counts their objects", "[admission][harm]") {
  test::Hall hall;
  auto const around = listing({"9.9.9.0/24"});
  hall.visit.around = &around;
  auto const body = test::envelope(std::vector{ours("[ipv4-addr:value = '9.9.9.1']"), test::indicator(2)});
  CHECK(hall.submit(body)->refused.size() == 1);
  hall.visit.overriding = true;
  auto const admitted = hall.submit(body).value();
  CHECK(admitted.refused.empty());
  REQUIRE(admitted.overridden.size() == 1);
  CHECK(admitted.overridden[0] == std::vector{core::Code::value_allow_listed});
  CHECK(admitted.candidates[0].note.starts_with("value-allow-listed, overridden: "));
}

TEST_CASE("what nobody may keep any more is not taken, but can be revoked", "[admission][retention]") {
  test::Hall hall;
  auto shared = ours("[ipv4-addr:value = '9.9.9.9']");
  auto& until = shared["extensions"]["extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"]["share_until"];
  until = "2026-02-02T02:40:00.000001Z";  // a microsecond from now
  CHECK(hall.accepted(shared).searchable->share_until_us == test::kNow + 1);
  until = "2026-02-02T02:40:00Z";
  auto const message = hall.refused(shared.dump()).message;
  CHECK(message.starts_with("share-until-past: "));
  CHECK(message.contains("/share_until"));
  shared["revoked"] = true;
  CHECK(hall.accepted(shared).revoked);
}
