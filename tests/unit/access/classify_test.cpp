#include "server/access/classify.hpp"

#include <algorithm>
#include <set>

#include "tests/support/catch.hpp"

using namespace tocsin;
using access::ClassFacts;
using access::classify;
using access::Reader;
using stix::Tlp;

namespace {

constexpr Tlp kLevels[] = {Tlp::clear, Tlp::green, Tlp::amber, Tlp::amber_strict, Tlp::red};

stix::Identifier marking(std::string const& uuid) {
  return stix::Identifier::parse("marking-definition--" + uuid).value();
}

struct Known {
  char const* uuid;
  Tlp level;
};
constexpr Known kTen[] = {
    {"613f2e26-407d-48c7-9eca-b8e91df99dc9", Tlp::clear}, {"34098fce-860f-48ae-8e50-ebd3cc5e41da", Tlp::green},
    {"f88d31f6-486f-44da-b317-01333bde0b82", Tlp::amber}, {"5e57c739-391a-4eb3-b6be-7d15ca92d5ed", Tlp::red},
    {"94868c89-83c2-464b-929b-a1a8aa3c8487", Tlp::clear}, {"bab4a63c-aed9-4cf5-a766-dfca5abac2bb", Tlp::green},
    {"55d920b0-5e8b-4f79-9ee9-91f868d9b421", Tlp::amber}, {"939a9414-2ddd-4d32-a0cd-375ea402b003", Tlp::amber_strict},
    {"e828b379-4e03-4974-9ac4-e53a884c97c1", Tlp::red},   {"826578e1-40ad-459f-bc73-ede076f81f37", Tlp::amber_strict},
};

access::Meaning nothing(stix::Identifier const&) { return {}; }
access::Meaning everything(stix::Identifier const&) { return {access::Meaning::Kind::statement}; }

constexpr core::Uuid kRing{1}, kCircle{2};
using Codes = std::vector<std::string>;

std::vector<ClassFacts> all_classes() {
  std::vector<ClassFacts> out;
  std::vector<std::vector<access::AudienceAt>> const audiences{
      {}, {{kRing, 1}}, {{kRing, 2}}, {{kRing, 1}, {kCircle, 1}}};
  std::vector<std::optional<Codes>> const releases{std::nullopt, Codes{}, Codes{"aa"}, Codes{"aa", "bb"}};
  for (Tlp level : kLevels)
    for (bool unknown : {false, true})
      for (auto const& named : audiences)
        for (auto const& released : releases) out.push_back({level, unknown, named, released});
  return out;
}

std::vector<Reader> all_readers() {
  std::vector<Reader> out;
  for (Tlp clearance : kLevels)
    for (bool government : {false, true})
      for (bool reads_others : {false, true}) {
        out.push_back({clearance, std::nullopt, government, reads_others});
        for (Tlp limit : kLevels) out.push_back({std::min(clearance, limit), limit, government, reads_others});
      }
  std::vector<std::vector<access::Membership>> const memberships{
      {}, {{kRing, {{1, 9}}}}, {{kRing, {{2, 9}}}}, {{kRing, {{1, 2}, {4, 9}}}, {kCircle, {{1, 9}}}}};
  std::vector<Reader> all;
  for (Reader const& one : out)
    for (auto const& belongs : memberships)
      for (char const* authority : {"", "aa"}) {
        all.push_back(one);
        all.back().memberships = belongs;
        all.back().authority = one.government ? authority : "";
      }
  return all;
}

}  // namespace

TEST_CASE("each of the ten TLP ids gives its level whatever the default is", "[access][classify]") {
  for (auto const& [uuid, level] : kTen)
    for (Tlp fallback : kLevels) {
      std::vector markings{marking(uuid)};
      CHECK(classify(markings, fallback, nothing) == ClassFacts{level, false});
    }
}

TEST_CASE("an object without a TLP marking takes the default level", "[access][classify]") {
  for (Tlp fallback : kLevels) {
    CHECK(classify({}, fallback, nothing) == ClassFacts{fallback, false});
    std::vector statement{marking("00000000-0000-4000-8000-000000000001")};
    CHECK(classify(statement, fallback, everything) == ClassFacts{fallback, false});
  }
}

