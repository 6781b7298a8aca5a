#include "server/http/conditional.hpp"

#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

bool names(std::vector<std::string> const& fields, std::string_view etag = "\"abc\"") {
  Headers headers;
  headers.add("Accept", "\"abc\"");
  for (auto const& field : fields) headers.add("if-none-match", field);
  return names_etag(headers, etag);
}

TEST_CASE("If-None-Match compares weakly: a W/ on either side makes no difference", "[http][conditional]") {
  for (std::string field : {"\"abc\"", "W/\"abc\"", " W/\"abc\" "}) {
    for (std::string_view etag : {"\"abc\"", "W/\"abc\""}) {
      INFO(field << " " << etag);
      CHECK(names({field}, etag));
    }
  }
}

TEST_CASE("If-None-Match is a list, over one line or several, whose tags may hold commas", "[http][conditional]") {
  CHECK(names({"\"x\", \"abc\""}));
  CHECK(names({"\"x\",W/\"y\"\t,, W/\"abc\" , \"z\""}));
  CHECK(names({"\"x\"", "\"abc\""}));
  CHECK(names({"\"a,b\""}, "\"a,b\""));
  CHECK(names({"\"\""}, "\"\""));
  CHECK(names({"*"}));
}

TEST_CASE("Other tags, parts of tags and what is no tag do not name the entity", "[http][conditional]") {
  CHECK_FALSE(names({}));
  for (std::string field : {"\"abcd\"", "\"ab\"", "\"ABC\"", "abc", "", ",", "\"abc", "w/\"abc\"", "W/abc", "W/",
                            "\"x\"abc\"", "\"x\" \"abc\"", "\"x, \"abc\"", "**", "\"x\", *"}) {
    INFO(field);
    CHECK_FALSE(names({field}));
  }
}

}  // namespace
}  // namespace tocsin::http
