// Waiting for a checkpoint that covers more than the caller has, of this instance's own logs and of those that it hands
// on. Who waits holds a place among the waiting, and neither a thread nor a reader of the database. Any coroutine of a
// session.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "server/endpoints/context.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// What the caller has, and for how long it waits for more.
struct AskedWait {
  std::uint64_t after = 0;               // the size of the log
  std::optional<std::uint64_t> control;  // of a data log: that of the control log beside it; none: it does not matter
  std::chrono::seconds most{0};
};

// nullopt: the newest is wanted, whatever it is. `data`: the log is one of data. Errors: bad_parameter.
[[nodiscard]] core::Result<std::optional<AskedWait>> asked_wait(http::Request const& request, bool data);

struct Awaited {
  std::function<bool()> is_over;  // asked whenever a log has grown; from memory alone
  // The answer, when it is over, or when the time is.
  std::function<http::Awaitable<core::Result<std::string>>()> newest;
};

// Errors: unavailable when as many wait as may.
[[nodiscard]] Answer await_checkpoint(Context& context, http::Request& request, std::chrono::seconds most,
                                      Awaited awaited);

}  // namespace tocsin::endpoints
