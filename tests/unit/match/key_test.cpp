#include "server/match/key.hpp"

#include "tests/support/catch.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;

// Empty: refused.
std::string key(Field field, std::string_view text) {
  auto const parsed = parse_key(field, text);
  if (parsed) CHECK(parsed->field == field);
  if (!parsed) CHECK(parsed.error().code == core::Code::property_value);
  return parsed ? parsed->text : "";
}

constexpr std::string_view kJa4 = "t13d1516h2_8daaf6152771_02713d6af862";

}  // namespace

TEST_CASE("A domain is looked up in lower case without the dot at its end, and in ASCII only") {
  CHECK(key(Field::domain, "Proxy.Example.NET.") == "proxy.example.net");
  CHECK(key(Field::domain, " xn--bcher-kva.example ") == "xn--bcher-kva.example");
  CHECK(key(Field::domain, "_dmarc.example.net") == "_dmarc.example.net");
  for (auto const* wrong : {"", ".", "a..b", ".a",
                            "b\xc3\xbc"
                            "cher.example",
                            "a b.example", "user@example.net"})
    CHECK(key(Field::domain, wrong).empty());
  CHECK(key(Field::domain, std::string(63, 'a') + ".example") == std::string(63, 'a') + ".example");
  CHECK(key(Field::domain, std::string(64, 'a') + ".example").empty());
  std::string longest = "a";
  while (longest.size() < 253) longest += ".a";
  CHECK(key(Field::domain, longest) == longest);
  CHECK(key(Field::domain, longest + "aa").empty());
}

TEST_CASE("Of an e-mail address only the domain is kept") {
  CHECK(key(Field::email_domain, "Some.One+tag@Mail.Example") == "mail.example");
  CHECK(key(Field::email_domain, "\"a@b\"@mail.example") == "mail.example");
  CHECK(key(Field::email_domain, "mail.example") == "mail.example");
  CHECK(key(Field::email_domain, "someone@").empty());
}

TEST_CASE("A JA3 is 32 hexadecimal digits in lower case") {
  CHECK(key(Field::ja3, "CD08E31494F9531F560D64C695473DA9") == "cd08e31494f9531f560d64c695473da9");
  CHECK(key(Field::ja3, "cd08e31494f9531f560d64c695473da").empty());
  CHECK(key(Field::ja3, "xd08e31494f9531f560d64c695473da9").empty());
}

TEST_CASE("A JA4 is whole, or says which part of it counts") {
  CHECK(key(Field::ja4, "T13D1516H2_8DAAF6152771_02713D6AF862") == kJa4);
  CHECK(key(Field::ja4, "t13d1516h2") == "t13d1516h2_*_*");
  CHECK(key(Field::ja4, "t13d1516h2_*_*") == "t13d1516h2_*_*");
  CHECK(key(Field::ja4, "t13d1516h2_*_02713d6af862") == "t13d1516h2_*_02713d6af862");
  for (auto const* wrong : {"", "t13d1516h", "t13d1516h2_", "t13d1516h2_8daaf6152771_*", "*_8daaf6152771_02713d6af862",
                            "t13d1516h2_8daaf6152771_02713d6af86", "t13d1516h2_8daaf6152771-02713d6af862",
                            "t13d1516h2_8daaf615277x_02713d6af862", "t13d1516h2_*_02713d6af8621", "t13d1516h2_*_"})
    CHECK(key(Field::ja4, wrong).empty());
}

TEST_CASE("A JA4 has three forms, and a partial one itself") {
  auto const forms = forms_of_ja4(kJa4);
  CHECK(forms[0].text == kJa4);
  CHECK(forms[1].text == "t13d1516h2_*_02713d6af862");
  CHECK(forms[2].text == "t13d1516h2_*_*");
  CHECK(forms[0].share > forms[1].share);
  CHECK(forms[1].share > forms[2].share);
  CHECK(forms[2].share > 0);
  auto const partial = forms_of_ja4("t13d1516h2_*_*");
  CHECK(partial[0].text == "t13d1516h2_*_*");
  CHECK(partial[1].text.empty());
}

TEST_CASE("A user agent is compared as it is, but for blanks around it") {
  CHECK(key(Field::user_agent, " Harvester/2.1 (x64) ") == "Harvester/2.1 (x64)");
  CHECK(key(Field::user_agent, "  ").empty());
  CHECK(key(Field::user_agent, std::string(4'096, 'a')).size() == 4'096);
  CHECK(key(Field::user_agent, std::string(4'097, 'a')).empty());
}

TEST_CASE("A keyed identifier is the same only with the same kind") {
  auto const card = parse_identifier("payment-card", "AB12"), same = parse_identifier("payment-card", " ab12 ");
  auto const mail = parse_identifier("email", "ab12");
  REQUIRE(card);
  REQUIRE(mail);
  REQUIRE(same);
  CHECK(*card == *same);
  CHECK(*card != *mail);
  CHECK(!parse_identifier("", "ab12"));
  CHECK(!parse_identifier("email", ""));
  CHECK(!parse_identifier(std::string_view("a\0b", 3), "c"));
  CHECK(!parse_identifier("email", std::string(257, 'a')));
}

TEST_CASE("What is looked up otherwise is no key") {
  CHECK(key(Field::address, "192.0.2.1").empty());
  CHECK(key(Field::asn, "64496").empty());
  CHECK(key(Field::identifier, "ab12").empty());
}
