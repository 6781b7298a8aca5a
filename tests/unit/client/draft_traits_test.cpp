#include <string>

#include "clients/cpp/draft/campaign_items.hpp"
#include "clients/cpp/draft/shared_mail.hpp"
#include "clients/cpp/draft/traits.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::client {
namespace {

std::string mailbox(std::string_view text) {
  auto const parsed = parse_mailbox(text);
  return parsed ? parsed->shape + "@" + parsed->domain : "none";
}

std::string address(std::string_view text) {
  auto const parsed = parse_address(text);
  return parsed ? kinds::to_text(*parsed) : "none";
}

}  // namespace

TEST_CASE("of an e-mail address the domain stays, and of what is before it the shape", "[client][draft]") {
  CHECK(mailbox("wei1987@mail.example") == "aaa9999@mail.example");
  CHECK(mailbox("J.Doe+x_9@Mail.Example.") == "A.Aaa+a_9@mail.example");
  CHECK(mailbox("a@b@mail.example") == "@mail.example");
  CHECK(mailbox("m\xc3\xbcller@mail.example") == "@mail.example");
  CHECK(mailbox(std::string(65, 'a') + "@mail.example") == "@mail.example");
  for (auto const* text : {"", "mail.example", "@mail.example", "a@", "a@localhost", "a@192.0.2.1", "a@[192.0.2.1]",
                           "a@mail..example", "a@-x.example", "a@x_y.example", "a@m\xc3\xbcller.example", "a@.example"})
    CHECK(mailbox(text) == "none");
}

TEST_CASE("an address is a single one, and belongs to a /24 or a /48", "[client][draft]") {
  CHECK(address("192.0.2.7") == "192.0.2.7");
  CHECK(address("2001:DB8::0:1") == "2001:db8::1");
  CHECK(address("::ffff:192.0.2.7") == "192.0.2.7");
  for (auto const* text : {"", "192.0.2.0/24", "192.0.2.7/32", "192.0.2.1-192.0.2.2", "192.0.2.256", "host"})
    CHECK(address(text) == "none");
  CHECK(kinds::to_text(neighbourhood(*parse_address("192.0.2.7"))) == "192.0.2.0/24");
  CHECK(kinds::to_text(neighbourhood(*parse_address("2001:db8:1:2::3"))) == "2001:db8:1::/48");
}

TEST_CASE("private and reserved addresses are told from those of the Internet", "[client][draft]") {
  for (auto const* text : {"10.1.2.3", "172.31.0.1", "192.168.0.1", "100.64.0.1", "127.0.0.1", "169.254.1.1",
                           "224.0.0.1", "255.255.255.255", "::1", "fd00::1", "fe80::1", "ff02::1"})
    CHECK(is_reserved(*parse_address(text)));
  for (auto const* text : {"192.0.2.1", "172.32.0.1", "100.128.0.1", "8.8.8.8", "2001:db8::1", "2600::1"})
    CHECK_FALSE(is_reserved(*parse_address(text)));
}

TEST_CASE("only what has the form of a JA4 fingerprint is one", "[client][draft]") {
  CHECK(parse_ja4("T13D1516H2_8daaf6152771_b186095e22b6") == "t13d1516h2_8daaf6152771_b186095e22b6");
  CHECK(parse_ja4("q13i0310h3_55b375c5d22e_cd85d2d88918").has_value());
  for (auto const* text : {"", "x13d1516h2_8daaf6152771_b186095e22b6", "t13d1516h2_8daaf6152771_b186095e22bg",
                           "t13d1516h2_8daaf6152771-b186095e22b6", "t13d1516h2_8daaf6152771_b186095e22b",
                           "4111111111111111", "tok_8daaf61527718daaf61527718daaf61527718"})
    CHECK_FALSE(parse_ja4(text));
}

TEST_CASE("of a time only the day is taken", "[client][draft]") {
  CHECK(parse_day("2026-01-31") == "2026-01-31");
  CHECK(parse_day("2026-01-31T12:34:56+02:00") == "2026-01-31");
  CHECK(parse_day("2026-01-31 12:34") == "2026-01-31");
  for (auto const* text : {"", "2026-02-30", "31.01.2026", "1769860000", "2026-01-310"}) CHECK_FALSE(parse_day(text));
}

TEST_CASE("free-mail and university domains are known under every country's ending", "[client][draft]") {
  for (auto const* domain : {"gmail.com", "yahoo.com", "yahoo.co.jp", "gmx.de", "163.com", "yeah.net", "126.com",
                             "mit.edu", "cs.mit.edu", "ox.ac.uk", "tsinghua.edu.cn"})
    CHECK(is_shared_mail(domain));
  for (auto const* domain : {"mail.example", "gmail.com.example", "notgmail.com", "edu.example", "ac.uk", "co.uk"})
    CHECK_FALSE(is_shared_mail(domain));
}

TEST_CASE("a count above 1,000 keeps two digits, and never grows", "[client][draft]") {
  CHECK(shareable(0) == 0);
  CHECK(shareable(1'000) == 1'000);
  CHECK(shareable(1'001) == 1'000);
  CHECK(shareable(1'299) == 1'200);
  CHECK(shareable(19'999) == 19'000);
  CHECK(shareable(123'456) == 120'000);
}

}  // namespace tocsin::client
