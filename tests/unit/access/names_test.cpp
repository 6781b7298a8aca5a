#include "server/access/names.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin::access;

TEST_CASE("a name is visible text of up to 100 bytes that is no path", "[access][names]") {
  for (std::string const& good : {std::string(100, 'n'), std::string("a b"), std::string("a~"), std::string("..."),
                                  std::string("b\xC3\xBC"), std::string("a!")})
    CHECK(is_name(good));
  for (std::string const& bad :
       {std::string(), std::string("."), std::string(".."), std::string(101, 'n'), std::string(" a"), std::string("a "),
        std::string("a\x1F") + "b", std::string("a\x7F"), std::string("a/b"), std::string("\xFF")}) {
    CAPTURE(bad);
    CHECK_FALSE(is_name(bad));
  }
}

TEST_CASE("a title is a name of letters, digits, dashes and spaces", "[access][names]") {
  CHECK(is_title("azAZ 09-"));
  CHECK(is_title(std::string(100, 't')));
  for (char const* bad : {"", " a", "a@", "a[", "a`", "a{", "a/", "a:", "a.b", "a,b", "a_b"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_title(bad));
  }
}

TEST_CASE("a word of up to 40 visible characters is shown, and no other", "[access][names]") {
  CHECK(in_quotes("a!~z") == " \"a!~z\"");
  CHECK(in_quotes(std::string(40, 'a')) == " \"" + std::string(40, 'a') + "\"");
  for (std::string const& hidden :
       {std::string(), std::string(41, 'a'), std::string("a b"), std::string("a\""), std::string("a\x7F")})
    CHECK(in_quotes(hidden).empty());
}
