// What `tocsin feed` prints of a round. Called by its commands, on their thread.
#pragma once

#include "clients/cpp/commands.hpp"
#include "clients/cpp/console.hpp"
#include "clients/cpp/feed/update.hpp"

namespace tocsin::client {

void tell(Console& console, FeedOptions const& options, Updated const& updated);

}  // namespace tocsin::client
