#include "clients/cpp/commands.hpp"
#include "clients/cpp/feed/told.hpp"
#include "clients/cpp/feed/update.hpp"

namespace tocsin::client {

Outcome<Exit> pull_feed(Session& session, Console& console, FeedOptions const& options) {
  auto updated = update(session, options);
  if (!updated) return std::unexpected(std::move(updated.error()));
  tell(console, options, *updated);
  return Exit::ok;
}

}  // namespace tocsin::client
