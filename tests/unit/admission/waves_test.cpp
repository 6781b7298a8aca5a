#include "server/admission/waves.hpp"

#include "schema/core/finding_text.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::admission {
namespace {

using Outcome = Item::Outcome;
using Finding = std::pair<std::string, std::string>;  // code, pointer

Batch read(std::string const& body) {
  auto batch = read_items(Form::json, body, {});
  REQUIRE(batch.has_value());
  return *std::move(batch);
}

std::vector<Finding> found(Item const& item) {
  std::vector<Finding> out;
  for (auto const& finding : item.findings) out.emplace_back(core::row(finding.code).code, finding.pointer);
  return out;
}

std::string network(std::string const& ref, std::string const& part) {
  return R"({"kind":"proxy-network","name":"n)" + ref + R"(","ref":")" + ref + R"(","consists_of":["local:)" + part +
         R"("]})";
}

}  // namespace

TEST_CASE("items are in order whichever way they stand in the body", "[admission][waves]") {
  auto const batch = read("[" + network("a", "b") + "," + network("b", "c") +
                          R"(,{"kind":"ip-range","value":"192.0.2.1","ref":"c","campaign":"local:gang"},)" +
                          R"({"kind":"campaign","name":"Heron","ref":"gang"}])");
  for (auto const& item : batch.items) CHECK(item.outcome != Outcome::refused);
  CHECK(in_order(batch.items) == std::vector<std::size_t>{3, 2, 1, 0});
  CHECK(batch.items[0].wave == 3);
}

TEST_CASE("items without names keep the order of the body, in one wave", "[admission][waves]") {
  auto const batch = read(R"([{"kind":"proxy-asn","value":2},{"kind":"proxy-asn","value":1}])");
  CHECK(in_order(batch.items) == std::vector<std::size_t>{0, 1});
  CHECK(batch.items[1].wave == 0);
}

TEST_CASE("a name that no item has is refused where it stands", "[admission][waves]") {
  auto const batch = read("[" + network("a", "b") + R"(,{"kind":"proxy-asn","value":1,"campaign":"local:gang"}])");
  CHECK(found(batch.items[0]) == std::vector<Finding>{{"reference-unknown", "/consists_of/0"}});
  CHECK(found(batch.items[1]) == std::vector<Finding>{{"reference-unknown", "/campaign"}});
}

TEST_CASE("items in a circle are refused, and so is what refers to them", "[admission][waves]") {
  auto const batch = read("[" + network("a", "b") + "," + network("b", "a") + "," + network("c", "a") + "," +
                          network("d", "d") + R"(,{"kind":"proxy-asn","value":1}])");
  CHECK(found(batch.items[0]) == std::vector<Finding>{{"reference-cycle", "/consists_of/0"}});
  CHECK(found(batch.items[1]) == std::vector<Finding>{{"reference-cycle", "/consists_of/0"}});
  CHECK(found(batch.items[2]) == std::vector<Finding>{{"reference-refused", "/consists_of/0"}});
  CHECK(found(batch.items[3]) == std::vector<Finding>{{"reference-cycle", "/consists_of/0"}});
  CHECK(batch.items[4].outcome != Outcome::refused);
}

TEST_CASE("a name is given once, and the same value may have two", "[admission][waves]") {
  auto const batch = read(R"([{"kind":"proxy-asn","value":1,"ref":"a"},{"kind":"proxy-asn","value":2,"ref":"a"},)"
                          R"({"kind":"proxy-asn","value":1,"ref":"b"}])");
  REQUIRE(batch.items.size() == 2);
  CHECK(found(batch.items[1]) == std::vector<Finding>{{"property-conflict", "/ref"}});
  CHECK(batch.names.at("a") == std::vector<std::size_t>{0});
  CHECK(batch.names.at("b") == std::vector<std::size_t>{0});
}

TEST_CASE("a name stands for every part of a range", "[admission][waves]") {
  auto const batch =
      read("[" + network("a", "range") + R"(,{"kind":"ip-range","value":"192.0.2.1-192.0.2.4","ref":"range"}])");
  REQUIRE(batch.items.size() == 4);
  CHECK(batch.items[0].needs.size() == 3);
  CHECK(batch.items[0].wave == 1);
}

TEST_CASE("what refers to an item that is refused later is refused with it", "[admission][waves]") {
  auto batch = read("[" + network("a", "as") + R"(,{"kind":"proxy-asn","value":1,"ref":"as"}])");
  CHECK_FALSE(refuse_with_its_needs(batch.items, 0));
  refuse(batch.items[1], {{core::Code::forbidden, "No.", "", ""}});
  CHECK(refuse_with_its_needs(batch.items, 0));
  CHECK(found(batch.items[0]) == std::vector<Finding>{{"reference-refused", "/consists_of/0"}});
  CHECK_FALSE(refuse_with_its_needs(batch.items, 0));
}

TEST_CASE("a body may have as many references as is stated, and not one more", "[admission][waves]") {
  std::string body = "[", parts;
  for (int i = 0; i < 10; ++i) {
    auto const number = std::to_string(i);
    body += R"({"kind":"proxy-asn","value":)" + number + R"(,"ref":"b)" + number + R"("},)";
    parts += (i == 0 ? "" : ",") + (R"("local:b)" + number + '"');
  }
  for (std::size_t i = 0; i < kMostLinks / 10; ++i)
    body += R"({"kind":"proxy-network","name":")" + std::to_string(i) + R"(","consists_of":[)" + parts + "]},";
  body.back() = ']';
  CHECK(read_items(Form::json, body, {}).has_value());
  body.back() = ',';
  CHECK_FALSE(read_items(Form::json, body + network("x", "b0") + "]", {}).has_value());
}

TEST_CASE("more references than a body may have are refused as a whole", "[admission][waves]") {
  std::string body = "[";
  for (int i = 0; i < 4'000; ++i)
    body += R"({"kind":"proxy-network","name":")" + std::to_string(i) +
            R"(","consists_of":["local:a","local:a","local:b"]},)";
  body += R"({"kind":"ip-range","value":"192.0.2.1-192.0.2.30","ref":"a"},{"kind":"proxy-asn","value":1,"ref":"b"}])";
  auto const batch = read_items(Form::json, body, {});
  REQUIRE_FALSE(batch.has_value());
  CHECK(batch.error().code == core::Code::content_too_large);
}

}  // namespace tocsin::admission
