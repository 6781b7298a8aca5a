#include "clients/cpp/opinion.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/object.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using namespace tocsin::client;
using nlohmann::json;

namespace {

constexpr char const* kId = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
std::string const kGreen(stix::tlp2_id(stix::Tlp::green)), kAmber(stix::tlp2_id(stix::Tlp::amber)),
    kRed(stix::tlp2_id(stix::Tlp::red));
std::string const kAudience = "marking-definition--00000000-0000-4000-8000-000000000007";

json object(std::vector<std::string> const& markings) {
  json out{{"type", "indicator"}, {"id", kId}};
  if (!markings.empty()) out["object_marking_refs"] = markings;
  return out;
}

Outcome<std::string> about(std::vector<json> const& objects, std::optional<stix::Tlp> level = {},
                           std::string const& because = "our own gateway") {
  return opinion_about(
      objects, {"opinion--8c49ee4b-2f1c-4a58-9a3b-1b6a0e6f6f0a", "identity--0b9d0e0c-7a55-4b38-8f0e-6a2f3ad1c7e4",
                because, level, 1'770'000'000'123'456});
}

std::vector<std::string> markings(Outcome<std::string> const& opinion) {
  REQUIRE(opinion.has_value());
  return json::parse(*opinion).value("object_marking_refs", std::vector<std::string>{});
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("the opinion is a valid object that disagrees and says why", "[client][dispute]") {
  auto const text = about({object({kGreen})});
  REQUIRE(text.has_value());
  auto const opinion = json::parse(*text);
  CHECK(stix::parse_object(opinion).has_value());
  CHECK(opinion["opinion"] == "strongly-disagree");
  CHECK(opinion["explanation"] == "our own gateway");
  CHECK(opinion["object_refs"] == json{kId});
  CHECK(opinion["created_by_ref"] == "identity--0b9d0e0c-7a55-4b38-8f0e-6a2f3ad1c7e4");
  CHECK(opinion["created"] == opinion["modified"]);
}

TEST_CASE("the opinion is marked as what it disputes, on the whole and on its parts", "[client][dispute]") {
  CHECK(markings(about({object({})})).empty());
  CHECK(markings(about({object({kAmber, kAudience})})) == List{kAudience, kAmber});
  auto granular = object({kGreen});
  granular["granular_markings"] = {{{"marking_ref", kRed}, {"selectors", {"name"}}},
                                   {{"lang", "en"}, {"selectors", {"name"}}}};
  CHECK(markings(about({granular})) == List{kGreen, kRed});
  CHECK(markings(about({object({kGreen}), object({kAudience})})) == List{kAudience, kGreen});
}

TEST_CASE("a stricter level takes the place of the object's, and a lower one is refused", "[client][dispute]") {
  CHECK(markings(about({object({kGreen, kAudience})}, stix::Tlp::red)) == List{kAudience, kRed});
  CHECK(markings(about({object({kGreen})}, stix::Tlp::green)) == List{kGreen});
  CHECK(about({object({kAmber})}, stix::Tlp::green).error().exit == Exit::local);
  CHECK(about({object({kGreen}), object({kRed})}, stix::Tlp::amber).error().exit == Exit::local);
  CHECK(about({object({kAudience})}, stix::Tlp::red).error().exit == Exit::local);
}

TEST_CASE("an opinion without a reason is not made", "[client][dispute]") {
  for (char const* because : {"", "  \t", "\xFF"}) CHECK(about({object({})}, {}, because).error().exit == Exit::local);
}
