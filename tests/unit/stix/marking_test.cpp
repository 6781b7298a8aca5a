#include "schema/stix/marking.hpp"

#include <array>
#include <utility>

#include "tests/support/catch.hpp"

namespace tocsin::stix {
namespace {

constexpr std::array kLevels{Tlp::clear, Tlp::green, Tlp::amber, Tlp::amber_strict, Tlp::red};

std::optional<Tlp> level_of(std::string const& text) { return tlp_of(Identifier::parse(text).value()); }

TEST_CASE("the ten marking ids of the traffic light protocol map to five levels", "[stix][marking]") {
  std::array<std::pair<char const*, Tlp>, 10> const known{{
      {"613f2e26-407d-48c7-9eca-b8e91df99dc9", Tlp::clear},
      {"34098fce-860f-48ae-8e50-ebd3cc5e41da", Tlp::green},
      {"f88d31f6-486f-44da-b317-01333bde0b82", Tlp::amber},
      {"5e57c739-391a-4eb3-b6be-7d15ca92d5ed", Tlp::red},
      {"94868c89-83c2-464b-929b-a1a8aa3c8487", Tlp::clear},
      {"bab4a63c-aed9-4cf5-a766-dfca5abac2bb", Tlp::green},
      {"55d920b0-5e8b-4f79-9ee9-91f868d9b421", Tlp::amber},
      {"939a9414-2ddd-4d32-a0cd-375ea402b003", Tlp::amber_strict},
      {"e828b379-4e03-4974-9ac4-e53a884c97c1", Tlp::red},
      {"826578e1-40ad-459f-bc73-ede076f81f37", Tlp::amber_strict},
  }};
  for (auto const& [uuid, level] : known) CHECK(level_of("marking-definition--" + std::string(uuid)) == level);
}

TEST_CASE("the digits of a marking id may be upper case", "[stix][marking]") {
  CHECK(level_of("marking-definition--5E57C739-391A-4EB3-B6BE-7D15CA92D5ED") == Tlp::red);
}

TEST_CASE("other markings and other types have no level", "[stix][marking]") {
  CHECK_FALSE(level_of("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ee"));
  CHECK_FALSE(level_of("indicator--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"));
}

TEST_CASE("the levels are ordered and their numbers are fixed", "[stix][marking]") {
  for (std::size_t i = 0; i < kLevels.size(); ++i) CHECK(static_cast<std::size_t>(kLevels[i]) == i);
}

TEST_CASE("names of levels read back in either case", "[stix][marking]") {
  for (auto level : kLevels) CHECK(parse_tlp(name(level)) == level);
  CHECK(parse_tlp("AMBER+STRICT") == Tlp::amber_strict);
  CHECK(parse_tlp("White") == Tlp::clear);
  for (auto text : {"", "amber-strict", "tlp:red", "red ", "reds"}) CHECK_FALSE(parse_tlp(text));
}

TEST_CASE("the TLP 2.0 id of a level has that level", "[stix][marking]") {
  for (auto level : kLevels) CHECK(level_of(std::string(tlp2_id(level))) == level);
}

TEST_CASE("the TLP 1 id of a level has that level, or the stricter RED for AMBER+STRICT", "[stix][marking]") {
  for (auto level : kLevels) {
    CHECK(level_of(std::string(tlp1_id(level))) == (level == Tlp::amber_strict ? Tlp::red : level));
    CHECK(tlp1_id(level) != tlp2_id(level));
    CHECK(tlp1_id(level).size() == tlp2_id(level).size());
  }
}

TEST_CASE("names of dialects read back, and nothing else is one", "[stix][marking]") {
  for (auto dialect : {MarkingDialect::tlp2, MarkingDialect::tlp1})
    CHECK(parse_marking_dialect(name(dialect)) == dialect);
  for (auto text : {"", "TLP1", "tlp", "tlp3", "tlp1 "}) CHECK_FALSE(parse_marking_dialect(text));
}

}  // namespace
}  // namespace tocsin::stix
