// Result<T>: what a function returns whose failure the caller handles. Exceptions are for what nobody can handle.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "schema/core/error.hpp"

namespace tocsin::core {

template <class T>
using Result = std::expected<T, Error>;

// `return fail(Code::id_invalid, "…")` reads better than building the unexpected by hand.
[[nodiscard]] inline std::unexpected<Error> fail(Code code, std::string detail, std::string pointer = {},
                                                 std::string remedy = {}) {
  return std::unexpected(Error{code, std::move(detail), std::move(pointer), std::move(remedy)});
}

}  // namespace tocsin::core
