// What a follower of a log asks of each new checkpoint: that it goes on from what was verified before. Keeping the
// compact range makes a proof superfluous: hashes of the new leaves that lead to the signed root show that nothing was
// changed and that all of them are in it (decision 0026). Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/compact_range.hpp"

namespace tocsin::log {

// How a signed checkpoint stands to what was verified.
enum class Step : std::uint8_t {
  same,      // size and root
  longer,    // its leaves have to be looked at
  rollback,  // fewer leaves than were verified
  forked,    // as many leaves and another root: two statements of one log that contradict each other
};
[[nodiscard]] Step step(CompactRange const& verified, Checkpoint const& next);

// Appends `hashes` (32 bytes each, joined): leaves [verified.size(), next.size). Errors: log_inconsistent when they are
// not as many, or lead to another root than the signed one.
[[nodiscard]] core::Result<CompactRange> extend(CompactRange const& verified, std::string_view hashes,
                                                Checkpoint const& next);

}  // namespace tocsin::log
