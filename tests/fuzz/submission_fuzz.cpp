// What parses as a submission to a witness is exactly what writing it gives.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/log/submission.hpp"

namespace {

using namespace tocsin;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<char const*>(data), size);
  auto const submission = log::Submission::parse(bytes);
  if (submission) {
    require(submission->text() == bytes && submission->proof.size() <= 63);
  } else {
    auto const code = submission.error().code;
    require(code == core::Code::proof_invalid || code == core::Code::note_malformed);
    require(!submission.error().detail.empty());
  }
  return 0;
}
