// What parses as evidence is exactly what writing it gives, and ends in a verdict. Nothing is held against a log that
// its key has not signed: another key never agrees.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/log/evidence.hpp"

namespace {

using namespace tocsin;
using core::Code;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_refusal(core::Error const& error) {
  require(error.code == Code::proof_invalid || error.code == Code::note_malformed ||
          error.code == Code::note_unverified || error.code == Code::checkpoint_malformed ||
          error.code == Code::key_malformed);
  require(!error.detail.empty() && error.detail.size() < 256);
}

// The key that the seeds do not use.
log::VerifierKey const& other_key() {
  static auto const key =
      log::VerifierKey::parse("peer-a.example.org/log+05286044+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c").value();
  return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<char const*>(data), size);
  auto const evidence = log::Evidence::parse(bytes);
  if (!evidence) {
    check_refusal(evidence.error());
    return 0;
  }
  require(evidence->text() == bytes && log::Evidence::begins(bytes));
  auto const shown = log::verify_evidence(*evidence, evidence->log);
  if (!shown) {
    check_refusal(shown.error());
    return 0;
  }
  require(shown->first.size <= shown->second.size && shown->first.root != shown->second.root);
  require(shown->one_size() != evidence->beginning.has_value());
  if (evidence->log != other_key()) require(!log::verify_evidence(*evidence, other_key()));
  return 0;
}
