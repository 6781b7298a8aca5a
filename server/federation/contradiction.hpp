// Whether what a log signed contradicts the tree that was verified here, and the evidence that shows it. Pure but for
// the reader of the tree; any thread that may ask it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "schema/core/result.hpp"
#include "schema/log/evidence.hpp"

namespace tocsin::federation {

// How a signed statement stands to the verified tree.
enum class Standing : std::uint8_t {
  agrees,       // with as many leaves, or with fewer: it may be old, and is true
  beyond,       // of a larger tree: nothing can be said yet
  contradicts,  // the log's own key signed both
};

struct Judged {
  Standing standing = Standing::agrees;
  log::Checkpoint said;                   // in the note
  std::optional<log::Evidence> evidence;  // when it contradicts
};

// `stored`: the newest note that was verified here; `verified` reads its tree. Errors: those of open_checkpoint, when
// the key has not signed `next` (then it is not the log that misbehaves) or `stored` (by a key of before, perhaps);
// log_inconsistent when what is stored here is not the tree of `stored`; those of the reader.
[[nodiscard]] core::Result<Judged> judge(log::VerifierKey const& log, std::string const& stored,
                                         log::HashReader const& verified, std::string const& next);

}  // namespace tocsin::federation
