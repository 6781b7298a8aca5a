// The way of a batch of items from what was read to what is stored. Any coroutine; each waits for the threads that
// judge, for those that read the database, and for the commit.
#pragma once

#include <string_view>

#include "server/admission/items.hpp"
#include "server/endpoints/context.hpp"
#include "server/endpoints/guarding.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

struct BatchWay {
  std::string_view kind;  // of all items; "" where there may be all kinds
  bool dry = false;       // stores nothing, and keeps in the items what would be
  bool whole = false;     // all items or none
};

// Notes in the items what became of them; what is accepted is on disk then. Error: that of a commit when nothing of the
// batch could be stored; unauthorized or forbidden when who asked may do so no longer; those of the store.
[[nodiscard]] http::Awaitable<core::Result<void>> store_batch(Context& context, http::Request const& request,
                                                              admission::Batch& batch, Guarding const& guard,
                                                              BatchWay way);

// The same of a STIX bundle. Errors as well: those of read_bundle; items_invalid where there may be one kind only.
[[nodiscard]] http::Awaitable<core::Result<std::vector<admission::Item>>> store_bundle(
    Context& context, http::Request const& request, std::string_view body, Guarding const& guard, BatchWay way);

}  // namespace tocsin::endpoints
