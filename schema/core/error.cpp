#include "schema/core/error.hpp"

#include <array>
#include <cstddef>

namespace tocsin::core {

CodeRow const& row(Code code) {
  static constexpr std::array kRows{
#define TOCSIN_ERROR(name, code, http, retryable, title) CodeRow{code, http, retryable, title},
#include "schema/core/errors.def"
#undef TOCSIN_ERROR
  };
  return kRows[static_cast<std::size_t>(code)];
}

}  // namespace tocsin::core
