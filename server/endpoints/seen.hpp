// What a request may see over all collections, and the record of what it is shown. Any coroutine of a session.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

struct Seen {
  std::shared_ptr<access::Directory const> directory;
  store::Sight sight;  // all collections that the caller may know of
};
[[nodiscard]] Seen seen_by(Context const& context, http::Request const& request);

struct ShownAt {
  store::RowId collection = 0;
  std::int64_t sequence = 0;
};

// As pulls are recorded: of each collection, what of it is about to be shown. `what` names the question, `filters` say
// it in one way. Error: unavailable, when it could not be stored; then nothing may be shown.
[[nodiscard]] http::Awaitable<core::Result<void>> record_shown(Context& context, http::Request const& request,
                                                               Seen const& seen, std::string_view what,
                                                               std::string const& filters,
                                                               std::vector<ShownAt> const& shown);

}  // namespace tocsin::endpoints
