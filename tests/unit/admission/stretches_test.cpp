#include "server/admission/stretches.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

namespace tocsin::admission {
namespace {

using Lines = std::vector<std::size_t>;

kinds::Cells const kNumbers{{"kind", "proxy-asn"}};

Lines lines_of(Batch const& batch) {
  Lines out;
  for (auto const& item : batch.items) out.push_back(item.place.line);
  return out;
}

// The lines of the items of each stretch, when the body comes in pieces of this size.
std::vector<Lines> read(Form form, std::string_view body, std::size_t piece, kinds::Cells const& defaults = kNumbers) {
  Stretches stretches(form, defaults, {});
  std::vector<Lines> out;
  while (!stretches.at_end()) {
    for (bool complete = false; !complete;) {
      if (stretches.needs_more()) {
        stretches.add(body.substr(0, piece));
        body.remove_prefix(std::min(piece, body.size()));
        if (body.empty()) stretches.end();
      }
      complete = stretches.read().value();
    }
    out.push_back(lines_of(stretches.take().value()));
  }
  return out;
}

std::string numbers(std::size_t count) {
  std::string out;
  for (std::size_t i = 1; i <= count; ++i) out += "AS" + std::to_string(i) + "\n";
  return out;
}

core::Code refusal_of(std::string_view body, Form form = Form::csv) {
  Stretches stretches(form, kNumbers, {});
  stretches.add(body);
  auto const done = stretches.read();
  REQUIRE_FALSE(done.has_value());
  return done.error().code;
}

}  // namespace

TEST_CASE("a body that comes in pieces is read as one that comes at once", "[admission][stretches]") {
  std::string const table = "\xef\xbb\xbfvalue,description\r\n1,\"a\nb\"\r\n\r\n2,\"c \"\"d\"\"\"\r\n3,x";
  std::string const lines = "{\"value\":1}\n\n{\"value\":2,\"description\":\"\xc3\xa4\"}\n";
  for (std::size_t piece : {1u, 2u, 3u, 7u, 100u}) {
    INFO(piece);
    CHECK(read(Form::csv, table, piece) == std::vector<Lines>{{2, 5, 6}});
    CHECK(read(Form::lines_of_json, lines, piece) == std::vector<Lines>{{1, 3}});
    CHECK(read(Form::list, "# x\n1\n2", piece) == std::vector<Lines>{{2, 3}});
  }
}

TEST_CASE("a body of more items than one stretch has goes on in the next, with its lines", "[admission][stretches]") {
  auto const stretches = read(Form::list, numbers(kMostItems * 2 + 1), 40'000);
  REQUIRE(stretches.size() == 3);
  CHECK(stretches[0].size() == kMostItems);
  CHECK(stretches[1].front() == kMostItems + 1);
  CHECK(stretches[2] == Lines{kMostItems * 2 + 1});
}

TEST_CASE("a body of as many items as a stretch has is one stretch", "[admission][stretches]") {
  auto const stretches = read(Form::list, numbers(kMostItems), 40'000);
  REQUIRE(stretches.size() >= 1);
  CHECK(stretches[0].size() == kMostItems);
  for (std::size_t i = 1; i < stretches.size(); ++i) CHECK(stretches[i].empty());
}

TEST_CASE("a stretch says on which line it begins", "[admission][stretches]") {
  Stretches stretches(Form::list, kNumbers, {});
  stretches.add(numbers(kMostItems + 5));
  stretches.end();
  CHECK(stretches.first_line() == 1);
  REQUIRE(stretches.read().value());
  (void)stretches.take();
  CHECK(stretches.first_line() == kMostItems + 1);
  CHECK_FALSE(stretches.at_end());
}

TEST_CASE("what says again what an item says counts as one of a stretch", "[admission][stretches]") {
  std::string same;
  for (std::size_t i = 0; i < kMostItems + 7; ++i) same += "AS1\n";
  CHECK(read(Form::list, same, 40'000) == std::vector<Lines>{{1}, {kMostItems + 1}});
  // One name after the other for one value.
  std::string named;
  for (std::size_t i = 1; i <= kMostItems + 1; ++i) named += R"({"value":1,"ref":"r)" + std::to_string(i) + "\"}\n";
  CHECK(read(Form::lines_of_json, named, 40'000).size() == 2);
}

TEST_CASE("a stretch has a bounded number of bytes", "[admission][stretches]") {
  std::string const text(100'000, 'x');
  std::string body;
  for (int i = 1; i <= 100; ++i) body += "{\"value\":" + std::to_string(i) + ",\"description\":\"" + text + "\"}\n";
  auto const stretches = read(Form::lines_of_json, body, 40'000);
  REQUIRE(stretches.size() == 2);
  CHECK(stretches[0].size() == (Collector::kStretchBytes + text.size() - 1) / text.size());
  CHECK(stretches[0].size() + stretches[1].size() == 100);
}

TEST_CASE("what a range is split into counts towards the bytes of a stretch", "[admission][stretches]") {
  std::string const text(10'000, 'x');
  std::string body;
  for (int i = 1; i <= 100; ++i) {
    auto const net = "10." + std::to_string(i) + ".0.";  // 14 networks each
    body += R"({"kind":"ip-range","value":")" + net + "1-" + net + R"(254","description":")" + text + "\"}\n";
  }
  auto const stretches = read(Form::lines_of_json, body, 40'000);
  REQUIRE(stretches.size() == 2);
  constexpr std::size_t kOfRange = 14 * 10'080;  // with names, other values and what a value takes besides
  CHECK(stretches[0].size() == 14 * (Collector::kStretchBytes / kOfRange + 1));
}

TEST_CASE("a range with long texts is refused before it is split", "[admission][stretches]") {
  auto const outcome = [](std::size_t length) {
    auto const body =
        R"({"kind":"ip-range","value":"10.0.0.1-10.0.0.254","description":")" + std::string(length, 'x') + "\"}\n";
    return read_items(Form::lines_of_json, body, {}).value().items.at(0).outcome;
  };
  CHECK(outcome(16'000) == Item::Outcome::accepted);
  CHECK(outcome(17'000) == Item::Outcome::refused);
}

TEST_CASE("a body that is not text is refused where that is found", "[admission][stretches]") {
  CHECK(refusal_of("value\n\xe4\n") == core::Code::json_encoding);
  CHECK(refusal_of("\xe4\n1\n", Form::list) == core::Code::json_encoding);
}

TEST_CASE("a record that never ends is refused before it fills the memory", "[admission][stretches]") {
  CHECK(refusal_of("value\n1\n\"" + std::string(1u << 20, '\n')) == core::Code::items_invalid);
  CHECK(refusal_of(std::string((1u << 20) + 1, 'x'), Form::list) == core::Code::items_invalid);
  Stretches longest(Form::list, kNumbers, {});
  longest.add(std::string(1u << 20, 'x'));
  CHECK_FALSE(longest.read().value());  // it goes on
}

TEST_CASE("lines, tables and lists are read in stretches, and documents are not", "[admission][stretches]") {
  for (auto const form : {Form::lines_of_json, Form::csv, Form::list}) CHECK(has_stretches(form));
  for (auto const form : {Form::json, Form::misp, Form::bundle}) CHECK_FALSE(has_stretches(form));
}

TEST_CASE("nothing more is asked for when an item beyond the most was there", "[admission][stretches]") {
  Collector collector(Collector::Beyond::refused);
  for (std::size_t i = 1; i <= kMostItems; ++i) REQUIRE(collector.take({}, {{"kind", "proxy-asn"}, {"value", i}}));
  CHECK_FALSE(collector.refused_more());
  CHECK_FALSE(collector.take({}, {{"kind", "proxy-asn"}, {"value", 1}}));
  CHECK(collector.refused_more());
  CHECK_FALSE(collector.refuse({}, {core::Code::json_syntax, "No.", "", ""}));
  CHECK(collector.take_batch().items.size() == kMostItems);
}

TEST_CASE("nothing more is asked for when a part of a range was beyond the most", "[admission][stretches]") {
  Collector collector(Collector::Beyond::refused);
  for (std::size_t i = 2; i <= kMostItems; ++i) REQUIRE(collector.take({}, {{"kind", "proxy-asn"}, {"value", i}}));
  CHECK_FALSE(collector.take({}, {{"kind", "ip-range"}, {"value", "192.0.2.1-192.0.2.2"}}));
  CHECK(collector.refused_more());
}

}  // namespace tocsin::admission
