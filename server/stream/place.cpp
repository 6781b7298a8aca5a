#include "server/stream/place.hpp"

#include "schema/core/bytes.hpp"
#include "schema/core/digest.hpp"

namespace tocsin::stream {
namespace {

// No collection has this row: a TAXII `next` is no place, and a place is no `next`.
constexpr std::int64_t kNoCollection = 0;
constexpr std::string_view kPlace = "place";
constexpr std::size_t kSalt = 16;

std::string seal(catalog::CursorCodec const& cursors, std::int64_t sequence, std::string_view salt) {
  return cursors.seal({kNoCollection, sequence, std::string(kPlace).append(salt)});
}

}  // namespace

std::string place_behind(catalog::CursorCodec const& cursors, std::int64_t sequence) {
  return seal(cursors, sequence, std::string(kSalt, '\0'));
}

std::string place_at_end(catalog::CursorCodec const& cursors, std::int64_t sequence) {
  core::Salt const salt = core::random_salt();
  return seal(cursors, sequence, core::view(salt).substr(0, kSalt));
}

std::optional<std::int64_t> open_place(catalog::CursorCodec const& cursors, std::string_view text) {
  auto opened = cursors.open(text);
  if (!opened || opened->collection != kNoCollection || !opened->filters.starts_with(kPlace)) return std::nullopt;
  return opened->after_sequence;
}

}  // namespace tocsin::stream
