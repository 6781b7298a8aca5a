// Where a stream goes on: a place in the order of publication, encrypted and authenticated, so that sequences never
// leave. It says nothing of collections and filters, so a reader may go on with others. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/catalog/cursor.hpp"

namespace tocsin::stream {

// Behind a publication that the reader was shown. Equal places have equal text, so whoever reads two streams can tell
// what came in both.
[[nodiscard]] std::string place_behind(catalog::CursorCodec const& cursors, std::int64_t sequence);

// The end of what was published so far, of which the reader may not have seen everything: another text each time, so
// that two of them do not tell whether something hidden came in between. As long as every other.
[[nodiscard]] std::string place_at_end(catalog::CursorCodec const& cursors, std::int64_t sequence);

// nullopt: not a place that was made here, or changed.
[[nodiscard]] std::optional<std::int64_t> open_place(catalog::CursorCodec const& cursors, std::string_view text);

}  // namespace tocsin::stream
