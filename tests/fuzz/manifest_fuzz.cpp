// A text that parses as a manifest, or as what two instances send each other, is exactly what writing it gives; a line
// that opens is signed by the keys that it holds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/log/peering.hpp"

namespace {

using namespace tocsin::log;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  if (auto const manifest = parse_manifest(bytes)) {
    require(format_manifest(*manifest) == bytes);
    require(manifest->version > 0 && !manifest->tls_pins.empty() && manifest->url.starts_with("https://"));
    require(!check_successor(*manifest, *manifest));
  }
  if (auto const introduction = parse_introduction(bytes)) require(format_introduction(*introduction) == bytes);
  if (auto const opened = open_introduction(bytes)) {
    require(open_manifest(opened->introduction.manifest, opened->introduction.root) == opened->manifest);
    require(format_introduction(opened->introduction) == opened->text);
  }
  return 0;
}