TEST_CASE("the strictest of several markings counts in any order", "[access][classify]") {
  for (auto const& a : kTen)
    for (auto const& b : kTen) {
      std::vector markings{marking(a.uuid), marking(b.uuid)};
      CHECK(classify(markings, Tlp::red, nothing).level == std::max(a.level, b.level));
    }
}

TEST_CASE("a marking that is neither TLP nor a statement makes the class unknown and leaves its level",
          "[access][classify]") {
  std::vector markings{marking(kTen[1].uuid), marking("00000000-0000-4000-8000-000000000001")};
  CHECK(classify(markings, Tlp::red, nothing) == ClassFacts{Tlp::green, true});
  CHECK(classify(markings, Tlp::red, everything) == ClassFacts{Tlp::green, false});
}

TEST_CASE("a class has one key that parses back and others do not", "[access][classify]") {
  std::set<std::string> keys;
  for (auto const& facts : all_classes()) {
    std::string key = access::class_key(facts);
    keys.insert(key);
    CHECK(access::parse_class_key(key) == facts);
    CHECK_FALSE(access::parse_class_key(key + " ").has_value());
    CHECK_FALSE(access::parse_class_key(key.substr(1)).has_value());
  }
  CHECK(keys.size() == all_classes().size());
  for (char const* key :
       {R"({"level":"green","unknown":false,"audiences":[]})", R"({"audiences":[],"level":"green","unknown":false})",
        R"({"audiences":[["x",1]],"level":"green","unknown":false})",
        R"({"audiences":1,"level":"green","unknown":false})",
        R"({"level":"green","releasable_to":["b","a"],"unknown":false})", R"({"level":"white","unknown":false})",
        R"({"level":"green","unknown":false,"more":1})", R"({"level":"green"})", "[]", ""})
    CHECK_FALSE(access::parse_class_key(key).has_value());
}

