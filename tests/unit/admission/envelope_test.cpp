#include "server/admission/envelope.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin;
using admission::split_envelope;
using core::Code;

namespace {

std::vector<std::string> objects_of(std::string const& body) {
  auto envelope = split_envelope(body);
  if (!envelope) FAIL(envelope.error().detail);
  return {envelope->objects.begin(), envelope->objects.end()};
}

Code refusal(std::string const& body) {
  CAPTURE(body.substr(0, 200));
  auto envelope = split_envelope(body);
  REQUIRE_FALSE(envelope.has_value());
  CHECK_FALSE(envelope.error().detail.empty());
  CHECK_FALSE(envelope.error().remedy.empty());
  return envelope.error().code;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// An element for each way in which a bracket, a comma or a quote can stand where it delimits nothing.
std::vector<std::string> const kElements{
    R"({})",
    R"({"a":[1,{"b":"}"}],"c":"]"})",
    R"({"quote":"\"","backslash":"\\","both":"\\\""})",
    R"([1,[2,[3]]])",
    R"("],}")",
    R"(-1.5e3)",
    R"(null)",
    "{ \"a\" :\t1 ,\r\n\"b\" : [ ] }",
};

std::string with_elements() {
  std::string body = R"({"type":"bundle","id":"bundle--1","objects":[)";
  for (auto const& element : kElements) body += (&element == &kElements.front() ? "" : ",") + element;
  return body + R"(],"spec_version":"2.1"})";
}

}  // namespace

TEST_CASE("Each object is found as it stands in the body, whatever is inside it", "[admission][envelope]") {
  CHECK(objects_of(with_elements()) == kElements);
}

TEST_CASE("The objects are views into the body, in its order", "[admission][envelope]") {
  std::string const body = with_elements();
  auto envelope = split_envelope(body);
  REQUIRE(envelope.has_value());
  char const* last = body.data();
  for (auto object : envelope->objects) {
    CHECK(object.data() > last);
    last = object.data() + object.size();
    CHECK(last < body.data() + body.size());
  }
}

TEST_CASE("A body that ends anywhere before its end is no envelope", "[admission][envelope]") {
  std::string const body = with_elements();
  for (std::size_t size = 0; size < body.size(); ++size) {
    auto code = refusal(body.substr(0, size));
    CHECK((code == Code::json_syntax || code == Code::envelope_invalid));
  }
}

TEST_CASE("A body with anything behind its end is no envelope", "[admission][envelope]") {
  for (char const* rest : {"x", "{}", ",", "]", "}", "\"\"", "0"})
    CHECK(refusal(with_elements() + rest) == Code::json_syntax);
  CHECK(objects_of(with_elements() + " \r\n\t") == kElements);
}

TEST_CASE("White space between the tokens of an envelope changes nothing", "[admission][envelope]") {
  std::vector<std::string> const tokens{"{",         "\"type\"", ":",     "\"bundle\"", ",", "\"objects\"", ":", "[",
                                        "{\"a\":1}", ",",        "[ 2 ]", "]",          "}"};
  std::vector<std::string> const expected{"{\"a\":1}", "[ 2 ]"};
  for (std::string space : {"", " ", "\t", "\r\n", " \n\n\t "}) {
    std::string body = space;
    for (auto const& token : tokens) body += token + space;
    CHECK(objects_of(body) == expected);
  }
}

TEST_CASE("A character that only looks like white space is none", "[admission][envelope]") {
  for (std::string space : {"\v", "\f", "\xC2\xA0", "\xEF\xBB\xBF"}) {
    CHECK(refusal(space + R"({"objects":[]})") == Code::envelope_invalid);
    CHECK(refusal(R"({)" + space + R"("objects":[]})") == Code::json_syntax);
    CHECK(refusal(R"({"objects":[])" + space + "}") == Code::json_syntax);
  }
  CHECK(refusal(std::string("{\"objects\":[]\0}", 15)) == Code::json_syntax);
}

TEST_CASE("An envelope without objects holds none", "[admission][envelope]") {
  CHECK(objects_of(R"({"objects":[]})").empty());
  CHECK(objects_of("{\"objects\":[ \n ]}").empty());
}

TEST_CASE("The members of an envelope may come in any order", "[admission][envelope]") {
  CHECK(objects_of(R"({"objects":[{}],"id":"bundle--1","type":"bundle"})").size() == 1);
  CHECK(objects_of(R"({"id":"bundle--1","objects":[{}],"type":"bundle"})").size() == 1);
}

TEST_CASE("A name counts as what it says, however it is written", "[admission][envelope]") {
  CHECK(objects_of(R"({"\u006fbjects":[{}]})").size() == 1);
  CHECK(refusal(R"({"objects":[],"\u006fbjects":[]})") == Code::json_duplicate_name);
}

