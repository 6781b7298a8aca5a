// One request to a peer, whose answer is its body or why there is none. Pure but for the transport; the thread that
// follows the peer.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "server/federation/transport.hpp"

namespace tocsin::federation {

// Errors: those of Transport; forbidden, when the peer lets this instance in no more; unavailable, when it asks to come
// back later; io_failed for every other answer than 200. What the peer says of it is told to nobody.
[[nodiscard]] core::Result<std::string> ask(Transport& transport, std::string const& target, std::size_t most_bytes,
                                            std::chrono::seconds timeout);
// The same of an answer that is there.
[[nodiscard]] core::Result<std::string> body_of(PeerAnswer answer, std::string const& target);

}  // namespace tocsin::federation
