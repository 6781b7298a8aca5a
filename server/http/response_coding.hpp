// Compresses a response for a client that asked for it. Pure; any thread.
#pragma once

#include "server/http/message.hpp"

namespace tocsin::http {

// Applies to bodies in memory of more than 1 KiB whose handler set no Content-Encoding. Long ones become a stream that
// is compressed piece by piece. Adds Vary to all of them, asked for or not, and makes a strong ETag weak when the bytes
// change (RFC 9110 section 8.8.1).
void apply_coding(Headers const& request, Response& response);

}  // namespace tocsin::http
