#include "server/catalog/filters.hpp"

#include "schema/stix/timestamp.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using catalog::Filters;
using catalog::Parameters;

namespace {

constexpr char kId[] = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
constexpr char kOther[] = "malware--0b7e9c1c-2b6c-4b7e-8f0c-5a2b1d9f7c11";

Filters parse(Parameters const& parameters) {
  auto filters = Filters::parse(parameters);
  if (!filters) FAIL(filters.error().detail);
  return *filters;
}

core::Error refusal(Parameters const& parameters) {
  auto filters = Filters::parse(parameters);
  CAPTURE(parameters.front().first, parameters.front().second.substr(0, 100));
  REQUIRE_FALSE(filters.has_value());
  CHECK(filters.error().code == core::Code::bad_parameter);
  CHECK(filters.error().detail.ends_with('.'));
  CHECK_FALSE(filters.error().remedy.empty());
  return filters.error();
}

bool same(Filters const& a, Filters const& b) {
  return a.ids == b.ids && a.types == b.types && a.versions.first == b.versions.first &&
         a.versions.last == b.versions.last && a.versions.all == b.versions.all &&
         a.versions.exact_ns == b.versions.exact_ns && a.no_spec_version == b.no_spec_version &&
         a.added_after_us == b.added_after_us;
}

std::int64_t key(std::string_view text) { return stix::Timestamp::parse(text).value().key(); }

std::string numbered_types(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += (out.empty() ? "x-" : ",x-") + std::to_string(i);
  return out;
}

}  // namespace

TEST_CASE("Without parameters the newest version of everything is asked for", "[catalog][filters]") {
  auto filters = parse({});
  CHECK(filters.ids.empty());
  CHECK(filters.types.empty());
  CHECK(
      (filters.versions.last && !filters.versions.first && !filters.versions.all && filters.versions.exact_ns.empty()));
  CHECK_FALSE(filters.no_spec_version);
  CHECK_FALSE(filters.added_after_us.has_value());
  CHECK(filters.text.empty());
}

TEST_CASE("Each filter is taken for what it says", "[catalog][filters]") {
  auto ids = parse({{"match[id]", std::string(kId) + "," + kOther}}).ids;
  REQUIRE(ids.size() == 2);
  CHECK(ids[0].first == "indicator");
  CHECK(core::to_text(ids[1].second) == "0b7e9c1c-2b6c-4b7e-8f0c-5a2b1d9f7c11");
  CHECK(parse({{"match[type]", "malware,indicator"}}).types == std::vector<std::string>{"indicator", "malware"});
  CHECK(parse({{"added_after", "1970-01-01T00:00:01.5Z"}}).added_after_us == 1'500'000);
}

TEST_CASE("Versions are named by words, by instants, or by both", "[catalog][filters]") {
  auto both = parse({{"match[version]", "first,last"}}).versions;
  CHECK((both.first && both.last && !both.all));
  auto first = parse({{"match[version]", "first"}}).versions;
  CHECK((first.first && !first.last));
  auto all = parse({{"match[version]", "all"}}).versions;
  CHECK((all.all && !all.first && !all.last));
  auto exact = parse({{"match[version]", "2026-01-31T12:00:00.000Z,first"}}).versions;
  CHECK((exact.first && !exact.last));
  CHECK(exact.exact_ns == std::vector{key("2026-01-31T12:00:00Z")});
}

TEST_CASE("Without 2.1 among the versions of STIX nothing is asked for", "[catalog][filters]") {
  CHECK(parse({{"match[spec_version]", "2.0"}}).no_spec_version);
  CHECK_FALSE(parse({{"match[spec_version]", "2.1"}}).no_spec_version);
  CHECK_FALSE(parse({{"match[spec_version]", "2.0,2.1"}}).no_spec_version);
}

TEST_CASE("An instant finer than the dates it is compared with is cut off, so that nothing is left out",
          "[catalog][filters]") {
  CHECK(parse({{"added_after", "1970-01-01T00:00:00.000001999Z"}}).added_after_us == 1);
  CHECK(parse({{"added_after", "1969-12-31T23:59:59.999999999Z"}}).added_after_us == -1);
}

TEST_CASE("A malformed filter is refused by the name of its parameter, without its value", "[catalog][filters]") {
  for (auto const& [name, value] : Parameters{{"match[id]", "4711"},
                                              {"match[id]", "indicator--4711"},
                                              {"match[id]", std::string(kId) + ",4711"},
                                              {"match[id]", std::string(kId) + " "},
                                              {"match[type]", "Type4711"},
                                              {"match[type]", "a4711--b"},
                                              {"match[version]", "latest4711"},
                                              {"match[version]", "2026-01-31 4711"},
                                              {"match[version]", "1500-01-01T00:00:00Z"},
                                              {"match[version]", "FIRST4711"},
                                              {"match[spec_version]", "4711"},
                                              {"match[spec_version]", "2.1,2.2"},
                                              {"added_after", ""},
                                              {"added_after", "4711"},
                                              {"added_after", "2026-01-31T12:00:00+01:00"},
                                              {"added_after", "2026-02-30T12:00:00Z"}}) {
    auto error = refusal({{name, value}});
    CHECK(error.detail.contains(name));
    CHECK_FALSE(error.detail.contains("4711"));
  }
}

