#include "server/http/message.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::http {
namespace {

TEST_CASE("A query is split and decoded; brackets may be raw or encoded", "[http][query]") {
  auto query = Query::parse("match[type]=indicator&match%5Bid%5D=a%2Cb&empty=&flag&&x=1=2");
  REQUIRE(query);
  CHECK(query->find("match[type]") == "indicator");
  CHECK(query->find("match[id]") == "a,b");
  CHECK(query->find("empty") == "");
  CHECK(query->find("flag") == "");
  CHECK(query->find("x") == "1=2");
  CHECK(query->parameters().size() == 5);
  CHECK_FALSE(query->find("Flag"));
}

TEST_CASE("A plus sign stays a plus sign", "[http][query]") {
  CHECK(Query::parse("added_after=2026-01-01T00:00:00+00:00")->find("added_after") == "2026-01-01T00:00:00+00:00");
}

TEST_CASE("The first of several equal names is found, and all are counted", "[http][query]") {
  auto query = Query::parse("a=1&a=2");
  REQUIRE(query);
  CHECK(query->find("a") == "1");
  CHECK(query->count("a") == 2);
  CHECK(query->count("b") == 0);
}

TEST_CASE("An empty query has no parameters", "[http][query]") {
  CHECK(Query::parse("")->parameters().empty());
  CHECK(Query::parse("&&")->parameters().empty());
}

TEST_CASE("Queries that cannot be read in one way only are refused", "[http][query]") {
  for (std::string_view text : {"a=%", "a=%4", "a=%zz", "%=1", "a=%00", "a=%ff", "a=%c0%80"}) {
    INFO(text);
    auto query = Query::parse(text);
    REQUIRE_FALSE(query);
    CHECK(query.error().code == core::Code::bad_parameter);
  }
}

TEST_CASE("64 parameters are taken, 65 are not", "[http][query]") {
  std::string text = "a=1";
  for (int i = 1; i < 64; ++i) text += "&a=1";
  CHECK(Query::parse(text));
  CHECK_FALSE(Query::parse(text + "&a=1"));
}

}  // namespace
}  // namespace tocsin::http
