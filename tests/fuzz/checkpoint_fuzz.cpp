// A text that parses as a checkpoint, or as the header of an entry, or a stored compact range, is exactly what writing
// it gives.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/log/checkpoint.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/header.hpp"
#include "schema/log/numbering.hpp"

namespace {

using namespace tocsin::log;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<char const*>(data), size);
  auto const checkpoint = parse_checkpoint(bytes);
  if (checkpoint) {
    require(format_checkpoint(*checkpoint) == bytes && is_key_name(checkpoint->origin));
    require(checkpoint->size <= kMaxTreeSize && (checkpoint->size > 0 || checkpoint->root == empty_root()));
    require(Note::from_text(std::string(bytes)).has_value() || bytes.size() > kMaxNoteBytes);
  } else {
    require(checkpoint.error().code == tocsin::core::Code::checkpoint_malformed &&
            checkpoint.error().detail.size() < 256);
  }
  if (auto const header = Header::parse(bytes)) require(header->text() == bytes);
  if (auto const head = Head::parse(bytes)) require(head->text() == bytes && head->count > 0);
  if (auto range = CompactRange::parse(bytes)) {
    require(range->serialise() == bytes);
    require((range->size() == 0) == (range->root() == empty_root()));
    if (range->size() == kMaxTreeSize) return 0;
    range->append(empty_root());
    require(CompactRange::parse(range->serialise()) == *range);
  }
  return 0;
}
