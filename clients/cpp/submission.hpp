// Objects on their way to a collection: the part of `submit` that other commands use too. One thread.
#pragma once

#include <list>
#include <string>
#include <vector>

#include "clients/cpp/as_member.hpp"
#include "clients/cpp/batches.hpp"
#include "clients/cpp/commands.hpp"

namespace tocsin::client {

struct Input {
  std::list<std::string> texts;  // the items point into them
  std::vector<Item> items;
};

// Whom an object may name as its creator. Failures: those of the session; Exit::server when the server does not say.
[[nodiscard]] Outcome<Identities> who_is_who(Session& session);

// Sends the items to the collection of that id, alias or title, and prints what became of them. Exit::refused when some
// were refused.
[[nodiscard]] Outcome<Exit> submit_items(Session& session, Console& console, std::string const& collection,
                                         bool as_member, Input input);

}  // namespace tocsin::client
