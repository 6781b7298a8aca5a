// The cases of tests/cases/harm that are objects: what the door refuses of them, with the checks that hold for members.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "schema/stix/json.hpp"
#include "server/admission/harm/attribution.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/admission/submission.hpp"

using namespace tocsin;
using namespace tocsin::test;
using nlohmann::json;
using Codes = std::vector<std::string>;

namespace {

// An audience to which the member of the hall belongs.
std::shared_ptr<access::Directory const> directory_with(std::string const& marking) {
  access::Directory::Tables tables;
  tables.organisations = {{1, "Aurora", "lab", 4, kOwnIdentity, "", false, 0}};
  store::Audience audience;
  audience.row = 1;
  audience.marking = core::parse_uuid(marking.substr(marking.find("--") + 2)).value();
  audience.name = "both";
  tables.audiences = {audience};
  tables.audience_members = {{1, 1, 1, std::nullopt}};
  return std::make_shared<access::Directory const>(std::move(tables), 1);
}

std::vector<core::Error> findings_of(json const& entry) {
  Hall hall;
  admission::harm::Surroundings const around{};
  hall.visit.around = &around;
  hall.visit.agreed = entry.value("agreed", false);
  if (entry.contains("audience")) hall.visit.directory = directory_with(text(entry, "audience"));
  auto const judged = admission::Door(hall.limits).judge(entry.at("object").dump(), hall.visit);
  return judged ? std::vector<core::Error>() : judged.error().findings;
}

Codes codes(std::vector<core::Error> const& found) {
  Codes out;
  for (auto const& one : found) out.emplace_back(core::row(one.code).code);
  std::ranges::sort(out);
  return out;
}

}  // namespace

TEST_CASE("every object of tests/cases/harm is refused for what it says, or taken", "[admission][harm]") {
  std::size_t count = 0;
  for (auto const& file : std::filesystem::directory_iterator("tests/cases/harm")) {
    std::ifstream in(file.path());
    for (auto const& entry : json::parse(in)) {
      if (!entry.contains("object")) continue;
      INFO(file.path().string() << ": " << text(entry, "name"));
      auto const found = findings_of(entry);
      CHECK(codes(found) == entry.at("codes").get<Codes>());
      for (auto const& one : found) CHECK((one.pointer.starts_with('/') && !one.remedy.empty()));
      ++count;
    }
  }
  CHECK(count >= 20);
}

TEST_CASE("an analyst's reason does not let an attribution through", "[admission][harm]") {
  std::ifstream in("tests/cases/harm/attribution.json");
  for (auto const& entry : json::parse(in)) {
    if (text(entry, "name") != "without evidence it is refused") continue;
    Hall hall;
    admission::harm::Surroundings const around{};
    hall.visit.around = &around;
    hall.visit.overriding = true;
    CHECK_FALSE(admission::Door(hall.limits).judge(entry.at("object").dump(), hall.visit).has_value());
    return;
  }
  FAIL("the case is not there");
}
