// What members say in the short form: nothing becomes an object that is shown to more readers than what it is said of,
// that is of another type, or that names somebody else; and what takes an opinion back leaves it as it was.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "server/admission/responses.hpp"

namespace {

using namespace tocsin;

constexpr char const* kId = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
constexpr char const* kAudience = "marking-definition--00000000-0000-4000-8000-000000000007";
admission::Sayer const kSayer{"identity--0b9d0e0c-7a55-4b38-8f0e-6a2f3ad1c7e4", 1'770'000'000'123'456};

void require(bool holds) {
  if (!holds) std::abort();
}

void check(stix::Json const& made, char const* type) {
  require(made.at("type") == type && made.at("created_by_ref") == kSayer.creator);
  bool audience = false, level = false;
  for (auto const& marking : made.at("object_marking_refs")) {
    auto const id = stix::Identifier::parse(marking.get_ref<std::string const&>());
    auto const tlp = stix::tlp_of(*id);
    audience = audience || marking == kAudience;
    level = level || (tlp && *tlp >= stix::Tlp::amber);
    require(!tlp || *tlp >= stix::Tlp::amber);
  }
  require(audience && level);
  require(!made.contains("revoked") && !made.contains("granular_markings"));
}

void check_withdrawn(stix::Json const& said, admission::Subject const& subject) {
  auto const standing = admission::opinion_on({{"opinion", "agree"}}, nullptr, subject, kSayer).value();
  auto taken = admission::opinion_withdrawn(said, standing, kSayer.now_us + 1);
  if (!taken) return;
  require(said.empty() || (said.size() == 1 && said.contains("withdraw")));
  require(taken->at("revoked") == true && taken->at("modified") != standing.at("modified"));
  taken->erase("revoked");
  (*taken)["modified"] = standing.at("modified");
  require(*taken == standing);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const said = stix::parse_json({reinterpret_cast<char const*>(data), size});
  if (!said || !said->is_object()) return 0;
  admission::Subject const subject{kId, stix::Tlp::amber, {kAudience}};
  if (auto const made = admission::sighting_of(*said, subject, kSayer)) {
    check(*made, "sighting");
    require(made->at("sighting_of_ref") == kId);
  }
  if (auto const made = admission::opinion_on(*said, nullptr, subject, kSayer)) {
    check(*made, "opinion");
    require(made->at("object_refs") == stix::Json::array({kId}));
    require(*admission::opinion_on(*said, *made, subject, kSayer) == *made);
  }
  check_withdrawn(*said, subject);
  return 0;
}
