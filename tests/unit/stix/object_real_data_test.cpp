// Public STIX 2.1 content, read in place. Every object is accepted, or its refusal stands here with its reason.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/stix/object_cases.hpp"

namespace tocsin::stix {
namespace {

struct Tally {
  std::size_t accepted = 0;
  std::size_t warned = 0;
  std::vector<std::string> refused;  // id, code and pointer
};

void count(Json const& object, Tally& tally) {
  auto const parsed = parse_object(object);
  if (parsed) {
    ++tally.accepted;
    tally.warned += parsed->warnings.empty() ? 0 : 1;
    return;
  }
  for (auto const& [code, pointer] : test::places(parsed.error())) {
    tally.refused.push_back(object.value("id", "?") + " " + code + " " + pointer);
  }
}

// A file holds a bundle, a list of objects or one object.
Tally tally_of(std::string const& path) {
  auto const document = test::read_json(path);
  Tally tally;
  if (document.is_object() && document.value("type", "") != "bundle") {
    count(document, tally);
    return tally;
  }
  for (auto const& object : document.is_array() ? document : document.at("objects")) count(object, tally);
  return tally;
}

TEST_CASE("every object of ICS ATT&CK is accepted without a warning", "[stix][object][real]") {
  std::string const path = "../shared/data/mitre-attack+attack-stix-data/ics-attack__ics-attack.json";
  if (!std::filesystem::exists(path)) TOCSIN_SKIP("ICS ATT&CK is not here");
  auto const tally = tally_of(path);
  CHECK(tally.refused == std::vector<std::string>{});
  CHECK(tally.accepted == 1826);
  CHECK(tally.warned == 0);
}

TEST_CASE("every object of ATLAS is accepted but two that were modified before they were created",
          "[stix][object][real]") {
  std::string const path = "../shared/data/mitre-atlas+atlas-navigator-data/dist__stix-atlas.json";
  if (!std::filesystem::exists(path)) TOCSIN_SKIP("ATLAS is not here");
  auto const tally = tally_of(path);
  CHECK(tally.refused == std::vector<std::string>{
                             "attack-pattern--c9f8f4b0-e377-55b1-bad3-aa5f13389216 timestamp-order /modified",
                             "attack-pattern--92a68652-d864-5c9c-9c1d-64ec09587390 timestamp-order /modified",
                         });
  CHECK(tally.accepted == 536);
}

TEST_CASE("every object of the OASIS examples is accepted", "[stix][object][real]") {
  std::string const folder = "../shared/data/oasis-open+cti-stix2-json-schemas";
  if (!std::filesystem::exists(folder)) TOCSIN_SKIP("the OASIS examples are not here");
  std::size_t accepted = 0;
  for (auto const& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.path().filename().string().starts_with("examples__")) continue;
    auto const tally = tally_of(entry.path().string());
    INFO(entry.path().string());
    CHECK(tally.refused == std::vector<std::string>{});
    accepted += tally.accepted;
  }
  CHECK(accepted == 260);
}

}  // namespace
}  // namespace tocsin::stix
