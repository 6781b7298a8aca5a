// By what an organisation may be shown something, or may have been: its credentials and, when it is a peer's, what was
// agreed with that. Any thread.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "server/access/peer_view.hpp"
#include "server/endpoints/context.hpp"

namespace tocsin::endpoints {

// What the agreement with an active peer shows it. Nothing is agreed with any other organisation.
[[nodiscard]] access::PeerView agreed_view(Context const& context, access::Directory const& directory,
                                           store::RowId organisation);

// Likewise of what other instances logged, which is handed on up to GREEN.
[[nodiscard]] access::PeerView relayed_view(Context const& context, access::Directory const& directory,
                                            store::RowId organisation);

// Those of its credentials, whatever became of these, and that of the agreement, whatever became of the peer. What of
// it was asked for, the audit trail says. Never null.
[[nodiscard]] std::vector<std::shared_ptr<access::View const>> views_of(Context const& context,
                                                                        access::Directory const& directory,
                                                                        std::string_view organisation);

}  // namespace tocsin::endpoints
