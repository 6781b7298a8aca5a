// File descriptors, of which every connection takes one: as many as the machine allows, and some of them kept from
// strangers. Main thread, or the one that reloads.
#pragma once

#include <cstddef>

#include "server/base/config.hpp"

namespace tocsin::app {

// The soft limit becomes the hard one. A machine that refuses leaves it as it was.
void raise_descriptor_limit();

[[nodiscard]] std::size_t descriptor_limit();

// http.max_connections, or fewer when the process may not open so many files: the database, the log's files, the admin
// socket and a reload need theirs however many clients there are. 1 at least.
[[nodiscard]] std::size_t connections_that_fit(base::Config const& config);

// http.max_connections_per_address; where fewer connections fit than are wanted, half of them at most, so that no
// address has them all.
[[nodiscard]] std::size_t connections_of_one_address(base::Config const& config);

}  // namespace tocsin::app
