// An agreement is either accepted with every value in its range, or refused with mistakes that can be shown and acted
// on. What of a mistaken one is well formed is in range, too, and says no more than its text does.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/stix/identifier.hpp"
#include "server/federation/agreement.hpp"

namespace {

using namespace tocsin;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(federation::Agreement const& agreement) {
  require(agreement.direction <= federation::Direction::both && agreement.max_tlp != stix::Tlp::red);
  for (auto const& identity : agreement.identities) require(stix::Identifier::parse(identity)->type() == "identity");
  for (auto const* names : {&agreement.collections, &agreement.audiences})
    for (auto const& name : *names) require(!name.empty() && name.size() <= 512 && core::is_utf8(name));
  require(agreement.party.size() <= 512 && core::is_utf8(agreement.party));
  for (auto const number : {agreement.entries_per_hour, agreement.mib_per_hour})
    require(number >= 0 && number <= 1'000'000'000);
  for (auto const& key : agreement.witnesses) require(key.type() == log::KeyType::cosignature);
}

void check(federation::MistakenAgreement const& refused) {
  require(!refused.mistakes.empty());
  for (auto const& mistake : refused.mistakes) {
    require(mistake.code == core::Code::config_invalid);
    require(!mistake.detail.empty() && mistake.detail.size() <= 600 && core::is_utf8(mistake.detail));
    require(!mistake.remedy.empty() && mistake.pointer.size() <= 300 && core::is_utf8(mistake.pointer));
  }
  check(refused.well_formed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const input(reinterpret_cast<char const*>(data), size);
  auto const agreement = federation::parse_agreement(input);
  if (agreement)
    check(*agreement);
  else
    check(agreement.error());
  return 0;
}
