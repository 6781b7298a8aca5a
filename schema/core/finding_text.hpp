// A finding as one line of text, as status resources carry it. Pure; any thread.
#pragma once

#include <string>

#include "schema/core/error.hpp"

namespace tocsin::core {

// "version-conflict: Sentence (at /pointer). Remedy."
[[nodiscard]] std::string finding_text(core::Error const& error);

}  // namespace tocsin::core
