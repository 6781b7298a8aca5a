#include "server/admission/readers/reader.hpp"

#include <nlohmann/json.hpp>
#include <tuple>

#include "server/admission/items.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::admission {
namespace {

using stix::Json;

struct Seen final : Items {
  bool take(Place place, Json document) override {
    lines.push_back(place.line);
    pointers.push_back(place.pointer);
    documents.push_back(std::move(document));
    return documents.size() < most;
  }
  bool refuse(Place place, core::Error error) override {
    refused.emplace_back(place.line, std::move(error.detail));
    return true;
  }

  std::size_t most = 100;
  std::vector<std::size_t> lines;
  std::vector<std::string> pointers;
  std::vector<Json> documents;
  std::vector<std::pair<std::size_t, std::string>> refused;
};

Seen table(std::string_view text, kinds::Cells const& defaults = {{"kind", "ip-range"}}) {
  Seen seen;
  REQUIRE(read_csv(text, defaults, seen).has_value());
  return seen;
}

std::vector<std::string> values(Seen const& seen) {
  std::vector<std::string> out;
  for (auto const& document : seen.documents) out.push_back(document.at("value").get<std::string>());
  return out;
}

using Texts = std::vector<std::string>;
using Lines = std::vector<std::size_t>;

}  // namespace

TEST_CASE("a table is read as RFC 4180 has it", "[admission][readers]") {
  CHECK(values(table("value\r\na\r\nb\r\n")) == Texts{"a", "b"});
  CHECK(values(table("value\na\nb")) == Texts{"a", "b"});
  CHECK(values(table("value\n\"a,\"\"b\"\"\nc\"\n")) == Texts{"a,\"b\"\nc"});
  CHECK(values(table("\"value\",\"labels\"\n\"a\",\"\"\n")) == Texts{"a"});
  CHECK(values(table("\xef\xbb\xbfvalue\na\n")) == Texts{"a"});
  CHECK(values(table(" Value \na\n")) == Texts{"a"});
}

TEST_CASE("a record begins on the line that is told, also after cells of several lines", "[admission][readers]") {
  auto const seen = table("value,description\na,\"one\ntwo\"\n\n,\nb,\n");
  CHECK(seen.lines == Lines{2, 6});
}

TEST_CASE("a quote that is not where one may be spoils its own line alone", "[admission][readers]") {
  auto const seen = table("value\na\"b\n\"c\" d\nok\n\"open\n");
  CHECK(values(seen) == Texts{"ok"});
  REQUIRE(seen.refused.size() == 3);
  CHECK(seen.refused[0].first == 2);
  CHECK(seen.refused[1].first == 3);
  CHECK(seen.refused[2].first == 5);
}

TEST_CASE("a record with more cells than columns is refused, one with fewer is not", "[admission][readers]") {
  auto const seen = table("value,confidence\na,1,2\nb\n");
  CHECK(values(seen) == Texts{"b"});
  CHECK(seen.refused.size() == 1);
}

TEST_CASE("a table without a header has the columns of the documentation", "[admission][readers]") {
  auto const seen = table("proxy-asn,AS64500,50,amber,2026-01-31,,Seen often\n");
  REQUIRE(seen.documents.size() == 1);
  CHECK(seen.documents[0] == Json{{"kind", "proxy-asn"},
                                  {"value", "AS64500"},
                                  {"confidence", 50},
                                  {"tlp", "amber"},
                                  {"valid_until", "2026-01-31T00:00:00.000Z"},
                                  {"description", "Seen often"}});
}

TEST_CASE("a header that names a column twice or not at all is no header", "[admission][readers]") {
  for (char const* text : {"value,value\na,b\n", "value,\na,b\n"}) {
    Seen seen;
    auto const read = read_csv(text, {}, seen);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == core::Code::items_invalid);
  }
}

TEST_CASE("a list has a value a line, with what it does not say from elsewhere", "[admission][readers]") {
  Seen seen;
  REQUIRE(read_list("# note\n\n a \r\n\t# note\nb", {{"kind", "ip-range"}, {"confidence", "5"}}, seen).has_value());
  CHECK(values(seen) == Texts{"a", "b"});
  CHECK(seen.lines == Lines{3, 5});
  CHECK(seen.documents[0].at("confidence") == 5);
}