TEST_CASE("What is no envelope is refused as a whole, for the reason it has", "[admission][envelope]") {
  struct Case {
    char const* body;
    Code code;
  };
  for (auto const& [body, code] : std::vector<Case>{
           {"", Code::envelope_invalid},
           {"[]", Code::envelope_invalid},
           {"1", Code::envelope_invalid},
           {R"("objects")", Code::envelope_invalid},
           {"{}", Code::envelope_invalid},
           {R"({"object":[]})", Code::envelope_invalid},
           {R"({"Objects":[]})", Code::envelope_invalid},
           {R"({"objects":{}})", Code::envelope_invalid},
           {R"({"objects":null})", Code::envelope_invalid},
           {R"({"type":"indicator","objects":[]})", Code::envelope_invalid},
           {R"({"objects":[],"type":null})", Code::envelope_invalid},
           {R"({"objects":[],"objects":[]})", Code::json_duplicate_name},
           {R"({"objects":[],"id":"a","id":"a"})", Code::json_duplicate_name},
           {R"({"objects":[],"x":{"a":1,"a":2}})", Code::json_duplicate_name},
           {R"({"objects":[],})", Code::json_syntax},
           {R"({,"objects":[]})", Code::json_syntax},
           {R"({"objects":[,]})", Code::json_syntax},
           {R"({"objects":[{},]})", Code::json_syntax},
           {R"({"objects":[{}{}]})", Code::json_syntax},
           {R"({"objects":[{} {}]})", Code::json_syntax},
           {R"({"objects":[{}};)", Code::json_syntax},
           {R"({"objects" [])", Code::json_syntax},
           {R"({"objects":[]]})", Code::json_syntax},
           {R"({objects:[]})", Code::json_syntax},
           {R"({'objects':[]})", Code::json_syntax},
           {R"({"objects":[],"x":})", Code::json_syntax},
           {R"({"objects":[],"x":tru})", Code::json_syntax},
           {R"({"objects":[],"x":"a)", Code::json_syntax},
           {R"({"objects":[],"x":"\)", Code::json_syntax},
           {R"({"objects":[],"x":1e999})", Code::json_number_range},
           {"{\"objects\":[],\"x\":\"\xFF\"}", Code::json_encoding},
       }) {
    CAPTURE(body);
    CHECK(refusal(body) == code);
  }
}

TEST_CASE("Nesting inside an object does not reach the envelope, inside another member it does",
          "[admission][envelope]") {
  CHECK(objects_of("{\"objects\":[" + nested(1'000) + ",{}]}") == std::vector<std::string>{nested(1'000), "{}"});
  CHECK(objects_of("{\"objects\":[],\"x\":" + nested(64) + "}").empty());
  CHECK(refusal("{\"objects\":[],\"x\":" + nested(65) + "}") == Code::json_too_deep);
}

TEST_CASE("An envelope holds as many objects as is stated, and not one more", "[admission][envelope]") {
  auto with = [](std::size_t count) {
    std::string body = "{\"objects\":[0";
    for (std::size_t i = 1; i < count; ++i) body += ",0";
    return body + "]}";
  };
  CHECK(objects_of(with(admission::kMostObjects)).size() == admission::kMostObjects);
  CHECK(refusal(with(admission::kMostObjects + 1)) == Code::content_too_large);
}

TEST_CASE("No error repeats what the body holds", "[admission][envelope]") {
  for (std::string body : {R"({"objects":[],"secret-4711":1,"secret-4711":2})", R"({"objects":"secret-4711"})",
                           R"({"type":"secret-4711","objects":[]})", R"({"objects":["secret-4711"})",
                           R"({"objects":[],"x":secret-4711})"}) {
    auto envelope = split_envelope(body);
    REQUIRE_FALSE(envelope.has_value());
    CHECK_FALSE((envelope.error().detail + envelope.error().remedy).contains("secret-4711"));
  }
}

TEST_CASE("What stands beside the objects has a length of its own", "[admission][envelope]") {
  std::string const most(admission::kMostBeside - std::string_view(R"("objects""a""")").size(), 'x');
  CHECK(objects_of(R"({"objects":[1],"a":")" + most + R"("})").size() == 1);
  CHECK(refusal(R"({"objects":[1],"a":")" + most + R"(x"})") == Code::envelope_invalid);
  CHECK(refusal(R"({"objects":[1],")" + most + R"(xxxx":1})") == Code::envelope_invalid);
  std::string many = R"({"objects":[1])";
  for (int i = 0; i < 10'000; ++i) many += ",\"" + std::to_string(i) + "\":[]";
  CHECK(refusal(many + "}") == Code::envelope_invalid);
}

TEST_CASE("The byte where a body stops being JSON is told, counted from one", "[admission][envelope]") {
  CHECK(split_envelope(R"({"objects":[])").error().detail == "The body is not JSON near byte 14.");
  CHECK(split_envelope(R"({"objects":[]}x)").error().detail == "The body is not JSON near byte 15.");
  CHECK(split_envelope(R"({"x":})").error().detail == "The body is not JSON near byte 6.");
}
