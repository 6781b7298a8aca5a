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
#include "schema/log/proofs.hpp"

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

// A long log is followed pack by pack (decision 0033). One is as many leaves as a hash on level 2 of the tiles covers.
inline constexpr std::uint64_t kPackLeaves = 65'536;

// What the log was where the pack ends in which the next leaf lies, at most at next.size: its leaves are held against
// that by `extend`. Shown before any of them is fetched, by nodes of the signed tree. Errors: those of `nodes`;
// log_inconsistent when they do not lead to the signed root, or that tree does not begin with what was verified.
[[nodiscard]] core::Result<Checkpoint> pack_end(CompactRange const& verified, Checkpoint const& next,
                                                HashReader const& nodes);

}  // namespace tocsin::log
