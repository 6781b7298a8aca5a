// What went wrong, as data: a code of the catalogue and a sentence. A value type; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::core {

enum class Code : std::uint8_t {
#define TOCSIN_ERROR(name, code, http, retryable, title) name,
#include "schema/core/errors.def"
#undef TOCSIN_ERROR
};

// The row of the catalogue that belongs to a code.
struct CodeRow {
  std::string_view code;   // "version-conflict": stable, for programs
  int http;                // status of an answer that fails with it
  bool retryable;          // may the same request succeed later
  std::string_view title;  // for people
};
[[nodiscard]] CodeRow const& row(Code code);

// One finding. `detail` and `remedy` are shown to the caller, so neither may hold a secret or another party's data.
struct Error {
  Code code = Code::internal;
  std::string detail;   // a sentence: what is wrong, with the offending name or number
  std::string pointer;  // RFC 6901 JSON pointer into the input, or "" for the whole
  std::string remedy;   // a sentence: how to mend it, or ""
};

}  // namespace tocsin::core
