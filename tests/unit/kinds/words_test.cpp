#include "schema/kinds/words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/kinds/searching.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using nlohmann::json;

namespace {

json saying(std::string const& description, json labels = json::array()) {
  return {{"type", "indicator"},
          {"name", "Proxies of May"},
          {"description", description},
          {"labels", std::move(labels)},
          {"extensions",
           {{std::string(kinds::kIndicatorExtension),
             {{"indicator_kind", "ip-range"}, {"collateral_note", "Students behind one gateway."}}}}}};
}

kinds::TextQuery asking(std::string const& text) {
  auto query = kinds::TextQuery::parse(text);
  INFO(text << (query ? "" : ": " + query.error().detail));
  REQUIRE(query.has_value());
  return *std::move(query);
}

bool has_facets(json const& object, kinds::TextQuery const& query) {
  auto const all = kinds::word_facets(object, kinds::kMostWords);
  return std::ranges::all_of(query.facets(), [&](auto const& one) { return std::ranges::find(all, one) != all.end(); });
}

// As a search does: by facets, and where they do not tell, by comparing.
bool finds(std::string const& text, json const& object) {
  auto const query = asking(text);
  return has_facets(object, query) && (query.is_told_by_facets() || query.matches(object));
}

}  // namespace

TEST_CASE("words are found in name, description, note and labels, in upper or lower case", "[kinds][words]") {
  auto const object = saying("10,000 accounts; rotates RESIDENTIAL exits", {"seen-twice"});
  for (auto const* text :
       {"proxies", "Residential", "accounts exits", "students", "twice", "gateway may accounts", "10"})
    CHECK(finds(text, object));
  for (auto const* text : {"proxy", "residents", "accounts nobody", "thousand"}) CHECK_FALSE(finds(text, object));
}

TEST_CASE("a phrase is words next to each other, in one text", "[kinds][words]") {
  auto const object = saying("rotates residential exits", {"one", "two"});
  for (auto const* text :
       {"\"residential exits\"", "\"Rotates, residential\"", "residential-exits", "\"proxies of may\" exits"})
    CHECK(finds(text, object));
  for (auto const* text : {"\"exits residential\"", "\"rotates exits\"", "\"may rotates\"", "\"one two\""})
    CHECK_FALSE(finds(text, object));
}

TEST_CASE("a star finds what words begin with", "[kinds][words]") {
  auto const object = saying("rotates residential exits");
  for (auto const* text : {"resid*", "residential*", "rot* exi*", "residential-exi*"}) CHECK(finds(text, object));
  for (auto const* text : {"residentials*", "resx*", "sidential*", "exits-resid*"}) CHECK_FALSE(finds(text, object));
}

TEST_CASE("letters beyond ASCII are of words, and signs are not", "[kinds][words]") {
  auto const object = saying("Zürich – “école” 東京、大阪");
  for (auto const* text : {"zürich", "école", "東京", "\"école 東京\"", "zür*"}) CHECK(finds(text, object));
  CHECK_FALSE(finds("zurich", object));
}

TEST_CASE("what has a meaning elsewhere has none here", "[kinds][words]") {
  auto const object = saying("one OR two");
  CHECK(finds("(one) OR two;--", object));
  CHECK(finds("^one", object));
  CHECK_FALSE(finds("one OR three", object));
  CHECK_FALSE(finds("description:one", object));
  CHECK_FALSE(finds("NOT one", object));
}

TEST_CASE("what cannot be asked is refused with what to do", "[kinds][words]") {
  std::string many;
  for (int i = 0; i < 17; ++i) many += "w" + std::to_string(i) + " ";
  for (auto const& text :
       {std::string("\"open"), std::string("..."), std::string("\"\""), std::string("ab*"), std::string("*"),
        std::string("a*b"), std::string("\"seen*\""), many, std::string(201, 'a')}) {
    INFO(text);
    auto const query = kinds::TextQuery::parse(text);
    REQUIRE_FALSE(query.has_value());
    CHECK_FALSE(query.error().remedy.empty());
  }
}

TEST_CASE("an indicator is found by its first words, and long words by their beginning", "[kinds][words]") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "word" + std::to_string(i) + " word0 ";
  CHECK(finds("word100", saying(text)));
  CHECK_FALSE(finds("word199", saying(text)));
  std::string const lengthy(60, 'a');
  CHECK(finds(lengthy, saying(lengthy)));
  auto object = saying(text);
  object["pattern_type"] = "stix";
  object["pattern"] = "[ipv4-addr:value IN ('198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4')]";
  auto const several = kinds::searchable(object).value();
  CHECK(std::ranges::is_sorted(several.facets));
  CHECK(several.keys.size() == 4);
  CHECK(several.keys.size() * (several.facets.size() + 1) <= 1'024);  // rows of the index
  CHECK(several.facets.size() > 100);                                 // these words share their beginning
}
