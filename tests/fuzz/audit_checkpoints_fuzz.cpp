// A list of checkpoints that parses holds, in its order, the text of every checkpoint that it is said to hold; without
// the key nothing of it does.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/ledger/audit_checkpoints.hpp"

namespace {

using namespace tocsin;

void require(bool holds) {
  if (!holds) std::abort();
}

// Its seed is 32 zero bytes, so that the seeds can be signed.
log::VerifierKey const& key() {
  static log::VerifierKey const made =
      log::SignerKey::make("f/audit", log::KeyType::signature, log::SigningKey::from_seed({})).value().verifier();
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<char const*>(data), size);
  auto const known = ledger::parse_audit_checkpoints(bytes, key());
  if (!known) return 0;
  std::size_t at = 0;
  for (auto const& [count, root] : *known) {
    auto text = log::format_checkpoint({"f/audit", count, root});
    at = bytes.find(text, at);
    require(at != std::string_view::npos);
    at += text.size();
  }
  require(known->empty() == bytes.empty());
  return 0;
}
