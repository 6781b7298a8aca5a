// Storing versions that take objects back. Any coroutine.
#pragma once

#include <string_view>
#include <vector>

#include "server/admission/retraction.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// In one transaction, in the collections of their deeds; `because` is for the audit trail. Errors: those of still_may
// and of commit_whole; conflict when one of them is refused, for its object was changed meanwhile. Then none is stored.
[[nodiscard]] http::Awaitable<core::Result<Done>> store_revisions(Context& context, http::Request const& request,
                                                                  admission::Sender const& sender,
                                                                  std::vector<admission::Revision> const& revisions,
                                                                  std::string_view because);

}  // namespace tocsin::endpoints
