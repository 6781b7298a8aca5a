#include "server/stream/events.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin;

namespace {

std::string event(std::string_view name, std::string_view id, std::string_view data) {
  std::string out;
  stream::append_event(out, name, id, data);
  return out;
}

}  // namespace

TEST_CASE("an event is its fields, one a line, and an empty line", "[stream]") {
  CHECK(event("object", "x7", "{}") == "event: object\nid: x7\ndata: {}\n\n");
  CHECK(event("end", "", "{}") == "event: end\ndata: {}\n\n");
  CHECK(event("", "x7", "") == "id: x7\n\n");
}

TEST_CASE("each line of the data is a field, whichever break ends it", "[stream]") {
  CHECK(event("", "", "a\nb") == "data: a\ndata: b\n\n");
  CHECK(event("", "", "a\r\nb") == "data: a\ndata: b\n\n");
  CHECK(event("", "", "a\rb") == "data: a\ndata: b\n\n");
  CHECK(event("", "", "a\n\rb") == "data: a\ndata: \ndata: b\n\n");
  CHECK(event("", "", "a\n") == "data: a\ndata: \n\n");
  CHECK(event("", "", "\n\nevent: end") == "data: \ndata: \ndata: event: end\n\n");
}

TEST_CASE("a publication keeps the bytes of its object", "[stream]") {
  std::string out;
  stream::append_publication(out, {"91a7b528-80eb-42ed-a74d-c6fbd5a26116", R"({"b":1,"a":"\n"})", 1'000'000, "here"});
  CHECK(out ==
        "event: object\nid: here\n"
        R"(data: {"collection":"91a7b528-80eb-42ed-a74d-c6fbd5a26116","object":{"b":1,"a":"\n"},)"
        R"("date_added":"1970-01-01T00:00:01.000000Z"})"
        "\n\n");
}

TEST_CASE("a publication of what was said at a peer names the peer, behind all else", "[stream]") {
  std::string out;
  stream::append_publication(out, {"91a7b528", "{}", 1'000'000, "here", "ibis.example"});
  CHECK(
      out ==
      "event: object\nid: here\n"
      R"(data: {"collection":"91a7b528","object":{},"date_added":"1970-01-01T00:00:01.000000Z","origin":"ibis.example"})"
      "\n\n");
}

TEST_CASE("the end says why, in a code and a sentence", "[stream]") {
  CHECK(stream::end_event({core::Code::unauthorized, "He said \"no\".", "", "Ask."}) ==
        "event: end\n"
        R"(data: {"code":"unauthorized","why":"He said \"no\". Ask."})"
        "\n\n");
}
