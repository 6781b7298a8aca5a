// The test vectors of docs/profile-metrics.md: tests/cases/usage/figures.json.
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "clients/cpp/usage/meter.hpp"
#include "clients/cpp/usage/profile_item.hpp"
#include "clients/logs/line_values.hpp"
#include "schema/stix/timestamp.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

std::int64_t time_of(json const& text) { return stix::Timestamp::parse(text.get<std::string>())->microseconds(); }

std::string filled(std::string text, int number) {
  auto const slot = text.find("%n");
  return slot == text.npos ? text : text.replace(slot, 2, std::to_string(number));
}

// `count` requests of each of `accounts` accounts, one every so many seconds.
void add(Meter& meter, json const& group) {
  auto const accounts = group.value("accounts", 1);
  for (int account = 0; account < accounts; ++account)
    for (int i = 0; i < group.at("count").get<int>(); ++i) {
      logs::AccessRecord request;
      request.account = group.value("account", "account") + "-" + std::to_string(account);
      request.at_us = time_of(group.at("start")) + i * group.at("every").get<std::int64_t>() * 1'000'000;
      request.model = group.value("model", "");
      request.prompt = filled(group.value("prompt", ""), account * 1'000 + i);
      if (group.contains("tokens_out")) request.tokens_out = group.at("tokens_out").get<std::uint64_t>();
      if (group.contains("address")) request.address = logs::parse_address(group.at("address").get<std::string>());
      meter.add(request);
    }
}

}  // namespace

TEST_CASE("every test vector of a usage profile has the figures that it says", "[client][usage]") {
  std::ifstream in("tests/cases/usage/figures.json");
  auto const cases = json::parse(in);
  REQUIRE(cases.size() > 10);
  for (auto const& one : cases) {
    INFO(one.at("name").get<std::string>());
    auto const rules = PromptRules::parse(one.value("rules", ""));
    REQUIRE(rules);
    Meter meter(*rules, parse_releases(one.value("releases", "")).value());
    for (auto const& group : one.at("requests")) add(meter, group);
    Window const window{minute_of(time_of(one.at("window").at("start"))),
                        one.at("window").at("minutes").get<std::size_t>()};
    auto const figures = properties_of(meter.figures(window));
    for (auto const& [name, value] : one.at("figures").items()) {
      INFO(name);
      CHECK(figures.contains(name) == !value.is_null());
      if (!figures.contains(name)) continue;
      if (value.is_number()) {
        CHECK(figures.at(name).get<double>() == Approx(value.get<double>()).margin(0.0001));
      } else {
        CHECK(json(figures.at(name)) == value);
      }
    }
  }
}

}  // namespace tocsin::client
