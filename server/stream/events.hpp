// Server-sent events as text (WHATWG HTML, section 9.2.5). Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/core/error.hpp"

namespace tocsin::stream {

// What a reader is told of while nothing happens: a comment, which means nothing.
inline constexpr std::string_view kKeepAlive = ": keep-alive\n\n";

// One event. `name` and `id` hold no line break; "" leaves the field out. `data` may be any bytes: each of its lines,
// at whatever break the format knows (CR, LF, CR LF), becomes a field of its own, which a reader joins by LF again. An
// event without data is none: its id alone is taken note of.
void append_event(std::string& out, std::string_view name, std::string_view id, std::string_view data);

// The publication of an object. Views live during the call.
struct Publication {
  std::string_view collection;  // its id
  std::string_view object;      // bytes as they are stored
  std::int64_t date_added_us = 0;
  std::string_view place;   // behind it, as place.hpp seals it
  std::string_view peer{};  // at whose instance it was said; "": here
};

// All that a reader is told about a publication. What is told besides the object itself stands before it and has no id:
// a reader whose connection breaks in between goes on before all of it, and misses nothing.
void append_publication(std::string& out, Publication const& one);

// Why the stream ends for good: {"code","why"}, of which the code is one of errors.def.
[[nodiscard]] std::string end_event(core::Error const& why);

}  // namespace tocsin::stream
