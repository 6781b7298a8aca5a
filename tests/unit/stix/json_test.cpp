#include "schema/stix/json.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

namespace tocsin::stix {
namespace {

using core::Code;

core::Error refusal(std::string_view text, JsonLimits limits = {}) {
  auto document = parse_json(text, limits);
  INFO("text: " << text);
  REQUIRE_FALSE(document.has_value());
  return document.error();
}

Json accepted(std::string_view text, JsonLimits limits = {}) {
  auto document = parse_json(text, limits);
  INFO("text: " << text << " error: " << (document ? "" : document.error().detail));
  REQUIRE(document.has_value());
  return *document;
}

std::string nested(std::size_t depth, char open, std::string_view inside, char close) {
  return std::string(depth, open) + std::string(inside) + std::string(depth, close);
}

TEST_CASE("a document is built with every kind of value in its place", "[stix][json]") {
  Json document = accepted(R"( {"a":[1,-2,2.5,"x",true,false,null,{},[]],"b":{"c":{"d":"e"}},"":0} )");
  REQUIRE(document == Json::parse(R"({"a":[1,-2,2.5,"x",true,false,null,{},[]],"b":{"c":{"d":"e"}},"":0})"));
  REQUIRE(document["a"][0].is_number_unsigned());
  REQUIRE(document["a"][2].is_number_float());
}

TEST_CASE("one scalar is a JSON text", "[stix][json]") {
  CHECK(accepted("\t\r\n 7 ") == 7);
  CHECK(accepted("\"x\"") == "x");
  CHECK(accepted("null").is_null());
}

TEST_CASE("escapes in names and strings are read", "[stix][json]") {
  Json document = accepted(R"({"\u0061\"\\":"\b\f\n\r\t\/\ud83d\ude00\u0000"})");
  REQUIRE(document.contains("a\"\\"));
  REQUIRE(document["a\"\\"] == std::string("\b\f\n\r\t/\xF0\x9F\x98\x80\0", 11));
}

TEST_CASE("a name that occurs twice in one object is refused with its place", "[stix][json]") {
  auto error = refusal("{\"a\":1,\n  \"b\":2, \"a\":3}");
  CHECK(error.code == Code::json_duplicate_name);
  CHECK(error.detail == "The name \"a\" occurs a second time in its object at line 2, column 10.");
  CHECK_FALSE(error.remedy.empty());
}

TEST_CASE("names are compared after their escapes are resolved", "[stix][json]") {
  auto error = refusal(R"({"a\\\"":1,"\u0061\u005c\"":2})");
  CHECK(error.code == Code::json_duplicate_name);
  CHECK(error.detail == R"(The name "a\\\"" occurs a second time in its object at line 1, column 12.)");
}

TEST_CASE("the same name in different objects is accepted", "[stix][json]") {
  CHECK(accepted(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]})").size() == 2);
}

TEST_CASE("a duplicate is refused wherever it stands in the order of names", "[stix][json]") {
  for (auto text : {R"({"a":1,"a":2})", R"({"b":1,"a":2,"b":3})", R"({"c":1,"b":2,"a":3,"a":4})", R"([{"":1,"":2}])"}) {
    CHECK(refusal(text).code == Code::json_duplicate_name);
  }
}

TEST_CASE("a long duplicate name is counted, not repeated", "[stix][json]") {
  std::string name(5000, 'n');
  auto error = refusal("{\"" + name + "\":1,\"" + name + "\":2}");
  CHECK(error.code == Code::json_duplicate_name);
  CHECK(error.detail.starts_with("A name of 5000 bytes "));
  CHECK(error.detail.size() < 200);
}

TEST_CASE("nesting is accepted up to the limit and refused one deeper", "[stix][json]") {
  CHECK(accepted(nested(64, '[', "", ']')).is_array());
  auto error = refusal(nested(65, '[', "", ']'));
  CHECK(error.code == Code::json_too_deep);
  CHECK(error.detail == "Arrays and objects are nested more than 64 deep at line 1, column 65.");
  CHECK(accepted(R"({"a":[{}]})", {.depth = 3}).is_object());
  CHECK(refusal(R"({"a":[{}]})", {.depth = 2}).code == Code::json_too_deep);
  CHECK(accepted("1", {.depth = 0}) == 1);
  CHECK(refusal("[]", {.depth = 0}).code == Code::json_too_deep);
}

TEST_CASE("a million open brackets are refused at the limit, not followed", "[stix][json]") {
  CHECK(refusal(std::string(1'000'000, '[')).code == Code::json_too_deep);
}

TEST_CASE("integers are accepted up to 2^53-1 on either side of zero", "[stix][json]") {
  CHECK(accepted("9007199254740991") == 9007199254740991);
  CHECK(accepted("-9007199254740991") == -9007199254740991);
  for (auto text :
       {"9007199254740992", "-9007199254740992", "9223372036854775808", "-9223372036854775809", "18446744073709551615",
        "18446744073709551616", "100000000000000000000000000000", "-100000000000000000000000000000"}) {
    CHECK(refusal(text).code == Code::json_number_range);
  }
}

TEST_CASE("a number whose canonical form would be an integer out of range is refused", "[stix][json]") {
  for (auto text : {"9007199254740992.0", "9007199254740993e0", "1e20", "-1e16", "999999999999999900000.0"}) {
    CHECK(refusal(text).code == Code::json_number_range);
  }
  CHECK(accepted("1e21").is_number_float());
  CHECK(accepted("-1.7976931348623157e308").is_number_float());
}

