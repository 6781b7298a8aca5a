// Gates that need nothing but the request. Made at start; each may run on any thread.
#pragma once

#include "server/http/server.hpp"

namespace tocsin::http {

// Refuses what a page of another origin made a browser send: an Origin that is not this host, or a Sec-Fetch-Site other
// than same-origin. Programs send neither. Error origin_refused.
[[nodiscard]] Gate same_origin_gate(ErrorRenderer render);

}  // namespace tocsin::http
