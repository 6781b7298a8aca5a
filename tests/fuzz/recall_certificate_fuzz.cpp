// What parses as the certificate of a recall is exactly what writing it gives, and verification ends in a verdict
// whatever it says: without a key nothing is verified.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "clients/cpp/verification/recall.hpp"

namespace {

using namespace tocsin;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<char const*>(data), size);
  auto const certificate = log::RecallCertificate::parse(bytes);
  if (!certificate) return 0;
  require(certificate->text() == bytes && log::RecallCertificate::begins(bytes));
  auto const steps = client::verify_recall(*certificate, {});
  require(!steps || !client::all_hold(*steps));
  if (!steps) return 0;
  for (auto const& step : *steps)
    for (char const c : step.detail) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  return 0;
}
