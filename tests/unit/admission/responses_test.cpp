#include "server/admission/responses.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/object.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using admission::Subject;
using core::Code;
using stix::Json;

namespace {

constexpr char const* kId = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
std::string const kGreen(stix::tlp2_id(stix::Tlp::green)), kAmber(stix::tlp2_id(stix::Tlp::amber)),
    kRed(stix::tlp2_id(stix::Tlp::red));
std::string const kAudience = "marking-definition--00000000-0000-4000-8000-000000000007";
admission::Sayer const kSayer{"identity--0b9d0e0c-7a55-4b38-8f0e-6a2f3ad1c7e4", 1'770'000'000'123'456};
using List = std::vector<std::string>;

Subject subject(Json const& version, stix::Tlp level) {
  auto out = admission::subject_of(version, level);
  out.id = kId;
  return out;
}

Json marked(List const& markings) { return {{"object_marking_refs", markings}}; }

Json opinion(Json const& said, Subject const& about, Json const& standing = nullptr) {
  auto made = admission::opinion_on(said, standing, about, kSayer);
  REQUIRE(made.has_value());
  return *made;
}

Code refusal(Json const& said, Subject const& about) {
  auto const made = admission::opinion_on(said, nullptr, about, kSayer),
             other = admission::sighting_of(said, about, kSayer);
  return made ? other.error().code : made.error().code;
}

}  // namespace

TEST_CASE("a sighting is a valid object with what was said of it in its places", "[admission][responses]") {
  Json const said{{"outcome", "confirmed"}, {"count", 7},        {"first_seen", "2026-01-31T12:00:00Z"},
                  {"tlp", "green"},         {"as_member", true}, {"affected_accounts_bucket", "10-99"}};
  auto const made = admission::sighting_of(said, subject(marked({kGreen}), stix::Tlp::green), kSayer);
  REQUIRE(made.has_value());
  CHECK(stix::parse_object(*made).has_value());
  CHECK(made->at("sighting_of_ref") == kId);
  CHECK(made->at("count") == 7);
  CHECK(made->at("created_by_ref") == kSayer.creator);
  auto const& facts = made->at("extensions").begin().value();
  CHECK(facts.at("outcome") == "confirmed");
  CHECK(facts.at("affected_accounts_bucket") == "10-99");
  CHECK_FALSE(made->contains("tlp"));
  CHECK_FALSE(made->contains("as_member"));
}

TEST_CASE("what is said is marked as what it is said of, as a whole, in a part, or by its collection",
          "[admission][responses]") {
  Json const said{{"opinion", "agree"}};
  auto const markings = [&](Subject const& about) {
    return opinion(said, about).at("object_marking_refs").get<List>();
  };
  CHECK(markings(subject(marked({kAmber, kAudience}), stix::Tlp::amber)) == List{kAudience, kAmber});
  CHECK(markings(subject(Json::object(), stix::Tlp::amber)) == List{kAmber});  // its collection says who sees it
  Json granular = marked({kGreen});
  granular["granular_markings"] = {{{"marking_ref", kAudience}, {"selectors", {"name"}}},
                                   {{"lang", "en"}, {"selectors", {"name"}}}};
  CHECK(markings(subject(granular, stix::Tlp::green)) == List{kAudience, kGreen});
}

TEST_CASE("a stricter level takes the place of the subject's, and a lower one is refused", "[admission][responses]") {
  auto const about = subject(marked({kAmber, kAudience}), stix::Tlp::amber);
  CHECK(opinion({{"opinion", "agree"}, {"tlp", "red"}}, about).at("object_marking_refs") ==
        Json(List{kAudience, kRed}));
  for (char const* lower : {"clear", "green"})
    for (Json const& said :
         {Json{{"opinion", "agree"}, {"tlp", lower}}, Json{{"outcome", "confirmed"}, {"tlp", lower}}}) {
      CHECK(admission::opinion_on(said, nullptr, about, kSayer).error().code == Code::marking_below_floor);
      CHECK(admission::sighting_of(said, about, kSayer).error().code == Code::marking_below_floor);
    }
  CHECK(refusal({{"opinion", "agree"}, {"tlp", "purple"}}, about) == Code::property_value);
  CHECK(refusal({{"opinion", "agree"}, {"tlp", 3}}, about) == Code::property_value);
}

TEST_CASE("an opinion said again is the one that stands, and another one a later version of it",
          "[admission][responses]") {
  auto const about = subject(marked({kGreen}), stix::Tlp::green);
  auto const first = opinion({{"opinion", "disagree"}, {"explanation", "ours"}}, about);
  CHECK(stix::parse_object(first).has_value());
  CHECK(opinion({{"opinion", "disagree"}, {"explanation", "ours"}}, about, first) == first);
  auto const second = opinion({{"opinion", "agree"}}, about, first);
  CHECK(second.at("id") == first.at("id"));
  CHECK(second.at("created") == first.at("created"));
  CHECK(second.at("modified") > first.at("modified"));
  CHECK_FALSE(second.contains("explanation"));
  auto revoked = first;
  revoked["revoked"] = true;
  CHECK(opinion({{"opinion", "agree"}}, about, revoked).at("id") != first.at("id"));
}

TEST_CASE("what is no member of the request, is blank or holds a key is refused", "[admission][responses]") {
  auto const about = subject(marked({kGreen}), stix::Tlp::green);
  for (char const* name : {"id", "created_by_ref", "object_marking_refs", "extensions", "revoked"})
    CHECK(refusal({{name, "x"}}, about) == Code::property_unknown);
  CHECK(refusal({{"opinion", "agree"}, {"explanation", " \n"}}, about) == Code::property_value);
  CHECK(refusal({{"opinion", "agree"}, {"explanation", "4111 1111 1111 1111"}}, about) == Code::secret_in_text);
  for (char const* personal : {"ask ada@mail.example", "call +44 20 7946 0018"})
    CHECK(refusal({{"opinion", "agree"}, {"explanation", personal}}, about) == Code::personal_data_in_text);
}

TEST_CASE("a pointer into what was made leads to what was said", "[admission][responses]") {
  std::string const extension = "/extensions/extension-definition--b296ba0d-0d6e-4ba3-955f-90923e2aaff1";
  CHECK(admission::said_pointer(extension + "/outcome") == "/outcome");
  CHECK(admission::said_pointer("/count") == "/count");
  CHECK(admission::said_pointer("/object_marking_refs/0") == "/tlp");
  for (char const* other : {"", "/", "/sighting_of_ref", "/extensions"}) CHECK(admission::said_pointer(other).empty());
}

TEST_CASE("an opinion that is withdrawn is its last version, and stays that", "[admission][responses]") {
  Json const standing{{"type", "opinion"},
                      {"id", "opinion--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"},
                      {"modified", "2026-01-01T00:00:00.000Z"},
                      {"opinion", "disagree"}};
  auto const withdrawn = admission::opinion_withdrawn({{"withdraw", true}}, standing, 0);
  REQUIRE(withdrawn);
  CHECK(withdrawn->at("id") == standing.at("id"));
  CHECK(withdrawn->at("revoked") == true);
  CHECK(withdrawn->at("modified") == "2026-01-01T00:00:00.001Z");
  CHECK(admission::opinion_withdrawn({{"withdraw", true}}, *withdrawn, 0).value() == *withdrawn);
  CHECK(admission::opinion_withdrawn({{"withdraw", true}}, nullptr, 0).error().code == core::Code::not_found);
}

TEST_CASE("only `withdraw` and only true withdraws an opinion", "[admission][responses]") {
  Json const standing{{"type", "opinion"}, {"modified", "2026-01-01T00:00:00.000Z"}};
  CHECK(admission::opinion_withdrawn({{"withdraw", false}}, standing, 0).error().code == Code::property_value);
  CHECK(admission::opinion_withdrawn({{"opinion", "agree"}}, standing, 0).error().code == Code::property_unknown);
}

TEST_CASE("a key, a card, an address of mail and a blank text are refused each by itself", "[admission][responses]") {
  auto const about = subject(marked({kGreen}), stix::Tlp::green);
  auto const code = [&](char const* said) {
    return admission::opinion_on({{"explanation", said}}, nullptr, about, kSayer).error().code;
  };
  CHECK(code("sk-proj-0123456789abcdefghij") == Code::secret_in_text);
  CHECK(code("") == Code::property_value);
  CHECK(admission::sighting_of({{"action_taken", " "}}, about, kSayer).error().code == Code::property_value);
}
