#include "server/catalog/corroboration.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace tocsin;
using nlohmann::json;

namespace {

constexpr store::RowId kAurora = 1, kBorealis = 2, kCassini = 3;
// A peer, two who speak at its instance, and another peer that an agreement says is one party with Cassini.
constexpr store::RowId kIbis = 11, kCurlew = 12, kEgret = 13, kCassiniCloud = 14;
constexpr store::RowId kGreen = 1, kRing = 2, kOwnRed = 3, kUnknown = 4;
constexpr std::int64_t kNow = 1'000;

// An audience whose second epoch the class kRing is of.
constexpr store::RowId kRingAudience = 7;

access::Directory directory(std::vector<store::AudienceMember> members = {}) {
  access::Directory::Tables tables;
  for (auto [row, clearance] : {std::pair(kAurora, 4), {kBorealis, 0}, {kCassini, 4}}) {
    store::Organisation one;
    one.row = row;
    one.name = "member " + std::to_string(row);
    one.clearance = clearance;
    tables.organisations.push_back(one);
  }
  for (auto [row, origin, party] :
       {std::array<store::RowId, 3>{kIbis, 1, 0}, {kCurlew, 1, 0}, {kEgret, 1, 0}, {kCassiniCloud, 2, kCassini}}) {
    store::Organisation one;
    one.row = row;
    one.name = "peer " + std::to_string(row);
    one.origin = origin;
    one.party = party;
    tables.organisations.push_back(one);
  }
  store::Audience ring;
  ring.row = kRingAudience;
  ring.group = core::Uuid{1};
  tables.audiences = {ring};
  tables.audience_members = std::move(members);
  tables.classes = {{kGreen, access::class_key({stix::Tlp::green})},
                    {kRing, access::class_key({stix::Tlp::amber, false, {{ring.group, 2}}})},
                    {kOwnRed, access::class_key({stix::Tlp::red})},
                    {kUnknown, access::class_key({stix::Tlp::green, true})}};
  return {std::move(tables), 1};
}

store::ValueClaim claim(store::RowId by, std::int64_t since, store::RowId class_row = kGreen) {
  store::ValueClaim out;
  out.asserter = by;
  out.named = true;
  out.class_row = class_row;
  out.since = since;
  return out;
}

store::ValueClaim unnamed(store::RowId by, std::int64_t since) {
  auto out = claim(by, since);
  out.named = false;
  return out;
}

std::pair<std::size_t, std::size_t> counted(std::vector<store::ValueClaim> claims,
                                            std::vector<store::AudienceMember> members = {}) {
  auto const members_now = directory(std::move(members));
  auto const out = catalog::Corroborations(members_now, kNow).of({std::move(claims), true});
  return {out.independent, out.repeated};
}

using Counted = std::pair<std::size_t, std::size_t>;

}  // namespace

TEST_CASE("who says something first says it independently, and who could read it repeats it", "[corroboration]") {
  CHECK(counted({}) == Counted(0, 0));
  CHECK(counted({claim(kAurora, 5)}) == Counted(1, 0));
  CHECK(counted({claim(kAurora, 5), claim(kBorealis, 6)}) == Counted(1, 1));
  CHECK(counted({claim(kCassini, 7), claim(kBorealis, 6), claim(kAurora, 5)}) == Counted(1, 2));
}

TEST_CASE("several indicators of an organisation count once, by the best of them", "[corroboration]") {
  CHECK(counted({claim(kAurora, 5), claim(kAurora, 9)}) == Counted(1, 0));
  CHECK(counted({claim(kAurora, 5), claim(kBorealis, 6), claim(kAurora, 9)}) == Counted(1, 1));
}

TEST_CASE("what somebody is cleared for does not show in the count", "[corroboration]") {
  // Borealis is cleared for nothing above CLEAR, and others must not find that out.
  CHECK(counted({claim(kAurora, 5), claim(kBorealis, 6)}) == counted({claim(kAurora, 5), claim(kCassini, 6)}));
}

