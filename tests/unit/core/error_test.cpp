#include "schema/core/error.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "schema/core/finding_text.hpp"
#include "schema/core/result.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::core {
namespace {

struct Named {
  Code code;
  std::string_view name;
};

std::vector<Named> const kAll{
#define TOCSIN_ERROR(name, code, http, retryable, title) Named{Code::name, #name},
#include "schema/core/errors.def"
#undef TOCSIN_ERROR
};

bool is_kebab_case(std::string_view text) {
  auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && std::ranges::all_of(text, allowed) && !text.starts_with('-') && !text.ends_with('-') &&
         !text.contains("--");
}

TEST_CASE("every code of the error catalogue is unique and in kebab case", "[core][error]") {
  std::set<std::string_view> seen;
  for (auto const& [code, name] : kAll) {
    INFO(name);
    CHECK(is_kebab_case(row(code).code));
    CHECK(seen.insert(row(code).code).second);
  }
  CHECK(seen.size() == kAll.size());
}

TEST_CASE("a code is spelled as its name in the program", "[core][error]") {
  for (auto const& [code, name] : kAll) {
    std::string spelled(row(code).code);
    std::ranges::replace(spelled, '-', '_');
    CHECK(spelled == name);
  }
}

TEST_CASE("every row of the catalogue has a status of failure and a title", "[core][error]") {
  for (auto const& [code, name] : kAll) {
    INFO(name);
    CHECK(row(code).http >= 400);
    CHECK(row(code).http <= 599);
    CHECK_FALSE(row(code).title.empty());
    CHECK_FALSE(row(code).title.ends_with('.'));
  }
}

TEST_CASE("a failure carries code, sentence, pointer and remedy", "[core][error]") {
  Result<int> result = fail(Code::property_value, "It is wrong.", "/a", "Mend it.");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Code::property_value);
  CHECK(result.error().detail == "It is wrong.");
  CHECK(result.error().pointer == "/a");
  CHECK(result.error().remedy == "Mend it.");
}

TEST_CASE("a finding is one line with its code, and leaves out what it does not have", "[core][error]") {
  CHECK(finding_text({Code::property_value, "It is wrong.", "/a", "Mend it."}) ==
        std::string(row(Code::property_value).code) + ": It is wrong. (at /a) Mend it.");
  CHECK(finding_text({Code::not_found, "There is none.", "", ""}) == "not-found: There is none.");
}

}  // namespace
}  // namespace tocsin::core
