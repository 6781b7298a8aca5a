// STIX patterns: whatever parses prints to text that parses to an equal tree and prints to itself; whatever does not is
// refused with a column inside the text.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "schema/stix/pattern/parse.hpp"
#include "schema/stix/pattern/print.hpp"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

void check_refusal(tocsin::core::Error const& error, std::size_t size) {
  demand(error.code == tocsin::core::Code::pattern_invalid);
  demand(error.detail.starts_with("column "));
  unsigned long const column = std::strtoul(error.detail.c_str() + 7, nullptr, 10);
  demand(column >= 1 && column <= size + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  namespace pattern = tocsin::stix::pattern;
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const first = pattern::parse(text);
  if (!first) {
    check_refusal(first.error(), size);
    return 0;
  }
  std::string const printed = pattern::print(*first);
  // Canonical text may be longer than what was read, but not deeper and without more comparisons.
  auto const second = pattern::parse(printed, {.bytes = printed.size()});
  demand(second.has_value());
  demand(*second == *first);
  demand(pattern::print(*second) == printed);
  return 0;
}
