#include "server/admission/readers/json_members.hpp"

#include "tests/support/catch.hpp"

namespace tocsin::admission {

TEST_CASE("a name of a member that is no text is refused for what it is", "[admission][json-members]") {
  CHECK(members_of("{\"\xFF\":1}").error().code == core::Code::json_encoding);
  for (char const* text : {"", "[]", "{[]:1}", "{\"a\"}", "{\"a\":}", "{\"a\":1]", "{\"a\":1}x", "{}x"})
    CHECK(members_of(text).error().code == core::Code::items_invalid);
  CHECK(members_of("{\"a\":1,\"a\":2}").error().code == core::Code::json_duplicate_name);
  CHECK(members_of(" { } ")->empty());
  std::string many = "{\"0\":0";
  for (int i = 1; i < 256; ++i) many += ",\"" + std::to_string(i) + "\":0";
  CHECK(members_of(many + "}")->size() == 256);
  CHECK(members_of(many + ",\"x\":0}").error().code == core::Code::items_invalid);
}

TEST_CASE("elements are told with their numbers until no more are wanted", "[admission][json-members]") {
  std::vector<std::string> seen;
  auto const take = [&](std::size_t index, std::string_view text) {
    seen.push_back(std::to_string(index) + std::string(text));
    return seen.size() < 3;
  };
  for (char const* text : {"[7,8]", "[]", "[7,8,9,10"}) CHECK(for_elements(text, take).has_value());
  CHECK(seen == std::vector<std::string>{"07", "18", "07"});
  seen.clear();
  for (char const* text : {"", "{}", "[", "[1", "[1,]", "[1}", "[1]x", "[]x"}) {
    INFO(text);
    seen.clear();
    CHECK(for_elements(text, take).error().code == core::Code::items_invalid);
  }
}

}  // namespace tocsin::admission
