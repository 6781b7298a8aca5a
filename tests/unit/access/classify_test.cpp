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

bool nothing(stix::Identifier const&) { return false; }
bool everything(stix::Identifier const&) { return true; }

std::vector<ClassFacts> all_classes() {
  std::vector<ClassFacts> out;
  for (Tlp level : kLevels)
    for (bool unknown : {false, true}) out.push_back({level, unknown});
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
  return out;
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
  CHECK_FALSE(access::parse_class_key(R"({"level":"green","unknown":false,"audiences":[]})").has_value());
}

TEST_CASE("nobody sees of others what is unknown or AMBER+STRICT or above", "[access][classify]") {
  for (auto const& reader : all_readers())
    for (auto const& facts : all_classes())
      if (facts.unknown || facts.level >= Tlp::amber_strict || facts.level > reader.clearance || !reader.reads_others)
        CHECK_FALSE(access::sees(reader, facts));
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
      CHECK(access::sees_own(reader, facts) == (!reader.credential_limit || facts.level <= *reader.credential_limit));
}

TEST_CASE("whoever sees more of others sees it of its own organisation too", "[access][classify]") {
  for (auto const& reader : all_readers())
    for (auto const& facts : all_classes())
      if (access::sees(reader, facts)) CHECK(access::sees_own(reader, facts));
}

TEST_CASE("a class covers another when every reader of that one sees it too", "[access][classify]") {
  auto readers = all_readers();
  for (auto const& wide : all_classes())
    for (auto const& narrow : all_classes()) {
      INFO(access::class_key(wide) << " over " << access::class_key(narrow));
      if (access::covers(wide, narrow))
        CHECK(std::ranges::all_of(
            readers, [&](Reader const& one) { return !access::sees(one, narrow) || access::sees(one, wide); }));
    }
}

TEST_CASE("covering holds of a class itself and goes on from class to class", "[access][classify]") {
  for (auto const& a : all_classes()) {
    CHECK(access::covers(a, a));
    for (auto const& b : all_classes())
      for (auto const& c : all_classes())
        if (access::covers(a, b) && access::covers(b, c)) CHECK(access::covers(a, c));
  }
}
