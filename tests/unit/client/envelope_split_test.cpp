#include "clients/cpp/envelope_split.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin;
using client::split_envelope;
using client::split_input;
using Slices = std::vector<std::string_view>;

TEST_CASE("an envelope is cut into the exact bytes of its objects", "[client][envelope]") {
  auto const page = split_envelope(R"({"more":true, "objects":[ {"a": "]}\"{"} ,{"b":[1,{"c":2}]}],"next":"p\u0032"})");
  REQUIRE(page);
  CHECK(page->objects == Slices{R"({"a": "]}\"{"})", R"({"b":[1,{"c":2}]})"});
  CHECK(page->more);
  CHECK(page->next == "p2");
}

TEST_CASE("an envelope without objects is an empty page", "[client][envelope]") {
  for (auto text : {"{}", R"({"more":false})", R"( {"more":false,"objects":[]} )"}) {
    auto const page = split_envelope(text);
    REQUIRE(page);
    CHECK(page->objects.empty());
    CHECK_FALSE(page->more);
    CHECK(page->next.empty());
  }
}

TEST_CASE("what is no TAXII envelope is refused", "[client][envelope]") {
  auto const code = [](std::string_view text) { return split_envelope(text).error().code; };
  CHECK(code("[]") == core::Code::envelope_invalid);
  CHECK(code("") == core::Code::envelope_invalid);
  CHECK(code(R"({"more":1})") == core::Code::envelope_invalid);
  CHECK(code(R"({"next":1})") == core::Code::envelope_invalid);
  CHECK(code(R"({"objects":{}})") == core::Code::envelope_invalid);
  CHECK(code(R"({"objects":[1]})") == core::Code::envelope_invalid);
  CHECK(code(R"({"objects":[{}]}x)") == core::Code::json_syntax);
  CHECK(code(R"({"objects":[{})") == core::Code::json_syntax);
  CHECK(code(R"({"objects":[{},]})") == core::Code::envelope_invalid);
  CHECK(code(R"({"objects":[{"a":"])") == core::Code::json_syntax);
  CHECK(code(R"({"objects":[],"\u006fbjects":[]})") == core::Code::json_duplicate_name);
}

TEST_CASE("input may be a bundle, an envelope, an array, objects, or lines of any", "[client][envelope]") {
  CHECK(split_input(R"({"type":"bundle","id":"bundle--1","objects":[{"a":1},{"b":2}]})") ==
        Slices{R"({"a":1})", R"({"b":2})"});
  CHECK(split_input(R"({"objects":[{"a":1}]})") == Slices{R"({"a":1})"});
  CHECK(split_input(R"([{"a":1},{"b":2}])") == Slices{R"({"a":1})", R"({"b":2})"});
  CHECK(split_input("{\"a\":1}\n{\"b\":2}\n[{\"c\":3}]\n") == Slices{R"({"a":1})", R"({"b":2})", R"({"c":3})"});
  CHECK(split_input(R"({"type":"bundle","id":"bundle--1"})") == Slices{});
  CHECK(split_input("") == Slices{});
}

TEST_CASE("an object with a type of its own is not opened for its objects", "[client][envelope]") {
  constexpr auto kObserved = R"({"type":"observed-data","objects":[{"type":"file"}]})";
  CHECK(split_input(kObserved) == Slices{kObserved});
}

TEST_CASE("a mistake in the input is placed where it is", "[client][envelope]") {
  auto const detail = [](std::string_view text) { return split_input(text).error().detail; };
  CHECK(detail("{\"a\":1}\n{\"b\":]}").contains("line 2, column 6"));
  CHECK(detail("[{\"a\":1},\n 7]").contains("line 2, column 2"));
  CHECK(detail("{\"a\":1}\n\"text\"").contains("line 2, column 1"));
  CHECK(client::place_of("ab\ncd", 4) == "line 2, column 2");
}
