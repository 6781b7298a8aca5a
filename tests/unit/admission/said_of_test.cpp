#include "server/admission/said_of.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace tocsin;
using admission::said_of;
using stix::Json;
using Texts = std::vector<std::string>;

namespace {

std::string indicator(int number) {
  return "indicator--8e2e2d2b-17d4-4cbf-938f-" + std::to_string(100'000'000'000 + number);
}

Json opinion(Json const& subjects) { return {{"type", "opinion"}, {"object_refs", subjects}}; }

}  // namespace

TEST_CASE("a sighting is about what was seen, and an opinion about each of its objects once", "[admission][said-of]") {
  CHECK(said_of({{"type", "sighting"}, {"sighting_of_ref", indicator(1)}}) == Texts{indicator(1)});
  CHECK(said_of(opinion({indicator(2), indicator(1), indicator(2)})) == Texts{indicator(2), indicator(1)});
  CHECK(said_of(opinion({"indicator--8E2E2D2B-17D4-4CBF-938F-100000000001"})) == Texts{indicator(1)});
}

TEST_CASE("what is no identifier is passed over", "[admission][said-of]") {
  CHECK(said_of(opinion({5, "nothing", indicator(1)})) == Texts{indicator(1)});
  CHECK(said_of({{"type", "sighting"}}).empty());
}

TEST_CASE("of other objects nothing is said", "[admission][said-of]") {
  CHECK(said_of({{"type", "report"}, {"object_refs", {indicator(1)}}}).empty());
  CHECK(said_of({{"type", "note"}, {"sighting_of_ref", indicator(1)}}).empty());
  CHECK(said_of({{"type", "sighting"}, {"object_refs", {indicator(1)}}}).empty());
}

TEST_CASE("an opinion is found by 64 objects at most", "[admission][said-of]") {
  Json many = Json::array();
  for (int i = 1; i <= 70; ++i) many.push_back(indicator(i));
  CHECK(said_of(opinion(many)).size() == admission::kMostSubjects);
}
