#include "schema/stix/rules/selector.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

namespace tocsin::stix::rules {
namespace {

Json const kVulnerability = Json::parse(R"({"description":"d","labels":["heartbleed","has-logo"],
  "external_references":[{"source_name":"cve","external_id":"CVE-2014-0160"}],
  "extensions":{"extension-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f":{"score":null}}})");

TEST_CASE("a selector finds properties, list items and dictionary keys", "[stix][selector]") {
  for (auto const* selector : {"description", "labels", "labels.[1]", "external_references.[0].source_name",
                               "extensions.extension-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f.score"}) {
    INFO(selector);
    CHECK(select(kVulnerability, selector) == Selected::found);
  }
}

TEST_CASE("a selector that leads nowhere is told from a malformed one", "[stix][selector]") {
  for (auto const* selector :
       {"pattern", "external_references.[3]", "description.[0]", "labels.name", "description.x.[0]"}) {
    INFO(selector);
    CHECK(select(kVulnerability, selector) == Selected::nothing);
  }
  for (auto const* selector :
       {"", ".", "labels.", ".labels", "labels.[]", "labels.[x]", "labels.[-1]", "labels.[01]", "labels[0]",
        "labels.[0", "labels.[99999999999999999999]", "a b", "pattern..x", "$.labels"}) {
    INFO(selector);
    CHECK(select(kVulnerability, selector) == Selected::malformed);
  }
}

}  // namespace
}  // namespace tocsin::stix::rules