TEST_CASE("`all` stands alone", "[catalog][filters]") {
  for (char const* other : {"first", "last", "2026-01-31T12:00:00Z"})
    CHECK(refusal({{"match[version]", std::string("all,") + other}}).detail.contains("match[version]"));
}

TEST_CASE("An empty value among the values is refused", "[catalog][filters]") {
  for (char const* name : {"match[id]", "match[type]", "match[version]", "match[spec_version]"})
    for (std::string value : {"", ",", "indicator,", ",indicator", "indicator,,malware"})
      CHECK(refusal({{name, value}}).detail.contains("empty value"));
}

TEST_CASE("A filter takes a hundred values and no more", "[catalog][filters]") {
  CHECK(parse({{"match[type]", numbered_types(100)}}).types.size() == 100);
  CHECK(parse({{"match[type]", numbered_types(100) + ",x-0,x-1"}}).types.size() == 100);
  CHECK(refusal({{"match[type]", numbered_types(101)}}).detail.contains("more than 100"));
}

TEST_CASE("A filter that comes twice is refused", "[catalog][filters]") {
  for (auto const& one :
       Parameters{{"match[type]", "indicator"}, {"added_after", "2026-01-31T12:00:00Z"}, {"match[version]", "all"}})
    CHECK(refusal({one, one}).detail.contains("more than once"));
}

TEST_CASE("A misspelt filter is refused, any other parameter is somebody else's", "[catalog][filters]") {
  for (char const* name : {"match", "match[ids]", "match[id", "match%5Bid%5D", "match[Type]", "match[]"})
    CHECK(refusal({{name, "x"}}).detail.contains("is no filter"));
  CHECK(refusal({{"match" + std::string(5'000, 'x'), "x"}}).detail.size() < 200);
  CHECK(same(parse({{"limit", "x"}, {"next", ""}, {"Match[id]", "x"}, {"added_before", "x"}, {"", ""}}), parse({})));
}

TEST_CASE("Filters that ask for the same have the same text, however they are written", "[catalog][filters]") {
  struct Case {
    Parameters one, other;
  };
  std::string const upper = "indicator--8E2E2D2B-17D4-4CBF-938F-98EE46B3CD3F";
  for (auto const& [one, other] : std::vector<Case>{
           {{{"match[type]", "malware,indicator"}}, {{"match[type]", "indicator,malware,indicator"}}},
           {{{"match[type]", "malware"}, {"match[id]", kId}}, {{"match[id]", kId}, {"match[type]", "malware"}}},
           {{{"match[id]", kId}}, {{"match[id]", upper}}},
           {{{"match[id]", kId}}, {{"match[id]", upper + "," + kId}}},
           {{{"match[version]", "2026-01-31T12:00:00Z"}}, {{"match[version]", "2026-01-31T12:00:00.000000Z"}}},
           {{{"added_after", "2026-01-31T12:00:00Z"}}, {{"added_after", "2026-01-31T12:00:00.000000999Z"}}},
           {{{"match[version]", "last"}}, {}},
           {{{"match[spec_version]", "2.1"}}, {}},
           {{{"match[spec_version]", "2.0,2.1"}}, {}},
           {{{"match[type]", "malware"}, {"limit", "5"}}, {{"match[type]", "malware"}}}}) {
    auto a = parse(one), b = parse(other);
    CAPTURE(a.text);
    CHECK(same(a, b));
    CHECK(a.text == b.text);
  }
}

TEST_CASE("Filters that ask for something else have another text", "[catalog][filters]") {
  std::vector<Parameters> const all{{},
                                    {{"match[id]", kId}},
                                    {{"match[id]", kOther}},
                                    {{"match[type]", "malware"}},
                                    {{"match[version]", "first"}},
                                    {{"match[version]", "first,last"}},
                                    {{"match[version]", "all"}},
                                    {{"match[version]", "2026-01-31T12:00:00Z"}},
                                    {{"match[version]", "2026-01-31T12:00:00.000000001Z"}},
                                    {{"match[version]", "last,2026-01-31T12:00:00Z"}},
                                    {{"match[spec_version]", "2.0"}},
                                    {{"added_after", "2026-01-31T12:00:00Z"}},
                                    {{"added_after", "2026-01-31T12:00:00.000001Z"}}};
  for (auto const& one : all)
    for (auto const& other : all) CHECK((&one == &other) == (parse(one).text == parse(other).text));
}

TEST_CASE("The text of filters reads back as the same filters", "[catalog][filters]") {
  auto filters = parse({{"match[id]", std::string(kOther) + "," + kId},
                        {"match[type]", "malware,indicator"},
                        {"match[version]", "last,first,2026-01-31T12:00:00.123456789Z"},
                        {"match[spec_version]", "2.0"},
                        {"added_after", "0001-01-01T00:00:00Z"}});
  auto again = Filters::parse_text(filters.text);
  REQUIRE(again.has_value());
  CHECK(same(*again, filters));
  CHECK(again->text == filters.text);
  CHECK(same(*Filters::parse_text(""), parse({})));
}

TEST_CASE("A text that filters never have is refused", "[catalog][filters]") {
  for (char const* text : {"x", "match[type]\n", "match[type]=\n", "match[ids]=x\n", "\n"}) {
    auto filters = Filters::parse_text(text);
    REQUIRE_FALSE(filters.has_value());
    CHECK(filters.error().code == core::Code::bad_parameter);
  }
}
