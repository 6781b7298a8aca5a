// One body of items on its way through the door. Owned by the handler of the request; its coroutine.
#pragma once

#include <string_view>

#include "server/endpoints/context.hpp"
#include "server/endpoints/items_asked.hpp"
#include "server/endpoints/shared_items.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

struct Sharing {
  Context& context;
  http::Request& request;
  ItemsAsked const& asked;
  std::string_view kind;  // "" where there may be all
  SharedAnswer& answer;
};

// Notes what became of the items of a batch.
[[nodiscard]] http::Awaitable<core::Result<void>> tell(Sharing const& to, std::vector<admission::Item> items);

// Stores a body of lines or records in stretches, so that neither memory nor a transaction follows the body: while one
// is stored, the next one is read and judged. Errors: those of the readers and of store_made, besides `unavailable`
// when as many long bodies are arriving as may; what was stored before is in the answer.
[[nodiscard]] http::Awaitable<core::Result<void>> share_stretches(Sharing const& to);

}  // namespace tocsin::endpoints
