#include <boost/asio/experimental/awaitable_operators.hpp>
#include <utility>

#include "server/admission/guard.hpp"
#include "server/admission/stretches.hpp"
#include "server/endpoints/batch_storing.hpp"
#include "server/endpoints/guarding.hpp"
#include "server/endpoints/in_flight.hpp"
#include "server/endpoints/sharing.hpp"
#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {
namespace {

constexpr std::size_t kRead = 128 * 1024;  // bytes of a long body that are judged at a time

using Done = core::Result<void>;

struct Stretch {
  std::size_t first_line = 1;
  Guarding guard;
  MadeBatch made;
};
// nullopt: the body has ended.
using Next = core::Result<std::optional<Stretch>>;

// As much of the body as is judged at a time, or the end of it.
http::Awaitable<Done> add_pieces(http::BodyReader& body, admission::Stretches& stretches) {
  for (std::size_t added = 0; added < kRead;) {
    auto piece = co_await body.next();
    if (!piece) co_return std::unexpected(piece.error());
    if (piece->empty()) {
      stretches.end();
      break;
    }
    stretches.add(*piece);
    added += piece->size();
  }
  co_return Done();
}

core::Error no_place(InFlight const& long_bodies, InFlight::Full full) {
  if (full == InFlight::Full::server)
    return {core::Code::unavailable, "As many long bodies are arriving as may.", "", "Try again in a moment."};
  return {core::Code::unavailable,
          "Your organisation is sending " + std::to_string(long_bodies.share()) +
              " long bodies, as many as one may at a time.",
          "", "Let some of them end, then try again."};
}

// The stretches of one body, one after the other.
class Reading {
 public:
  explicit Reading(Sharing const& to) : to_(to), stretches_(to.asked.form, to.asked.defaults, to.asked.layout) {}

  // Reads, guards and prepares the next stretch that has items.
  http::Awaitable<Next> next() {
    while (!stretches_.at_end()) {
      line_ = stretches_.first_line();
      if (auto complete = co_await read(); !complete) co_return std::unexpected(complete.error());
      auto guard = guarding(to_.context, to_.request);
      if (!guard) co_return std::unexpected(guard.error());
      auto made = co_await judge<MadeBatch>(to_.context, organisation(), [&]() -> core::Result<MadeBatch> {
        auto taken = stretches_.take();
        if (!taken) return std::unexpected(taken.error());
        admission::guard(taken->items, guard->around, guard->overriding());
        return prepare(*std::move(taken), to_.kind);
      });
      if (!made) co_return std::unexpected(made.error());
      if (!made->batch.items.empty()) co_return Stretch{line_, *std::move(guard), *std::move(made)};
    }
    co_return std::nullopt;
  }

  // Where what was asked for last begins.
  [[nodiscard]] std::size_t line() const { return line_; }

 private:
  // Reads until there is a whole stretch. A body that goes on behind its first pieces needs a place, before anything of
  // it is stored.
  http::Awaitable<Done> read() {
    for (core::Result<bool> complete = false; !*complete;) {
      if (stretches_.needs_more())
        if (auto added = co_await add_pieces(*to_.request.body, stretches_); !added) co_return added;
      if (!place_ && !stretches_.has_ended()) {
        auto entered = to_.context.long_bodies.enter(organisation());
        if (!entered) co_return std::unexpected(no_place(to_.context.long_bodies, entered.error()));
        place_ = *std::move(entered);
      }
      complete = co_await judge<bool>(to_.context, organisation(), [&] { return stretches_.read(); });
      if (!complete) co_return std::unexpected(complete.error());
    }
    co_return Done();
  }

  [[nodiscard]] store::RowId organisation() const { return to_.request.principal->organisation; }

  Sharing const& to_;
  admission::Stretches stretches_;
  InFlight::Ticket place_;
  std::size_t line_ = 1;
};

// The next stretch, made into what is stored. One that is about something that `under_way` changes is made later: what
// is stored of it decides what becomes of it.
http::Awaitable<Next> make_ahead(Sharing const& to, Reading& reading, MadeBatch const* under_way) {
  auto next = co_await reading.next();
  if (!next || !*next) co_return std::move(next);
  auto& made = (*next)->made;
  if (under_way != nullptr && meet(*under_way, made)) co_return std::move(next);
  if (auto done = co_await make(to.context, to.request, made, to.asked.dry); !done)
    co_return std::unexpected(done.error());
  co_return std::move(next);
}

http::Awaitable<Done> store(Sharing const& to, Stretch& stretch) {
  if (!stretch.made.drafts)
    if (auto done = co_await make(to.context, to.request, stretch.made, to.asked.dry); !done) co_return done;
  if (auto done = co_await store_made(to.context, to.request, stretch.made, stretch.guard, {to.asked.dry, false});
      !done)
    co_return done;
  co_return co_await tell(to, std::move(stretch.made.batch.items));
}

}  // namespace

http::Awaitable<Done> tell(Sharing const& to, std::vector<admission::Item> items) {
  co_return co_await judge<void>(to.context, to.request.principal->organisation, [&]() -> Done {
    to.answer.add(std::move(items));
    return {};
  });
}

http::Awaitable<Done> share_stretches(Sharing const& to) {
  using namespace boost::asio::experimental::awaitable_operators;
  Reading reading(to);
  auto next = co_await make_ahead(to, reading, nullptr);
  while (next && *next) {
    auto stretch = **std::move(next);
    to.answer.next_line(stretch.first_line);
    auto [stored, following] = co_await (store(to, stretch) && make_ahead(to, reading, &stretch.made));
    if (!stored) co_return stored;
    next = std::move(following);
  }
  if (next) co_return Done();
  to.answer.next_line(reading.line());
  co_return std::unexpected(next.error());
}

}  // namespace tocsin::endpoints
