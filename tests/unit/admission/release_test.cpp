#include "server/admission/release.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using access::ClassFacts;
using admission::ReleaseTarget;
using stix::Json;
using stix::Tlp;

namespace {

constexpr std::int64_t kNow = 1'770'000'000'123'456;

std::string marking(core::Uuid const& uuid) { return "marking-definition--" + core::to_text(uuid); }

// Aurora, which asks, and another organisation, with the audiences of each and the markings of two authorities.
struct World {
  static constexpr store::RowId kAurora = 1, kOther = 2;

  access::Directory::Tables tables;
  std::string statement = marking(core::random_uuid());
  std::string ring, other, to_two, to_one;
  std::optional<access::Directory> directory;

  World() {
    for (auto const row : {kAurora, kOther}) {
      store::Organisation organisation;
      organisation.row = row;
      tables.organisations.push_back(organisation);
    }
    ring = audience("ring", kAurora, {});
    other = audience("other", kOther, {});
    to_two = audience("to-two", 0, {"XA", "XB"});
    to_one = audience("to-one", 0, {"XA"});
    (void)audience("to-one-again", 0, {"XA"});
    directory.emplace(tables, 1);
  }

  std::string audience(std::string const& name, store::RowId member, std::vector<std::string> const& authorities) {
    store::Audience row;
    row.row = static_cast<store::RowId>(tables.audiences.size()) + 1;
    row.group = core::random_uuid();
    row.marking = core::random_uuid();
    row.name = name;
    row.releasable_to = authorities;
    tables.audiences.push_back(row);
    if (member != 0) tables.audience_members.push_back({row.row, member, 1, {}});
    return marking(row.marking);
  }

  core::Result<ReleaseTarget> target(std::string const& text) const {
    return admission::parse_release_target(text, *directory, kAurora);
  }
  core::Result<Json> released(Json const& stored, std::string const& to) const {
    return admission::released(stored, target(to).value(), *directory, kAurora, kNow);
  }
  std::set<std::string> markings(Json const& stored, std::string const& to) const {
    return released(stored, to)->at("object_marking_refs").get<std::set<std::string>>();
  }
};

std::string tlp(Tlp level) { return std::string(stix::tlp2_id(level)); }

Json stored(std::vector<std::string> const& markings, std::string const& modified = "2026-01-02T03:04:05.678Z") {
  return {{"type", "indicator"}, {"modified", modified}, {"name", "said"}, {"object_marking_refs", markings}};
}

}  // namespace

TEST_CASE("A target is a level, an audience of the organisation by name or marking, or an authority") {
  World const world;
  CHECK(admission::text_of(world.target("tlp:green").value()) == "tlp:green");
  CHECK(admission::text_of(world.target("ring").value()) == world.ring);
  CHECK(admission::text_of(world.target(world.ring).value()) == world.ring);
  CHECK(admission::text_of(world.target("XA").value()) == world.to_one);
  CHECK(admission::text_of(world.target("XB").value()) == world.to_two);
  CHECK(admission::text_of(world.target("to-two").value()) == world.to_two);
  auto const not_a_marking = "identity" + world.ring.substr(world.ring.find("--"));
  for (auto const& text :
       {not_a_marking, std::string("other"), world.other, std::string("XC"), std::string("tlp:puce"), std::string()})
    CHECK(world.target(text).error().code == core::Code::bad_parameter);
}

TEST_CASE("A level takes the place of what limited the object more strictly, and of nothing else") {
  World const world;
  auto const all = stored({world.statement, tlp(Tlp::red), world.ring, world.to_one});
  CHECK(world.markings(all, "tlp:amber+strict") ==
        std::set{world.statement, tlp(Tlp::amber_strict), world.ring, world.to_one});
  CHECK(world.markings(all, "tlp:amber") == std::set{world.statement, tlp(Tlp::amber), world.to_one});
  CHECK(world.markings(all, "tlp:green") == std::set{world.statement, tlp(Tlp::green)});
}

TEST_CASE("An audience takes the place of audiences, and authorities that of authorities") {
  World const world;
  auto const all = stored({tlp(Tlp::amber_strict), world.ring, world.to_one});
  CHECK(world.markings(all, "ring") == std::set{tlp(Tlp::amber_strict), world.ring, world.to_one});
  CHECK(world.markings(all, "to-two") == std::set{tlp(Tlp::amber_strict), world.ring, world.to_two});
}

TEST_CASE("A release changes the markings and the time, which goes on") {
  World const world;
  for (auto const* modified : {"2026-01-02T03:04:05.678Z", "2031-01-02T03:04:05.678901Z"}) {
    auto const before = stored({tlp(Tlp::amber)}, modified);
    auto after = world.released(before, "tlp:green").value();
    CHECK(after.at("modified").get<std::string>() > modified);
    after["modified"] = before.at("modified");
    after["object_marking_refs"] = before.at("object_marking_refs");
    CHECK(after == before);
  }
}

TEST_CASE("What has no versions or was revoked is not released") {
  World const world;
  auto revoked = stored({});
  revoked["revoked"] = true;
  auto unversioned = stored({});
  unversioned.erase("modified");
  for (auto const& one : {revoked, unversioned})
    CHECK(world.released(one, "tlp:green").error().code == core::Code::unprocessable);
}

TEST_CASE("A release is to more, to all who saw, and of RED in two steps") {
  World const world;
  auto const check = [&](ClassFacts const& before, ClassFacts const& after, std::string const& to,
                         std::string_view kind = "indicator") {
    auto const good = admission::check_release(*world.directory, {before, after, kind}, world.target(to).value());
    return good ? std::optional<core::Code>() : good.error().code;
  };
  ClassFacts const red{Tlp::red}, amber{Tlp::amber}, green{Tlp::green}, clear{Tlp::clear};
  CHECK(check(amber, green, "tlp:green") == std::nullopt);
  CHECK(check(green, green, "tlp:green") == core::Code::release_not_wider);
  CHECK(check(green, amber, "tlp:amber") == core::Code::release_not_wider);
  CHECK(check(red, amber, "tlp:amber") == core::Code::release_of_red);
  CHECK(check(red, {Tlp::amber_strict}, "tlp:amber+strict") == core::Code::release_not_wider);
  CHECK(check(amber, {Tlp::green, true}, "tlp:green") == core::Code::release_not_wider);
  CHECK(check({Tlp::amber, true}, {Tlp::green, true}, "tlp:green") == core::Code::release_not_wider);
  CHECK(check(amber, amber, "tlp:green") == core::Code::unprocessable);
  CHECK(check(green, clear, "tlp:clear") == std::nullopt);
  ClassFacts to_government = amber;
  to_government.releasable_to = {"XA"};
  CHECK(check(amber, to_government, "XA") == std::nullopt);
  CHECK(check(amber, to_government, "XA", "ip-range") == std::nullopt);
  CHECK(check(amber, to_government, "XA", "keyed-identifier") == core::Code::marking_below_floor);
}