TEST_CASE("an integer is one however it is written", "[stix][json]") {
  CHECK(accepted("1.0").is_number_unsigned());
  CHECK(accepted("1e2") == accepted("100"));
  CHECK(accepted("-5.0").is_number_integer());
  CHECK(accepted("-0.0") == accepted("0"));
  CHECK(accepted("9007199254740991.0") == 9007199254740991);
  CHECK(accepted("0.5").is_number_float());
}

TEST_CASE("numbers that are no finite double are refused", "[stix][json]") {
  CHECK(refusal("1e999").code == Code::json_number_range);
  CHECK(refusal("[1,-1e400]").detail ==
        "The number at line 1, column 4 is outside the range that every JSON reader carries exactly.");
  for (auto text : {"NaN", "Infinity", "-Infinity", "nan", "inf"}) CHECK(refusal(text).code == Code::json_syntax);
}

TEST_CASE("the place of a number out of range is its first character", "[stix][json]") {
  for (auto text :
       {"{\"a\":\n -9007199254740992}", "{\"a\":\n -9007199254740992,", "{\"a\":\n -9007199254740992.0 }"}) {
    CHECK(refusal(text).detail ==
          "The number at line 2, column 2 is outside the range that every JSON reader carries exactly.");
  }
  CHECK(refusal("9007199254740992").detail ==
        "The number at line 1, column 1 is outside the range that every JSON reader carries exactly.");
}

TEST_CASE("text that breaks the grammar is refused", "[stix][json]") {
  for (auto text :
       {"",         "  ",        "{",     "[",       "{\"a\"", "{\"a\":", "{\"a\":1",  "[1,",    "[1,]",   "{\"a\":1,}",
        "[1 2]",    "{\"a\" 1}", "{a:1}", "{'a':1}", "01",     "+1",      "1.",        ".5",     "1e",     "-",
        "--1",      "0x10",      "tru",   "True",    "\"a",    "\"\\x\"", "\"\\u12\"", "\"\t\"", "\"\n\"", "// c\n1",
        "/* c */1", "[1]]",      "{}{}",  "1 2",     "]",      "}",       ",",         ":",      "[1,,2]", "{,}"}) {
    CHECK(refusal(text).code == Code::json_syntax);
  }
}

TEST_CASE("a refusal for grammar names line and column and echoes nothing", "[stix][json]") {
  auto error = refusal("{\"secret\": hunter2}");
  CHECK(error.detail == "The text breaks the JSON grammar at line 1, column 12.");
  CHECK(refusal("{\r\n\"a\":\r\n !}").detail == "The text breaks the JSON grammar at line 3, column 2.");
  CHECK(refusal("[1,\n2").detail == "The text ends at line 2, column 2, before its JSON value is complete.");
  CHECK(refusal("{} x").detail == "More text follows the end of the JSON value at line 1, column 4.");
  CHECK(refusal(" \n ").detail == "The text is empty.");
  CHECK(refusal("[1, ]").remedy == "Remove the comma before the closing bracket.");
  CHECK(refusal("['a']").remedy == "Put names and strings into double quotes.");
  CHECK(refusal("[1]/**/").code == Code::json_syntax);
  CHECK(refusal("[/**/1]").remedy == "Remove the comment.");
}

TEST_CASE("a zero byte does not end the text", "[stix][json]") {
  using std::string_view_literals::operator""sv;
  for (auto text : {"{}\0"sv, "{}\0{}"sv, "1\0"sv, "\0"sv, "{\0}"sv, "\"a\0b\""sv, "[1,\0]"sv}) {
    CHECK(refusal(text).code == Code::json_syntax);
  }
}

TEST_CASE("a byte order mark is refused", "[stix][json]") {
  CHECK(refusal("\xEF\xBB\xBF{}").code == Code::json_encoding);
  CHECK(refusal("{}\xEF\xBB\xBF").code == Code::json_syntax);
}

TEST_CASE("ill-formed UTF-8 is refused with the place of its first byte", "[stix][json]") {
  for (auto bytes : {"\x80", "\xC3(", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "\xE2\x82"}) {
    auto error = refusal("{\"a\":\n\"" + std::string(bytes) + "\"}");
    CHECK(error.code == Code::json_encoding);
    CHECK(error.detail == "The text is not valid UTF-8 at line 2, column 2.");
  }
  CHECK(refusal("{\"\xFF\":1}").code == Code::json_encoding);
  CHECK(refusal("\xFF\xFE{\0}\0").code == Code::json_encoding);
}

TEST_CASE("an escape for half a surrogate pair is refused", "[stix][json]") {
  for (auto text : {R"("\ud800")", R"("\udc00")", R"("\uDBFFx")", R"("\ud800\n")", R"("\ud800\ud800")",
                    R"("\ud800\u0041")", R"("\udE00\ud83d")", R"("\ud83d \ude00")"}) {
    auto error = refusal(text);
    CHECK(error.code == Code::json_encoding);
    CHECK(error.detail.starts_with("The escape at line 1, column "));
  }
}

TEST_CASE("other mistakes near surrogates keep their own name", "[stix][json]") {
  CHECK(refusal("\"\\ud83d\\ude00\x01\"").code == Code::json_syntax);
  CHECK(refusal("\"\\\\ud83d\x01\"").code == Code::json_syntax);
  CHECK(refusal("\"\\ud83d\\uZZZZ\"").code == Code::json_syntax);
}

}  // namespace
}  // namespace tocsin::stix
