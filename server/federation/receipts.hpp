// Receipts: a peer cosigns a checkpoint of a control log once it applied every entry below its size. Pure; any thread
// that may ask what is given.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/keys.hpp"

namespace tocsin::federation {

// Nothing of the log's beyond the newest checkpoint was signed: nullopt there.
using RootAt = std::function<core::Result<std::optional<core::Digest>>(std::uint64_t size)>;

struct OpenedReceipt {
  std::uint64_t size = 0;    // of the control log
  std::uint64_t time_s = 0;  // as the peer says
  std::string note;          // the checkpoint with the two signatures, and no others
};

// `control`: the control log's own key; `applied`: the peer's. Errors: note_malformed, checkpoint_malformed; conflict
// when that key never signed such a checkpoint; forbidden when the peer's did not sign it; those of `root_at`.
[[nodiscard]] core::Result<OpenedReceipt> open_receipt(std::string_view body, log::VerifierKey const& control,
                                                       log::VerifierKey const& applied, RootAt const& root_at);

// A receipt for the checkpoint in `note`, which `control` signed: its other signatures are left out. Errors: those of
// notes.
[[nodiscard]] core::Result<std::string> write_receipt(std::string_view note, log::VerifierKey const& control,
                                                      log::SignerKey const& applied, std::uint64_t time_s);

}  // namespace tocsin::federation
