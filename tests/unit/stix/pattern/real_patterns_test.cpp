#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "schema/stix/pattern/parse.hpp"
#include "schema/stix/pattern/print.hpp"
#include "tests/support/catch.hpp"

namespace {

namespace pattern = tocsin::stix::pattern;

void collect(nlohmann::json const& value, std::vector<std::string>& patterns) {
  if (value.is_object() && value.contains("pattern") && value["pattern"].is_string() &&
      value.value("pattern_type", nlohmann::json()) == "stix") {
    patterns.push_back(value["pattern"].get<std::string>());
  }
  if (!value.is_structured()) return;
  for (auto const& member : value) collect(member, patterns);
}

std::string contents(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("every STIX pattern of published data parses and survives printing", "[stix][pattern][data]") {
  std::filesystem::path const folder = "../shared/data/oasis-open+cti-stix2-json-schemas";
  if (!std::filesystem::exists(folder)) TOCSIN_SKIP("no ../shared/data");
  std::vector<std::string> patterns;
  for (auto const& entry : std::filesystem::recursive_directory_iterator("../shared/data")) {
    if (entry.path().extension() != ".json") continue;
    std::string const text = contents(entry.path());
    // Most of the data is not STIX; only what can hold a pattern is worth a DOM.
    if (text.find("\"pattern_type\"") == std::string::npos) continue;
    collect(nlohmann::json::parse(text), patterns);
  }
  CHECK(patterns.size() >= 40);
  for (auto const& text : patterns) {
    auto const result = pattern::parse(text);
    INFO(text);
    INFO((result ? "" : result.error().detail));
    REQUIRE(result.has_value());
    auto const again = pattern::parse(pattern::print(*result));
    REQUIRE(again.has_value());
    CHECK(*again == *result);
  }
}
