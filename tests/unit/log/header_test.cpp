#include "schema/log/header.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/json.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::log {
namespace {

Header example() {
  Header header{"peer-a.example.org/log", {}, 7, 42};
  for (std::uint8_t i = 0; i < 16; ++i) header.class_token[i] = static_cast<std::uint8_t>(i * 16 + i);
  return header;
}

constexpr std::string_view kText =
    R"({"class":"00112233445566778899aabbccddeeff","class_seq":7,"control_size":42,"log":"data","op":"put",)"
    R"("origin":"peer-a.example.org/log","v":1})";

TEST_CASE("a header is written as canonical JSON", "[log][header]") {
  CHECK(example().text() == kText);
  Header odd = example();
  odd.origin = "zürich\"\\日誌";
  odd.class_sequence = (std::uint64_t{1} << 53) - 1;
  auto const document = stix::parse_json(odd.text());
  REQUIRE(document.has_value());
  CHECK(stix::canonical_json(*document) == odd.text());
  CHECK(Header::parse(odd.text()).value() == odd);
}

TEST_CASE("a header is read back", "[log][header]") { CHECK(Header::parse(kText).value() == example()); }

TEST_CASE("the header of a head differs in what it says that it is", "[log][header]") {
  Header head = example();
  head.op = Header::Op::head;
  std::string text(kText);
  text.replace(text.find("put"), 3, "head");
  CHECK(head.text() == text);
  CHECK(Header::parse(text).value() == head);
}

std::string with(std::string_view from, std::string_view to) {
  std::string text(kText);
  auto const at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST_CASE("a header with other members, values or spelling is refused", "[log][header]") {
  for (auto const& text : {with("00112233", "0011223"),
                           with("aabb", "AABB"),
                           with("aabb", "gabb"),
                           with(":7", ":-7"),
                           with(":7", ":7.0"),
                           with(":7", ":7.5"),
                           with(":7", ":\"7\""),
                           with(":7", ":07"),
                           with(":7", ":9007199254740992"),
                           with(":42", ":null"),
                           with("data", "control"),
                           with("put", "get"),
                           with(":1}", ":2}"),
                           with(":1}", ":1,\"w\":1}"),
                           with(":1}", ":1} "),
                           with("{\"class\":", "{ \"class\":"),
                           with("peer", "pe\\u0065r"),
                           with("peer-a", "peer a"),
                           with("peer-a.example.org/log", ""),
                           with("\"v\":1", "\"v\":1,\"v\":1"),
                           with(",\"op\":\"put\"", ""),
                           with("42", "[42]"),
                           std::string(),
                           std::string("[]"),
                           std::string("{}"),
                           std::string("7")}) {
    INFO(text);
    CHECK_FALSE(Header::parse(text).has_value());
  }
}

}  // namespace
}  // namespace tocsin::log