TEST_CASE("a document of JSON is one item or an array of them", "[admission][readers]") {
  Seen seen;
  REQUIRE(read_json(R"( [{"value":"a"}, {"value":"b","labels":["]"]}] )", {}, seen).has_value());
  CHECK(values(seen) == Texts{"a", "b"});
  CHECK(seen.pointers == Texts{"/0", "/1"});
  Seen one;
  REQUIRE(read_json(R"({"value":"a"})", {}, one).has_value());
  CHECK(one.pointers == Texts{""});
  for (char const* text : {"", "5", "\"x\"", "[1", "[1] 2", "[1,]"}) {
    INFO(text);
    Seen none;
    CHECK_FALSE(read_json(text, {}, none).has_value());
  }
  Seen twice;
  REQUIRE(read_json(R"([{"value":"a","value":"b"}])", {}, twice).has_value());
  CHECK(twice.refused.size() == 1);
}

TEST_CASE("lines of JSON are items, and a bad one spoils no other", "[admission][readers]") {
  Seen seen;
  REQUIRE(read_lines_of_json("{\"value\":\"a\"}\n\n{\"value\"}\r\n{\"value\":\"b\"}", {}, seen).has_value());
  CHECK(values(seen) == Texts{"a", "b"});
  CHECK(seen.lines == Lines{1, 4});
  REQUIRE(seen.refused.size() == 1);
  CHECK(seen.refused[0].first == 3);
  CHECK(seen.refused[0].second.find("line 1") == std::string::npos);
}

TEST_CASE("a body that is not UTF-8 is refused whole", "[admission][readers]") {
  Seen seen;
  for (auto* read : {read_csv, read_list, read_lines_of_json}) {
    auto const done = read("value\n\xe4\n", {}, seen);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == core::Code::json_encoding);
  }
}

TEST_CASE("a reader ends when no more is taken, and goes on from there", "[admission][readers]") {
  for (auto* reader : {&json_lines_reader, &list_reader}) {
    Seen seen;
    seen.most = 2;
    auto const lines = (*reader)({});
    std::string_view text = "{}\n{}\n\n{}\n";
    REQUIRE(lines->read(text, true, seen).has_value());
    CHECK(seen.documents.size() == 2);
    CHECK(text == "\n{}\n");
    seen.most = 9;
    REQUIRE(lines->read(text, true, seen).has_value());
    CHECK(seen.lines == Lines{1, 2, 4});
  }
  for (auto* read : {read_csv, read_list}) {
    Seen seen;
    seen.most = 2;
    REQUIRE(read("value\na\nb\nc\nd\n", {}, seen).has_value());
    CHECK(seen.documents.size() == 2);
  }
}

TEST_CASE("a value that a body has twice is one item, or a refusal when something else is said of it",
          "[admission][items]") {
  auto const batch = read_items(Form::csv, "value,confidence\n192.0.2.1,5\n192.0.2.1/32,5\n192.0.2.1,6\n192.0.2.2,5\n",
                                {{"kind", "ip-range"}});
  REQUIRE(batch.has_value());
  auto const& items = batch->items;
  REQUIRE(items.size() == 3);
  CHECK(items[1].outcome == Item::Outcome::refused);
  CHECK(items[1].findings[0].code == core::Code::item_repeated);
  CHECK(items[1].place.line == 4);
  CHECK(questions_of(items).size() == 2);
}

TEST_CASE("columns that a layout names become properties, and others are not read", "[admission][readers]") {
  auto const read = [](Layout const& layout, std::string_view text) {
    Seen seen;
    REQUIRE(table_reader({}, layout)->read(text, true, seen).has_value());
    return seen.documents;
  };
  auto const map = layout_of("", "IP : value, the score:confidence");
  REQUIRE(map.has_value());
  auto const named = read(*map, "source,ip,The Score,source\nours,192.0.2.1,7,\n");
  REQUIRE(named.size() == 1);
  CHECK(named[0] == Json({{"value", "192.0.2.1"}, {"confidence", "7"}}));
  auto const columns = layout_of("value,,confidence", "");
  REQUIRE(columns.has_value());
  auto const first = read(*columns, "value,x,7\n");
  REQUIRE(first.size() == 1);
  CHECK(first[0] == Json({{"value", "value"}, {"confidence", "7"}}));
}

