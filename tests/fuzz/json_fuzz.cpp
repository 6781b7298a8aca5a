// Whatever parse_json accepts has one canonical text, which parses to the same document and is its own canonical text;
// whatever it refuses, it refuses with a known code and a sentence of bounded length.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/stix/json.hpp"

namespace {

using tocsin::core::Code;
using tocsin::stix::Json;

void require(bool holds) {
  if (!holds) std::abort();
}

std::size_t depth_of(Json const& value) {
  std::size_t deepest = 0;
  if (!value.is_structured()) return 0;
  for (auto const& inside : value) deepest = std::max(deepest, depth_of(inside));
  return deepest + 1;
}

void check_refusal(tocsin::core::Error const& error) {
  require(error.code == Code::json_syntax || error.code == Code::json_encoding ||
          error.code == Code::json_duplicate_name || error.code == Code::json_too_deep ||
          error.code == Code::json_number_range);
  require(!error.detail.empty() && error.detail.size() < 1024 && tocsin::core::is_utf8(error.detail));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  constexpr tocsin::stix::JsonLimits kLimits{.depth = 16};
  std::string_view text(reinterpret_cast<char const*>(data), size);
  auto document = tocsin::stix::parse_json(text, kLimits);
  if (!document) {
    check_refusal(document.error());
    return 0;
  }
  require(tocsin::core::is_utf8(text) && Json::accept(text));
  require(depth_of(*document) <= kLimits.depth);
  auto canonical = tocsin::stix::canonical_json(*document);
  auto again = tocsin::stix::parse_json(canonical, kLimits);
  require(again.has_value() && *again == *document);
  require(tocsin::stix::canonical_json(*again) == canonical);
  return 0;
}