TEST_CASE("only who belonged to an audience could read what it was shown", "[corroboration]") {
  std::vector const said{claim(kAurora, 5, kRing), claim(kBorealis, 6)};
  auto const member = [](std::int64_t since, std::optional<std::int64_t> until) {
    return std::vector<store::AudienceMember>{{kRingAudience, kBorealis, since, until}};
  };
  CHECK(counted(said) == Counted(2, 0));
  CHECK(counted(said, member(1, std::nullopt)) == Counted(1, 1));
  CHECK(counted(said, member(1, 3)) == Counted(1, 1));             // left since
  CHECK(counted(said, member(1, 2)) == Counted(2, 0));             // had left
  CHECK(counted(said, member(3, std::nullopt)) == Counted(2, 0));  // came later, and is not shown it
}

TEST_CASE("what was shown to nobody could not be repeated", "[corroboration]") {
  CHECK(counted({claim(kAurora, 5, kOwnRed), claim(kBorealis, 6)}) == Counted(2, 0));
  CHECK(counted({claim(kAurora, 5, kUnknown), claim(kBorealis, 6)}) == Counted(2, 0));
  CHECK(counted({claim(kAurora, 5, kOwnRed), unnamed(kBorealis, 6)}) == Counted(1, 1));
}

TEST_CASE("what rests on partners alone is a repeat, whoever came first", "[corroboration]") {
  auto relayed = claim(kAurora, 5);
  relayed.relayed = true;
  CHECK(counted({relayed}) == Counted(0, 1));
  CHECK(counted({claim(kBorealis, 4), relayed}) == Counted(1, 1));
}

TEST_CASE("what is revoked or over counts no more, and whoever repeated it still repeats", "[corroboration]") {
  auto first = claim(kAurora, 5);
  first.revoked = true;
  CHECK(counted({first}) == Counted(0, 0));
  CHECK(counted({first, claim(kBorealis, 6)}) == Counted(0, 1));
  first.revoked = false;
  first.valid_until_us = kNow;
  CHECK(counted({first, claim(kBorealis, 6)}) == Counted(0, 1));
  first.valid_until_us = kNow + 1;
  CHECK(counted({first, claim(kBorealis, 6)}) == Counted(1, 1));
}

TEST_CASE("who is not named counts as one, and no number tells whose it is", "[corroboration]") {
  CHECK(counted({unnamed(kAurora, 5)}) == Counted(1, 0));
  CHECK(counted({unnamed(kAurora, 5), unnamed(kBorealis, 6)}) == Counted(1, 0));
  // The same numbers, whether what is not named is the same organisation's or another's.
  for (auto const other : {kAurora, kBorealis}) {
    CHECK(counted({unnamed(other, 5), claim(kAurora, 6)}) == Counted(1, 1));
    CHECK(counted({claim(kAurora, 5), unnamed(other, 6)}) == Counted(1, 1));
    CHECK(counted({claim(kAurora, 5, kRing), unnamed(other, 4)}) == Counted(1, 1));
  }
}

TEST_CASE("all who speak at one instance are one party, however many they are", "[corroboration]") {
  CHECK(counted({claim(kCurlew, 5), claim(kEgret, 6), claim(kIbis, 7)}) == Counted(1, 0));
  CHECK(counted({claim(kCurlew, 5), claim(kAurora, 6)}) == Counted(1, 1));
  CHECK(counted({claim(kAurora, 5, kOwnRed), claim(kCurlew, 6), claim(kEgret, 7)}) == Counted(2, 0));
}

TEST_CASE("one party on two instances corroborates once", "[corroboration]") {
  CHECK(counted({claim(kCassini, 5), claim(kCassiniCloud, 6)}) == Counted(1, 0));
  CHECK(counted({claim(kCassiniCloud, 5), claim(kCassini, 6), claim(kAurora, 7)}) == Counted(1, 1));
}

TEST_CASE("what one of a party was shown, the others could repeat", "[corroboration]") {
  std::vector const said{claim(kAurora, 5, kRing), claim(kEgret, 6)};
  CHECK(counted(said) == Counted(2, 0));
  CHECK(counted(said, {{kRingAudience, kIbis, 1, std::nullopt}}) == Counted(1, 1));
}

TEST_CASE("of what was not all looked at, only how many there are at least is told", "[corroboration]") {
  auto const all = directory();
  auto const some = catalog::Corroborations(all, kNow).of({{claim(kAurora, 5), claim(kBorealis, 6)}, false});
  CHECK(catalog::to_json(some) == json{{"organisations", 2}, {"complete", false}});
  CHECK(catalog::to_json({2, 5, true}) ==
        json{{"organisations", 7}, {"independent", 2}, {"repeated", 5}, {"complete", true}});
}
