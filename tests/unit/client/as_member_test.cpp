#include "clients/cpp/as_member.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace tocsin;
using namespace tocsin::client;

namespace {

Identities const kIdentities{"identity--8c49ee4b-2f1c-4a58-9a3b-1b6a0e6f6f0a",
                             "identity--0b9d0e0c-7a55-4b38-8f0e-6a2f3ad1c7e4"};

struct Given {
  std::list<std::string> texts;
  std::vector<Item> items;

  explicit Given(std::string text) { items = read_items("x.json", texts.emplace_back(std::move(text))).value(); }
  Outcome<void> name() { return name_instance(kIdentities, texts, items); }
  [[nodiscard]] nlohmann::json object(std::size_t i) const { return nlohmann::json::parse(items[i].bytes); }
};

}  // namespace

TEST_CASE("the instance becomes the creator of what has none or one's own", "[client][as-member]") {
  Given given(
      R"([{"id":"a","created":"C"}, {"id":"b","created":"C","created_by_ref":"identity--8C49EE4B-2F1C-4A58-9A3B-1B6A0E6F6F0A"}])");
  REQUIRE(given.name());
  CHECK(given.object(0) == nlohmann::json{{"id", "a"}, {"created", "C"}, {"created_by_ref", kIdentities.instance}});
  CHECK(given.object(1)["created_by_ref"] == kIdentities.instance);
}

TEST_CASE("what another made, and what has no creator by its nature, stays as it is", "[client][as-member]") {
  std::string const text =
      R"([{"id":"a","created":"C","created_by_ref":"identity--1"},{"id":"ipv4-addr--b","value":"192.0.2.1"}])";
  Given given(text);
  REQUIRE(given.name());
  CHECK(batch_body(given.items, {0, 2}) == R"({"objects":)" + text + "}");
}

TEST_CASE("an object that holds one's identity besides is not sent", "[client][as-member]") {
  for (auto const* object : {R"({"id":"a","created":"C","x":["identity--8c49ee4b-2f1c-4a58-9a3b-1b6a0e6f6f0a"]})",
                             R"({"id":"a","x":"by identity--8c49ee4b-2f1c-4a58-9a3b-1b6a0e6f6f0A"})",
                             R"({"id":"a","x":"\u0069dentity--8c49ee4b-2f1c-4a58-9a3b-1b6a0e6f6f0a"})"}) {
    Given given("[{\"id\":\"z\"}," + std::string(object) + "]");
    auto const done = given.name();
    REQUIRE_FALSE(done);
    CHECK(done.error().exit == Exit::local);
    CHECK(done.error().message.contains("Object 2 of x.json"));
  }
}
