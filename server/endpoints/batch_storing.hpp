// The way of a batch of items from what was read to what is stored. Any coroutine; each waits for the threads that
// judge, for those that read the database, and for the commit.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "server/admission/drafts.hpp"
#include "server/admission/items.hpp"
#include "server/endpoints/context.hpp"
#include "server/endpoints/guarding.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

struct BatchWay {
  bool dry = false;    // stores nothing, and keeps in the items what would be
  bool whole = false;  // all items or none
};

// A batch on its way: prepared, then made, then stored.
struct MadeBatch {
  admission::Batch batch;
  std::vector<store::ClaimQuestion> asked;              // of the stored claims
  std::optional<std::vector<admission::Draft>> drafts;  // absent: not made yet
  std::int64_t made_us = 0;
};

// Refuses items of other kinds than `kind`, "" where there may be all. Pure.
[[nodiscard]] MadeBatch prepare(admission::Batch batch, std::string_view kind);

// Whether what becomes of the one may depend on what is stored of the other. Pure.
[[nodiscard]] bool meet(MadeBatch const& one, MadeBatch const& other);

// Makes the drafts, against the claims stored now. `dry` keeps in the items what would be stored. Errors: unauthorized
// or forbidden when who asked may do so no longer; those of the store.
[[nodiscard]] http::Awaitable<core::Result<void>> make(Context& context, http::Request const& request, MadeBatch& made,
                                                       bool dry);

// Notes in the items what became of them; what is accepted is on disk then. Errors: that of a commit when nothing of
// the batch could be stored; unauthorized or forbidden as above.
[[nodiscard]] http::Awaitable<core::Result<void>> store_made(Context& context, http::Request const& request,
                                                             MadeBatch& made, Guarding const& guard, BatchWay way);

// The same of a STIX bundle. Errors as well: those of read_bundle.
[[nodiscard]] http::Awaitable<core::Result<std::vector<admission::Item>>> store_bundle(
    Context& context, http::Request const& request, std::string_view body, Guarding const& guard, BatchWay way);

}  // namespace tocsin::endpoints
