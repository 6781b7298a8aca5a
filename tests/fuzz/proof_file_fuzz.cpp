// What parses as a proof, an opening or a revealed canary is exactly what writing it gives (of a canary: the same
// again). Verification ends in a verdict whatever a file says, and of nothing is believed that the log's key has not
// signed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "clients/cpp/canary/bundle.hpp"
#include "clients/cpp/verification/steps.hpp"
#include "schema/log/opening.hpp"
#include "schema/log/proof_file.hpp"

namespace {

using namespace tocsin;
using core::Code;

void require(bool holds) {
  if (!holds) std::abort();
}

// The keys that the seeds use.
client::TrustedKeys const& known() {
  static client::TrustedKeys const keys{
      log::VerifierKey::parse("peer-a.example.org/log+05286044+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c").value(),
      {log::VerifierKey::parse("witness.example.net/w1+0abc1f19+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU")
           .value()}};
  return keys;
}

void check_refusal(core::Error const& error) {
  require(error.code == Code::proof_invalid || error.code == Code::note_malformed ||
          error.code == Code::checkpoint_malformed);
  require(!error.detail.empty() && error.detail.size() < 256);
}

void check_steps(core::Result<client::Steps> const& steps) {
  if (!steps) return check_refusal(steps.error());
  require(!steps->empty());
  for (auto const& step : *steps)
    for (char const c : step.detail) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<char const*>(data), size);
  if (auto const opening = log::Opening::parse(bytes)) require(opening->bytes() == bytes);
  if (auto const canary = client::RevealedCanary::parse(bytes)) {
    require(client::RevealedCanary::parse(canary->text()) == *canary);
    check_steps(client::verify_canary(*canary, known()));
  } else {
    check_refusal(canary.error());
  }
  auto const proof = log::ProofFile::parse(bytes);
  if (!proof) {
    check_refusal(proof.error());
    return 0;
  }
  require(proof->text() == bytes && log::ProofFile::begins(bytes));
  check_steps(client::verify_proof(*proof, known()));
  auto const without = client::verify_proof(*proof, {});
  require(!without || !client::all_hold(*without));
  return 0;
}
