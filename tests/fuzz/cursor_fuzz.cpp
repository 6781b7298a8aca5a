// TAXII's `next`: a sealed cursor opens to itself, with any character changed to nothing, and no other text opens
// unless it is one that was sealed here.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "schema/core/digest.hpp"
#include "server/catalog/cursor.hpp"

namespace {

using namespace tocsin;

void must(bool holds) {
  if (!holds) std::abort();
}

bool same(catalog::Cursor const& one, catalog::Cursor const& other) {
  return one.collection == other.collection && one.after_sequence == other.after_sequence &&
         one.filters == other.filters;
}

// Sixteen bytes of numbers, then the filters.
catalog::Cursor read(std::string_view bytes) {
  catalog::Cursor cursor;
  char numbers[16] = {};
  std::ranges::copy(bytes.substr(0, sizeof numbers), numbers);
  std::memcpy(&cursor.collection, numbers, 8);
  std::memcpy(&cursor.after_sequence, numbers + 8, 8);
  cursor.filters = bytes.substr(std::min(bytes.size(), sizeof numbers));
  return cursor;
}

void check_changed(catalog::CursorCodec const& codec, std::string const& sealed, std::string_view bytes) {
  std::size_t const step = sealed.size() / 48 + 1;
  for (std::size_t at = 0; at < sealed.size(); at += step) {
    auto changed = sealed;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    must(!codec.open(changed));
    changed[at] = static_cast<char>(bytes.empty() ? 0 : bytes[at % bytes.size()]);
    must(changed == sealed || !codec.open(changed));
    must(!codec.open(sealed.substr(0, at)) && !codec.open(sealed.substr(at + 1)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static catalog::CursorCodec const codec(core::sha256("cursor_fuzz")), other(core::sha256("another instance"));
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  if (auto const opened = codec.open(bytes)) must(codec.seal(*opened) == bytes);
  auto const cursor = read(bytes);
  auto const sealed = codec.seal(cursor);
  must(sealed == codec.seal(cursor));
  auto const opened = codec.open(sealed);
  must(opened && same(*opened, cursor));
  must(!other.open(sealed));
  check_changed(codec, sealed, bytes);
  return 0;
}
