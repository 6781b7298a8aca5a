// Openings have one form: what parses is what is written, and stays within its bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/log/openings.hpp"

namespace {

using namespace tocsin::log;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  auto const openings = parse_openings(bytes);
  if (!openings) return 0;
  require(format_openings(*openings) == bytes);
  require(openings->from <= openings->to && openings->to - openings->from <= kMostConsidered);
  require(openings->entries.size() <= kMostOpened);
  for (auto const& entry : openings->entries)
    require(entry.index >= openings->from && entry.index < openings->to &&
            (!entry.is_closed() || entry.collections.empty()));
  return 0;
}
