#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/match_pattern/seen.hpp"

namespace tocsin::match::pattern::test {
namespace {

using stix::Json;

Json read(std::string const& name) {
  std::ifstream file("tests/cases/patterns/matching/" + name);
  REQUIRE(file.is_open());
  return Json::parse(file);
}

// Every case of a file says what becomes of it: true, false or "unsupported".
Json outcome(std::string const& text, std::vector<Observation> const& observations) {
  auto const pattern = compiled(text);
  if (!pattern) return "unsupported";
  switch (pattern->matches(observations)) {
    case Verdict::yes:
      return true;
    case Verdict::no:
      return false;
    case Verdict::undecided:
      break;
  }
  return "undecided";
}

Object object_of(Json const& document) {
  auto const id = document.find("id");
  return named_object(id == document.end() ? std::string_view() : id->get_ref<std::string const&>(), document);
}

}  // namespace

TEST_CASE("every comparison holds for the values of the table and for no other", "[match][pattern]") {
  Json const file = read("comparisons.json");
  CHECK(file.at("values").size() >= 110);
  for (auto const& each : file.at("values")) {
    INFO(each.dump());
    Json const object{{"type", "x"}, {"p", each.at("value")}};
    std::vector<Observation> const observations{{second(0), {object_of(object)}}};
    CHECK(outcome("[x:p " + each.at("test").get<std::string>() + "]", observations) == each.at("match"));
  }
}

TEST_CASE("every object path of the table leads to its values", "[match][pattern]") {
  Json const file = read("paths.json");
  CHECK(file.at("cases").size() >= 70);
  for (auto const& each : file.at("cases")) {
    INFO(each.dump());
    std::vector<Object> objects;
    for (auto const& document : each.at("objects")) objects.push_back(object_of(document));
    std::vector<Observation> const observations{{second(0), objects}};
    CHECK(outcome(each.at("pattern").get<std::string>(), observations) == each.at("match"));
  }
}

TEST_CASE("every pattern of the table matches the observations it should", "[match][pattern]") {
  Json const file = read("observations.json");
  CHECK(file.at("cases").size() >= 90);
  for (auto const& each : file.at("cases")) {
    INFO(each.dump());
    auto const what = seen(each.at("seen").get_ref<std::string const&>());
    CHECK(outcome(spelled_out(each.at("pattern").get_ref<std::string const&>()), what.observations) ==
          each.at("match"));
  }
}

TEST_CASE("observed data is read with the objects it refers to and those embedded in it", "[match][pattern]") {
  Json const file = read("observed_data.json");
  auto const known = [&](std::string_view id) -> Json const* {
    for (auto const& document : file.at("known"))
      if (document.at("id") == id) return &document;
    return nullptr;
  };
  for (auto const& each : file.at("cases")) {
    INFO(each.dump());
    std::vector<Observation> observations;
    Json error;
    for (auto const& document : each.at("observed")) {
      auto observation = observation_of(document, known);
      if (observation)
        observations.push_back(std::move(*observation));
      else
        error = core::row(observation.error().code).code;
    }
    CHECK(error == each.value("error", Json()));
    if (error.is_null()) CHECK(outcome(each.at("pattern").get<std::string>(), observations) == each.at("match"));
  }
}

TEST_CASE("an unsupported pattern says why, without what it compares", "[match][pattern]") {
  auto const expression = compiled("[x:p MATCHES '(secret)\\\\1']");
  REQUIRE_FALSE(expression.has_value());
  CHECK(expression.error().reason == Unsupported::Reason::expression);
  CHECK(expression.error().sentence.find("secret") == std::string::npos);
  auto const network = compiled("[x:p = 1] OR [x:p ISSUBSET 'secret']");
  REQUIRE_FALSE(network.has_value());
  CHECK(network.error().reason == Unsupported::Reason::network);
  CHECK(network.error().sentence.find("secret") == std::string::npos);
  auto const large = compiled("[x:p LIKE '" + std::string(60'000, '_') + "']");
  REQUIRE_FALSE(large.has_value());
  CHECK(large.error().reason == Unsupported::Reason::too_large);
}

TEST_CASE("expressions of one pattern are bounded together", "[match][pattern]") {
  std::string many;
  for (int number = 0; number < 1'000; ++number)
    many += (number == 0 ? "[x:p MATCHES '" : " OR x:p MATCHES '") + std::to_string(number) + ".{900}'";
  auto const large = compiled(many + "]");
  REQUIRE_FALSE(large.has_value());
  CHECK(large.error().reason == Unsupported::Reason::too_large);
  CHECK(compiled("[x:p MATCHES '.{900}' OR x:p LIKE 'a%']").has_value());
}

}  // namespace tocsin::match::pattern::test
