#include "clients/cpp/submitted_form.hpp"

#include "tests/support/catch.hpp"

namespace tocsin::client {
namespace {

TEST_CASE("what STIX, TAXII and a pull are made of is no items", "[client][submit]") {
  for (char const* text : {
           R"({"type":"bundle","id":"bundle--1","objects":[{"type":"indicator","id":"a--1"}]})",
           R"({"objects":[{"type":"indicator","id":"a--1"}],"more":false})",
           R"([{"type":"indicator","id":"a--1"}])",
           "{\"type\":\"indicator\",\"id\":\"a--1\"}\n{\"type\":\"indicator\",\"id\":\"a--2\"}\n",
           R"({"id":"a--1"})",
           R"({"type":"x-thing","id":"x-thing--1","kind":"ip-range"})",
       }) {
    CAPTURE(text);
    CHECK_FALSE(holds_items("-", text));
    CHECK_FALSE(holds_items("a.json", text));
  }
}

TEST_CASE("a draft, items in an array or lines, and events of MISP are items", "[client][submit]") {
  for (char const* text : {
           R"({"kind":"ip-range","value":"203.0.113.0/24"})",
           " \n[ {\"kind\":\"proxy-asn\",\"value\":64500} ]",
           "{\"kind\":\"campaign\",\"ref\":\"campaign\",\"name\":\"x\"}\n{\"kind\":\"ip-range\",\"value\":\"x\"}\n",
           "\xef\xbb\xbf{\"value\":\"203.0.113.1\",\"kind\":\"ip-range\"}",
           R"({"Event":{"Attribute":[]}})",
           R"({"response":[{"Event":{}}]})",
       }) {
    CAPTURE(text);
    CHECK(holds_items("-", text));
    CHECK(holds_items("draft.ndjson", text));
  }
}

TEST_CASE("tables and lists are items when their name or their header says so", "[client][submit]") {
  CHECK(holds_items("-", "kind,value\nip-range,203.0.113.1\n"));
  CHECK(holds_items("export", "\"Value\",note\n203.0.113.1,x\n"));
  CHECK(holds_items("some.csv", "203.0.113.1,50\n"));
  CHECK(holds_items("some.txt", "203.0.113.1\n"));
  CHECK(holds_items("some.list", "203.0.113.1\n"));
  CHECK_FALSE(holds_items("-", "203.0.113.1\n"));
  CHECK_FALSE(holds_items("-", "a,b\n1,2\n"));
}

TEST_CASE("what is empty or no good JSON is left to the reader of STIX to complain of", "[client][submit]") {
  for (char const* text :
       {"", " \n", "[]", "{}", "[1]", "{\"kind\":", "{\"kind\":1,}", "{\"kind\":1} x", "[[]]", "nul"}) {
    CAPTURE(text);
    CHECK_FALSE(holds_items("a.json", text));
    CHECK_FALSE(holds_items("-", text));
  }
  CHECK_FALSE(holds_items("a.csv", " \n"));
}

}  // namespace
}  // namespace tocsin::client
