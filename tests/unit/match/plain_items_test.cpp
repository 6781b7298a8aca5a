#include "server/match/plain_items.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace tocsin;
using namespace tocsin::match;

namespace {

// The same question, written so that it is read the slower way.
std::string with_confidence(std::string body) { return body.replace(body.rfind('}'), 1, R"(,"min_confidence":0})"); }

std::string batch(std::size_t count) {
  std::string out = R"({"items":[{"ip":"203.0.113.7"})";
  for (std::size_t i = 1; i < count; ++i) out += R"(,{"ip":"203.0.113.7"})";
  return out + "]}";
}

}  // namespace

TEST_CASE("a batch of addresses is the same question whichever way it is read", "[match]") {
  for (std::string const body :
       {R"({"items":[{"ip":"203.0.113.7"}]})", R"({"items":[{"ip":"2001:db8::7","ref":"r1"},{"ref":"","ip":"::"}]})",
        R"({"items":[{"ref":"only { this }"}]})", R"({"items":[{"ip":" ::ffff:203.0.113.7 "}]})",
        " {\t\"items\" : [ { \"ip\"\n: \"203.0.113.7\" , \"ref\" : \"~\" } ,\r\n{\"ip\":\"::1\"} ] } \n"}) {
    CAPTURE(body);
    auto const plain = parse_plain_items(body);
    REQUIRE(plain);
    REQUIRE_FALSE(parse_plain_items(with_confidence(body)));
    auto const slower = parse_question(with_confidence(body)).value();
    CHECK(plain->is_subject == slower.is_subject);
    CHECK(plain->min_confidence == slower.min_confidence);
    REQUIRE(plain->items.size() == slower.items.size());
    for (std::size_t i = 0; i < slower.items.size(); ++i) {
      CHECK(plain->items[i].ref == slower.items[i].ref);
      CHECK(plain->items[i].item.address == slower.items[i].item.address);
    }
  }
}

TEST_CASE("what is no plain batch of addresses is left to the slower way", "[match]") {
  for (std::string const body : {"",
                                 "{",
                                 "[]",
                                 "{}",
                                 R"({"items":[]})",
                                 R"({"items":[{}]})",
                                 R"({"items":[{"ip":"203.0.113.7"}]}})",
                                 R"({"items":[{"ip":"203.0.113.7"},]})",
                                 R"({"items":[{"ip":"203.0.113.7",}]})",
                                 R"({"items":[{"ip":"203.0.113.7"}])",
                                 R"({"items":[{"ip":"203.0.113.7"} {"ip":"203.0.113.7"}]})",
                                 R"({"items":[{"ip":"203.0.113.7"}],"items":[]})",
                                 R"({"items":[{"ip":"203.0.113.7","ip":"203.0.113.7"}]})",
                                 R"({"items":[{"ref":"a","ref":"a"}]})",
                                 R"({"items":[{"ip":"203.0.113.7","asn":"1"}]})",
                                 R"({"items":[{"asn":"1"}]})",
                                 R"({"items":[{"ip":7}]})",
                                 R"({"items":[{"ip":"203.0.113.0/24"}]})",
                                 R"({"items":[{"ip":"\u0032\u003a\u003a"}]})",
                                 R"({"items":[{"ref":"é"}]})",
                                 "{\"items\":[{\"ref\":\"\x01\"}]}",
                                 "{\"items\":[{\"ref\":\"\x7f\"}]}",
                                 "\xEF\xBB\xBF{\"items\":[{\"ip\":\"::\"}]}",
                                 R"({"subject":{"ip":"203.0.113.7"}})"}) {
    CAPTURE(body);
    CHECK_FALSE(parse_plain_items(body));
  }
  CHECK_FALSE(parse_plain_items(std::string(R"({"items":[{"ip":"::"}]})") + '\0'));
  CHECK_FALSE(parse_plain_items(R"({"items":[{"ref":")" + std::string(kLongestRef + 1, 'a') + R"("}]})"));
}

TEST_CASE("a plain batch has 10,000 addresses at most", "[match]") {
  CHECK(parse_plain_items(batch(kMostItems)).value().items.size() == kMostItems);
  CHECK_FALSE(parse_plain_items(batch(kMostItems + 1)));
  CHECK(parse_question(batch(kMostItems + 1)).error().code == core::Code::content_too_large);
}
