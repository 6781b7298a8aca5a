#include "server/match/question.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace tocsin;
using namespace tocsin::match;

namespace {

core::Error refused(std::string const& body) {
  auto const parsed = parse_question(body);
  REQUIRE(!parsed);
  return parsed.error();
}

}  // namespace

TEST_CASE("a question says of each item what is known of it", "[match]") {
  auto const question =
      parse_question(
          R"({"items":[{"ref":"r1","ip":"::ffff:203.0.113.7","asn":"AS64500","email":"A.B@Mail.Example",
      "ja4":"T13D1516H2_8daaf6152771_02713d6af862","user_agent":"x","at":"2026-11-20T12:00:00Z","prompt":"A prompt, of five words",
      "identifiers":[{"kind":"payment","value":"AB"}]},{"asn":64501}],"min_confidence":50})")
          .value();
  CHECK_FALSE(question.is_subject);
  CHECK(question.min_confidence == 50);
  REQUIRE(question.items.size() == 2);
  auto const& [ref, item] = question.items.front();
  CHECK(ref == "r1");
  CHECK(item.prints == kinds::prints_of("a prompt of five words"));
  CHECK(item.address == IpAddress{0xCB007107, false});
  CHECK(item.asn == 64500U);
  CHECK(item.at_us == 1'795'176'000'000'000);
  REQUIRE(item.keys.size() == 4);
  for (auto const& key : item.keys) {
    if (key.field == Field::email_domain) CHECK(key.text == "mail.example");
    if (key.field == Field::ja4) CHECK(key.text == "t13d1516h2_8daaf6152771_02713d6af862");
  }
  CHECK(question.items.back().item.asn == 64501U);
}

TEST_CASE("a subject is one item", "[match]") {
  auto const question = parse_question(R"({"subject":{"domain":"Proxy.Example."}})").value();
  CHECK(question.is_subject);
  REQUIRE(question.items.size() == 1);
  CHECK(question.items.front().item.keys.front().text == "proxy.example");
}

TEST_CASE("what is wrong in a question is said with its place, and without the value", "[match]") {
  struct Case {
    char const *body, *pointer;
    core::Code code;
  };
  using enum core::Code;
  for (auto const& [body, pointer, code] :
       {Case{"[]", "", bad_parameter}, Case{"{}", "", bad_parameter}, Case{"{", "", json_syntax},
        Case{R"({"items":[],"subject":{}})", "", bad_parameter}, Case{R"({"items":{}})", "/items", bad_parameter},
        Case{R"({"items":[5]})", "/items/0", bad_parameter},
        Case{R"({"items":[{},{"ip":"203.0.113.0/24"}]})", "/items/1/ip", bad_parameter},
        Case{R"({"items":[{"ip":7}]})", "/items/0/ip", bad_parameter},
        Case{R"({"items":[{"asn":-1}]})", "/items/0/asn", bad_parameter},
        Case{R"({"items":[{"asn":4294967296}]})", "/items/0/asn", bad_parameter},
        Case{R"({"items":[{"at":"today"}]})", "/items/0/at", bad_parameter},
        Case{R"({"items":[{"domain":"a b"}]})", "/items/0/domain", bad_parameter},
        Case{R"({"items":[{"identifiers":{}}]})", "/items/0/identifiers", bad_parameter},
        Case{R"({"items":[{"identifiers":[{"kind":"x"}]}]})", "/items/0/identifiers", bad_parameter},
        Case{R"({"items":[{"port":7}]})", "/items/0/port", bad_parameter},
        Case{R"({"items":[{"port":"7"}]})", "/items/0/port", property_unknown},
        Case{R"({"items":[],"fields":[]})", "/fields", property_unknown},
        Case{R"({"items":[],"min_confidence":101})", "/min_confidence", bad_parameter},
        Case{R"({"subject":{"ja4":"t13"}})", "/subject/ja4", bad_parameter}}) {
    CAPTURE(body);
    auto const error = refused(body);
    CHECK(error.code == code);
    CHECK(error.pointer == pointer);
  }
  CHECK(refused(R"({"items":[{"ip":"secret-value"}]})").detail.find("secret-value") == std::string::npos);
}

TEST_CASE("an item has 64 identifiers at most", "[match]") {
  auto const of = [](std::size_t identifiers) {
    std::string out = R"({"subject":{"identifiers":[)";
    for (std::size_t at = 0; at < identifiers; ++at)
      out += std::string(at == 0 ? "" : ",") + R"({"kind":"x","value":"y"})";
    return out + "]}}";
  };
  CHECK(parse_question(of(64)).has_value());
  CHECK(refused(of(65)).pointer == "/subject/identifiers");
}

TEST_CASE("a question has 10,000 items and a prompt 64 KiB at most", "[match]") {
  auto const of = [](std::size_t items, std::string const& item) {
    std::string out = R"({"items":[)";
    for (std::size_t at = 0; at < items; ++at) out += (at == 0 ? "" : ",") + item;
    return out + "]}";
  };
  auto const prompt = [](std::size_t bytes) { return R"({"prompt":")" + std::string(bytes, 'a') + "\"}"; };
  CHECK(parse_question(of(kMostItems, "{}")).value().items.size() == kMostItems);
  CHECK(refused(of(kMostItems + 1, "{}")).code == core::Code::content_too_large);
  CHECK(parse_question(of(1, prompt(kLongestPrompt))).has_value());
  CHECK(refused(of(1, prompt(kLongestPrompt + 1))).code == core::Code::content_too_large);
}