TEST_CASE("nobody sees of others what is unknown, or AMBER+STRICT or above without an audience", "[access][classify]") {
  std::size_t seen = 0;
  for (auto const& reader : all_readers())
    for (auto const& facts : all_classes()) {
      bool nobody = facts.unknown || (facts.level >= Tlp::amber_strict && facts.audiences.empty()) ||
                    facts.level > reader.clearance || !reader.reads_others;
      if (nobody && access::sees(reader, facts)) FAIL(access::class_key(facts));
      if (access::sees(reader, facts)) ++seen;
    }
  CHECK(seen > 1'000);
}

TEST_CASE("an audience is seen by who belonged at its epoch and belongs now", "[access][classify]") {
  Reader reader{Tlp::red, {}, false, true};
  for (Tlp level : kLevels) {
    ClassFacts facts{level, false, {{kRing, 3}}};
    reader.memberships = {};
    CHECK_FALSE(access::sees(reader, facts));
    reader.memberships = {{kCircle, {{1, 9}}}};
    CHECK_FALSE(access::sees(reader, facts));
    reader.memberships = {{kRing, {{1, 9}}}};
    CHECK(access::sees(reader, facts));
    reader.memberships = {{kRing, {{4, 9}}}};  // joined later
    CHECK_FALSE(access::sees(reader, facts));
    reader.memberships = {{kRing, {{1, 3}, {4, 9}}}};  // was not there just then
    CHECK_FALSE(access::sees(reader, facts));
    facts.audiences = {{kRing, 3}, {kCircle, 1}};  // each has to name the reader
    reader.memberships = {{kRing, {{1, 9}}}};
    CHECK_FALSE(access::sees(reader, facts));
    reader.memberships.push_back({kCircle, {{1, 9}}});
    CHECK(access::sees(reader, facts));
  }
}

TEST_CASE("a government sees from AMBER up what is releasable to its authority", "[access][classify]") {
  Reader liaison{Tlp::red, {}, true, true, "aa"};
  CHECK(access::sees(liaison, {Tlp::amber, false, {}, Codes{"aa", "bb"}}));
  CHECK_FALSE(access::sees(liaison, {Tlp::amber, false, {}, Codes{"bb"}}));
  CHECK_FALSE(access::sees(liaison, {Tlp::amber, false, {}, {}}));
  CHECK_FALSE(access::sees(liaison, {Tlp::red, false, {}, Codes{"aa"}}));
  CHECK_FALSE(access::sees(liaison, {Tlp::red, false, {{kRing, 1}}, Codes{"aa"}}));
  // Where there is a release, it names the only governments, whatever the level.
  CHECK_FALSE(access::sees(liaison, {Tlp::green, false, {}, Codes{"bb"}}));
  liaison.authority = "";
  CHECK_FALSE(access::sees(liaison, {Tlp::amber, false, {}, Codes{""}}));
  // Others are not concerned.
  CHECK(access::sees({Tlp::amber, {}, false, true}, {Tlp::amber, false, {}, Codes{"bb"}}));
}

TEST_CASE("of several releases only who is named by all is released to", "[access][classify]") {
  std::vector markings{marking("00000000-0000-4000-8000-000000000001"),
                       marking("00000000-0000-4000-8000-000000000002")};
  auto meaning = [&](stix::Identifier const& one) -> access::Meaning {
    return {access::Meaning::Kind::releasable,
            {},
            one.uuid() == markings[0].uuid() ? Codes{"aa", "bb"} : Codes{"bb", "cc"}};
  };
  CHECK(classify(markings, Tlp::amber, meaning).releasable_to == Codes{"bb"});
}

TEST_CASE("an audience that the asserter has left is an unknown marking", "[access][classify]") {
  std::vector markings{marking("00000000-0000-4000-8000-000000000001")};
  auto meaning = [](access::Meaning::Kind kind) {
    return [kind](stix::Identifier const&) -> access::Meaning { return {kind, {kRing, 2}, {}}; };
  };
  CHECK(classify(markings, Tlp::amber, meaning(access::Meaning::Kind::left)).unknown);
  auto facts = classify(markings, Tlp::amber, meaning(access::Meaning::Kind::audience));
  CHECK_FALSE(facts.unknown);
  CHECK(facts.audiences == std::vector<access::AudienceAt>{{kRing, 2}});
}

TEST_CASE("classes that differ in the epochs of their audiences are equal but for them", "[access][classify]") {
  ClassFacts one{Tlp::amber, false, {{kRing, 1}}, Codes{"aa"}}, other = one;
  other.audiences[0].epoch = 7;
  CHECK(access::equal_but_for_epochs(one, other));
  other.audiences[0].group = kCircle;
  CHECK_FALSE(access::equal_but_for_epochs(one, other));
  other = one;
  other.releasable_to.reset();
  CHECK_FALSE(access::equal_but_for_epochs(one, other));
}

TEST_CASE("a member sees what is within its clearance and a government nothing from AMBER up", "[access][classify]") {
  for (Tlp clearance : kLevels)
    for (Tlp level : {Tlp::clear, Tlp::green, Tlp::amber}) {
      CHECK(access::sees({clearance, {}, false, true}, {level, false}) == (level <= clearance));
      CHECK(access::sees({clearance, {}, true, true}, {level, false}) == (level <= clearance && level < Tlp::amber));
    }
}

TEST_CASE("an organisation sees its own of every class unless the credential is limited", "[access][classify]") {
  for (auto const& reader : all_readers())
    for (auto const& facts : all_classes())
      if (access::sees_own(reader, facts) != (!reader.credential_limit || facts.level <= *reader.credential_limit))
        FAIL(access::class_key(facts));
}

TEST_CASE("whoever sees more of others sees it of its own organisation too", "[access][classify]") {
  for (auto const& reader : all_readers())
    for (auto const& facts : all_classes())
      if (access::sees(reader, facts) && !access::sees_own(reader, facts)) FAIL(access::class_key(facts));
}

TEST_CASE("a class covers another when every reader of that one sees it too", "[access][classify]") {
  auto readers = all_readers();
  for (auto const& wide : all_classes())
    for (auto const& narrow : all_classes()) {
      if (!access::covers(wide, narrow)) continue;
      auto loses = [&](Reader const& one) { return access::sees(one, narrow) && !access::sees(one, wide); };
      if (std::ranges::any_of(readers, loses)) FAIL(access::class_key(wide) << " over " << access::class_key(narrow));
    }
}

TEST_CASE("covering holds of a class itself and goes on from class to class", "[access][classify]") {
  auto const classes = all_classes();
  for (auto const& a : classes) {
    CHECK(access::covers(a, a));
    for (auto const& b : classes) {
      if (!access::covers(a, b)) continue;
      for (auto const& c : classes)
        if (access::covers(b, c) && !access::covers(a, c))
          FAIL(access::class_key(a) << " over " << access::class_key(c));
    }
  }
}
