// What handlers of waiting objects share: what of the queue a caller is shown, and how it is told. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "server/endpoints/context.hpp"
#include "server/endpoints/lists.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// Ids of one request, and entries of one answer.
inline constexpr std::size_t kMostWaitingIds = 100;
inline constexpr PortionLimits kWaitingLimits{100, 500};

// Whether a submission to this collection waits for an analyst.
[[nodiscard]] bool waits(Context const& context, http::Request const& request, store::Collection const& collection);

// Whether the caller's credential reaches the collection, and is shown objects of this class and kind: as one of its
// organisation's own, or of another's.
[[nodiscard]] bool reaches(access::Directory const& directory, access::View const& view, store::RowId collection);
[[nodiscard]] bool is_shown(access::View const& view, std::string const& class_key, std::string const& kind,
                            std::string const& type, bool own);

// `shown`: its object is named too.
[[nodiscard]] nlohmann::json waiting_json(access::Directory const& directory, store::WaitingEntry const& entry,
                                          bool shown);

// A part of the queue: {"waiting", "after", "complete"}. `own`: the caller's organisation's, of whoever the query names
// else. What the caller's credential does not reach is left out, and of what it is not shown the object is not named;
// of its own organisation's it is left out as well.
[[nodiscard]] http::Awaitable<http::Response> waiting_list(Context& context, http::Request const& request,
                                                           store::WaitingQuery query, std::string_view place);

// {"ids", "because"} of a body. Errors: those of Members; bad_parameter for none, more than kMostWaitingIds, or no id,
// and for a reason that is none.
struct WaitingNamed {
  std::vector<core::Uuid> ids;
  std::string because{};
};
[[nodiscard]] http::Awaitable<core::Result<WaitingNamed>> waiting_named(http::Request& request, bool with_reason);

}  // namespace tocsin::endpoints
