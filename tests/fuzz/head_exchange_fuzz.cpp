// A question about heads and its answer have one form each: what parses is what is written, and holds heads of that log
// with nothing of their bodies.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/log/head_exchange.hpp"

namespace {

using namespace tocsin::log;

constexpr std::string_view kOrigin = "ibis.example/log";

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  if (auto const question = parse_head_question(bytes)) {
    require(format_head_question(*question) == bytes);
    require(question->tags.size() == kHeadTags);
  }
  auto const heads = parse_later_heads(bytes, kOrigin);
  if (!heads) return 0;
  require(format_later_heads(*heads) == bytes);
  require(heads->size() <= kHeadTags);
  for (auto const& head : *heads)
    require(head.entry.is_closed() && head.header.op == Header::Op::head && head.header.origin == kOrigin);
  return 0;
}
