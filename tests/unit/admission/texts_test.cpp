// Where each sign in a text begins and ends; the cases of tests/cases/harm say what becomes of them.
#include "server/admission/harm/texts.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace tocsin;
using admission::harm::signs_in;

namespace {

bool has_key(std::string_view text) { return signs_in(text).key; }
bool has_card(std::string_view text) { return signs_in(text).card; }
bool has_email(std::string_view text) { return signs_in(text).email; }
bool has_phone(std::string_view text) { return signs_in(text).phone; }

}  // namespace

TEST_CASE("a telephone number is a plus and 8 to 15 digits, in groups or not", "[admission][texts]") {
  for (char const* text :
       {"+12345678", "+123456789012345", "call +44 (20) 7946-0018.", "+ and +12345678", "(+1.234.5678)"})
    CHECK(has_phone(text));
  for (char const* text : {"+1234567", "+1234567890123456", "a+12345678", "+ 12345678", "+", "", "12345678"})
    CHECK_FALSE(has_phone(text));
}

TEST_CASE("an address of mail is a local part and a name with a dot and a last label of letters",
          "[admission][texts]") {
  for (char const* text : {"a@b.cd", "at joe.doe+x@mail-1.example.", "@ a@b.cd", "9_@B.CD-", "a@b.cd.-", "%@b.zz"})
    CHECK(has_email(text));
  for (char const* text : {"a@b", "a@.cd", "a@b.c", "a@b.c1", "a @b.cd", "@b.cd", "a@", "@", ""})
    CHECK_FALSE(has_email(text));
  CHECK_FALSE(has_email(std::string_view("a@b.cd").substr(1)));  // what stands before the text is none of it
  CHECK(has_email("a@" + std::string(249, 'b') + ".cd"));
  CHECK_FALSE(has_email("a@" + std::string(256, 'b') + ".cd"));
}

TEST_CASE("the number of a card has 13 to 19 digits, begins with 2 to 6, and its last one is right",
          "[admission][texts]") {
  for (char const* text :
       {"2012345678901", "6012345678907", "6012345678901234", "2012345678901234567", "6012345678901234563",
        "6012 3456 7890 1234", "6012-3456-7890-1234", "7 6012345678901234", "6012345678901234 7", "6012345678901234  7",
        "6012345678901234-", "6012345678901234 ", "(6012345678901234)", "1 6012345678901234"})
    CHECK(has_card(text));
  for (char const* text : {"601234567894", "20123456789012345677", "1012345678902", "7012345678906", "6012345678901235",
                           "6012  3456 7890 1234", "6012.3456.7890.1234", "x6012345678901234", "6012345678901234x",
                           "X6012345678901234", "6012345678901234Z", "6666666666666", "601234567890123", ""})
    CHECK_FALSE(has_card(text));
  CHECK_FALSE(has_card(std::string_view("6012345678901234").substr(0, 15)));
  CHECK(has_card(std::string_view("x6012345678901234").substr(1)));
}

TEST_CASE("a key has a known beginning that stands alone, enough characters, and a digit among them",
          "[admission][texts]") {
  std::string const nineteen = "abcdefghij012345678";
  CHECK(has_key("sk-" + nineteen + "9"));
  CHECK(has_key("sk-sk-" + nineteen + "9"));
  CHECK(has_key("use (sk-" + nineteen + "-)"));
  CHECK(has_key("sk-short, sk-" + nineteen + "z"));
  CHECK_FALSE(has_key("sk-" + nineteen));
  CHECK_FALSE(has_key("task-" + nineteen + "9"));
  CHECK_FALSE(has_key("Zsk-" + nineteen + "9"));
  CHECK_FALSE(has_key("sk-" + std::string(20, 'a')));
  CHECK_FALSE(has_key("sk-" + nineteen + " 9"));
  CHECK_FALSE(has_key(nineteen + nineteen + nineteen));
  CHECK(has_key(std::string_view("xAKIA0123456789ABCDEF").substr(1)));
}

TEST_CASE("a private key is known by the line that it begins with", "[admission][texts]") {
  CHECK(has_key("-----BEGIN RSA PRIVATE KEY-----"));
  CHECK(has_key("it: -----BEGIN PRIVATE KEY-----\nMII"));
  CHECK_FALSE(has_key("-----BEGIN CERTIFICATE-----"));
  CHECK_FALSE(has_key("PRIVATE KEY-----"));
  CHECK_FALSE(has_key("PRIVATE KEY----- -----BEGIN X"));
}
