// What is refused of every request, whatever its path, method and credential. Pure; any thread.
#pragma once

#include <optional>

#include "server/http/message.hpp"

namespace tocsin::http {

// Why a request is refused that a page of another origin made a browser send: an Origin that is not this host, a
// Sec-Fetch-Site other than same-origin, or on the loopback listener a Host that is a name of somebody else's (DNS
// rebinding: there the browser takes the page for one of ours). Programs send neither field. A browser may open the
// pages of the console, at or below /console, from anywhere. nullopt: it may go on.
// Error origin_refused.
[[nodiscard]] std::optional<core::Error> foreign_origin(Request const& request);

}  // namespace tocsin::http
