// Which recalls a caller is told of: an administrator of each, an analyst of those of objects that are his
// organisation's and that his credential is shown. What was erased is an administrator's to see. On reader threads.
#pragma once

#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

[[nodiscard]] bool is_administrator(http::Request const& request);

// Errors: those of the store.
[[nodiscard]] core::Result<bool> is_told(store::ReadStore& reader, access::Directory const& directory,
                                         http::Request const& request, store::MadeRecall const& made);

// The recall whose number is the first parameter. Errors: not_found, whether it is not there or not the caller's.
[[nodiscard]] core::Result<store::MadeRecall> told_recall(store::ReadStore& reader, access::Directory const& directory,
                                                          http::Request const& request);

}  // namespace tocsin::endpoints
