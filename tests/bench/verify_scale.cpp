// What it costs to verify a peer's log, apart from all else: openings are parsed, each reproduces its leaf, and the
// leaves of tiles lead to the signed root. Beside it plain SHA-256 of the same bytes, in turn for each answer. Prints
// one line of JSON with entries a second of processor time of both.
//
// usage: verify_scale ENTRIES
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "schema/core/digest.hpp"
#include "tests/bench/generated_log.hpp"

namespace {

using namespace tocsin;

[[noreturn]] void fail(char const* what) {
  std::fprintf(stderr, "verify_scale: %s\n", what);
  std::exit(1);
}

void reproduce(std::string const& answer, std::string_view leaves) {
  auto const openings = log::parse_openings(answer);
  if (!openings) fail("an answer cannot be read");
  for (auto const& entry : openings->entries)
    if (core::view(entry.leaf()) != leaves.substr((entry.index - openings->from) * 32, 32)) fail("an opening is false");
}

double seconds(std::clock_t time) { return static_cast<double>(time) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  bench::GeneratedLog log(static_cast<std::uint64_t>(std::atoll(argv[1])));
  std::clock_t verifying = 0, hashing = 0;
  core::Sha256 plain;
  log::CompactRange verified;
  for (std::uint64_t from = 0, to = 0; from < log.size(); from = to) {
    to = std::min<std::uint64_t>(log.size(), from + log::kMostOpened);
    auto const answer = log.openings(from, to), leaves = log.leaves(from, to);
    auto const began = std::clock();
    reproduce(answer, leaves);
    for (std::string_view rest = leaves; !rest.empty(); rest.remove_prefix(32))
      verified.append(*core::to_array<32>(rest.substr(0, 32)));
    auto const between = std::clock();
    plain.update(answer).update(leaves);
    verifying += between - began;
    hashing += std::clock() - between;
  }
  if (verified.root() != log.range().root()) fail("the leaves lead to another root");
  if (plain.finish() == core::Digest{}) fail("nothing was hashed");
  auto const entries = static_cast<double>(log.size());
  std::printf("result {\"verified\":%.1f,\"hashed\":%.1f}\n", entries / seconds(verifying), entries / seconds(hashing));
}