TEST_CASE("the name of a column is without blanks around it, in lower case", "[admission][readers]") {
  CHECK(column_name(" \tAZ az@[\t ") == "az az@[");
  CHECK(column_name(" \t").empty());
}

TEST_CASE("a column that a layout names is in the header once", "[admission][readers]") {
  for (char const* header : {"value,score\n1,2\n", "ip,ip\n1,2\n"}) {
    Seen seen;
    std::string_view text = header;
    auto const done = table_reader({}, layout_of("", "ip:value").value())->read(text, true, seen);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == core::Code::items_invalid);
  }
}

TEST_CASE("a layout that is malformed or ambiguous is refused", "[admission][readers]") {
  for (auto const& [columns, map] : {std::pair{"value", "ip:value"},
                                     {",,", ""},
                                     {"value,value", ""},
                                     {"", "ip"},
                                     {"", "ip:"},
                                     {"", ":value"},
                                     {"", "a:value,b:value"},
                                     {"", "a:value,A:confidence"},
                                     {"", "a:value,"}}) {
    INFO(columns << "|" << map);
    auto const layout = layout_of(columns, map);
    REQUIRE_FALSE(layout.has_value());
    CHECK(layout.error().code == core::Code::bad_parameter);
  }
}

TEST_CASE("a layout has as many columns as a header, and not one more", "[admission][readers]") {
  std::string columns = "c0", map = "c0:p0";
  for (int i = 1; i < 256; ++i) {
    columns += ",c" + std::to_string(i);
    map += ",c" + std::to_string(i) + ":p" + std::to_string(i);
  }
  CHECK(layout_of(columns, "")->columns.size() == 256);
  CHECK(layout_of("", map)->names.size() == 256);
  CHECK_FALSE(layout_of(columns + ",", "").has_value());
  CHECK_FALSE(layout_of("", map + ",x:y").has_value());
}

TEST_CASE("a header has a bounded number of columns", "[admission][items]") {
  std::string header = "value";
  for (int i = 0; i < 255; ++i) header += ",c" + std::to_string(i);
  CHECK(read_items(Form::csv, header + "\n", {}).has_value());
  auto const more = read_items(Form::csv, header + ",x\nAS1\n", {});
  REQUIRE_FALSE(more.has_value());
  CHECK(more.error().code == core::Code::items_invalid);
}

TEST_CASE("a body has a bounded number of items", "[admission][items]") {
  std::string body;
  for (std::size_t i = 0; i < kMostItems; ++i) body += "AS" + std::to_string(i) + "\n";
  CHECK(read_items(Form::list, body, {{"kind", "proxy-asn"}}).value().items.size() == kMostItems);
  auto const most = read_items(Form::list, body + "nonsense\n", {{"kind", "proxy-asn"}});
  REQUIRE_FALSE(most.has_value());
  CHECK(most.error().code == core::Code::content_too_large);
}

TEST_CASE("a place is taken out of an error's sentence, with the comma before it", "[admission][readers]") {
  auto const taken = [](std::string detail) {
    core::Error error{core::Code::json_syntax, std::move(detail), "", ""};
    auto const place = take_place(error);
    return std::tuple(error.detail, place.line, place.column);
  };
  using Taken = std::tuple<std::string, std::size_t, std::size_t>;
  CHECK(taken("A quote is open at line 12, column 345.") == Taken{"A quote is open.", 12, 345});
  CHECK(taken("Open, at line 1, column 7") == Taken{"Open", 1, 7});
  CHECK(taken(" at line 1, column 7.") == Taken{".", 1, 7});
  for (char const* none : {"", "Nothing.", "It stands at line 5.", "Wrong, column 5."})
    CHECK(taken(none) == Taken{none, 0, 0});
}

TEST_CASE("an array of JSON is not read further when no more is taken", "[admission][readers]") {
  Seen seen;
  seen.most = 2;
  REQUIRE(read_json("[{},{},{},{}]", {}, seen).has_value());
  CHECK(seen.documents.size() == 2);
  for (char const* text : {"[] x", "[{}] x", "[{}", "[{}}"}) {
    INFO(text);
    Seen none;
    CHECK_FALSE(read_json(text, {}, none).has_value());
  }
  CHECK(read_json(" [ ] ", {}, seen).has_value());
}

}  // namespace tocsin::admission
