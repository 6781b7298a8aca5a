#include "server/feeds/asked.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin;
using Parameters = std::vector<std::pair<std::string, std::string>>;

namespace {

auto asked(Parameters const& parameters, char const* feed = "block-v4") {
  return feeds::parse_asked(*feeds::find_feed(feed), parameters);
}

}  // namespace

TEST_CASE("What is not said of a feed has its usual value", "[feeds][asked]") {
  auto const out = asked({});
  REQUIRE(out);
  CHECK(out->format->name == "text");
  CHECK_FALSE(out->max_entries);
  CHECK(out->max_level == stix::Tlp::amber_strict);
  CHECK(out->included.empty());
}

TEST_CASE("Every parameter of a feed is read", "[feeds][asked]") {
  auto const out = asked({{"format", "nftables"},
                          {"max_entries", "10000"},
                          {"min_confidence", "70"},
                          {"min_corroboration", "2"},
                          {"max_tlp", "green"},
                          {"max_age", "30"},
                          {"collection", "network,curated"},
                          {"proxy_class", "vpn,tor"},
                          {"include", "mobile,shared-egress"}});
  REQUIRE(out);
  CHECK(out->format->name == "nftables");
  CHECK(out->max_entries == 10'000);
  CHECK(out->min_confidence == 70);
  CHECK(out->min_corroboration == 2);
  CHECK(out->max_level == stix::Tlp::green);
  CHECK(out->max_age_us == 30 * 86'400'000'000);
  CHECK(out->collections == std::vector<std::string>{"network", "curated"});
  CHECK(out->classes == std::set<std::string, std::less<>>{"tor", "vpn"});
  CHECK(out->included == std::set{feeds::Reason::shared_egress, feeds::Reason::mobile});
}

TEST_CASE("What cannot be asked of a feed is refused with its parameter", "[feeds][asked]") {
  for (auto const& [name, value] : Parameters{{"format", "xml"},
                                              {"max_entries", "0"},
                                              {"max_entries", "many"},
                                              {"min_confidence", "101"},
                                              {"min_corroboration", "-1"},
                                              {"max_tlp", "red"},
                                              {"max_age", "0"},
                                              {"max_age", "36501"},
                                              {"max_age", "a week"},
                                              {"collection", ""},
                                              {"collection", "network,"},
                                              {"proxy_class", ""},
                                              {"proxy_class", "vpn,nobody"},
                                              {"include", "proxy-class"},
                                              {"include", "muted"},
                                              {"include", "action"},
                                              {"include", "nobody"},
                                              {"colour", "1"}}) {
    auto const out = asked({{name, value}});
    REQUIRE_FALSE(out);
    CHECK(out.error().code == core::Code::bad_parameter);
    CHECK((name == "colour" || out.error().detail.contains(name)));
  }
  CHECK_FALSE(asked({{"format", "csv"}, {"format", "csv"}}));
  CHECK_FALSE(asked({{"format", "nftables"}}, "block-asn"));
  CHECK(asked({{"format", "ndjson"}}, "block-asn"));
}

TEST_CASE("There is a feed of each intent and family, under its name", "[feeds][asked]") {
  CHECK(feeds::feeds().size() == 12);
  for (auto const& feed : feeds::feeds()) {
    CHECK(feeds::find_feed(feed.name) == &feed);
    CHECK(feed.name.starts_with(match::name(feed.intent)));
  }
  CHECK(feeds::find_feed("block") == nullptr);
}

TEST_CASE("What decides nothing of the bytes does not tell two requests apart", "[feeds][asked]") {
  auto const plain = asked({});
  REQUIRE(plain);
  CHECK(asked({{"format", "text"}, {"max_entries", "10"}})->decisive == plain->decisive);
  CHECK(asked({{"format", "csv"}})->decisive != plain->decisive);
  CHECK(asked({{"min_confidence", "1"}})->decisive != plain->decisive);
  for (auto const& [name, value] : Parameters{{"max_age", "30"}, {"collection", "network"}, {"proxy_class", "vpn"}})
    CHECK(asked({{name, value}})->decisive != plain->decisive);
  CHECK(asked({}, "block-v6")->decisive != plain->decisive);
  CHECK(asked({{"min_confidence", "1"}, {"format", "csv"}})->decisive ==
        asked({{"format", "csv"}, {"min_confidence", "1"}})->decisive);
}
