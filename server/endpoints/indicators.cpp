#include <nlohmann/json.hpp>

#include "server/admission/guard.hpp"
#include "server/admission/stretches.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/batch_storing.hpp"
#include "server/endpoints/guarding.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/items_asked.hpp"
#include "server/endpoints/once.hpp"
#include "server/endpoints/shared_items.hpp"
#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {
namespace {

constexpr std::size_t kRead = 128 * 1024;  // bytes of a long body that are judged at a time

using Done = core::Result<void>;

// One body of items on its way.
struct Sharing {
  Context& context;
  http::Request& request;
  ItemsAsked const& asked;
  std::string_view kind;  // "" where there may be all
  SharedAnswer& answer;
};

// Stores a batch and notes what became of its items.
http::Awaitable<Done> share_batch(Sharing const& to, admission::Batch batch, Guarding const& guard) {
  auto done = co_await store_batch(to.context, to.request, batch, guard, {to.kind, to.asked.dry, to.asked.whole});
  if (!done) co_return done;
  co_return co_await judge<void>(to.context, to.request.principal->organisation, [&]() -> Done {
    to.answer.add(std::move(batch.items));
    return {};
  });
}

http::Awaitable<admission::Form> form_of(Sharing const& to, std::string_view body) {
  auto const form = co_await judge<admission::Form>(
      to.context, to.request.principal->organisation,
      [&]() -> core::Result<admission::Form> { return admission::form_of_document(body); });
  co_return form.value_or(admission::Form::json);
}

http::Awaitable<Done> share_bundle(Sharing const& to, std::string_view body, Guarding const& guard) {
  if (!to.asked.defaults.empty() && to.kind.empty())
    co_return core::fail(core::Code::bad_parameter, "The objects of a bundle take no properties from the query.", "",
                         "Leave the parameters out that are properties.");
  auto items = co_await store_bundle(to.context, to.request, body, guard, {to.kind, to.asked.dry, to.asked.whole});
  if (!items) co_return std::unexpected(items.error());
  if (!items->empty()) to.answer.add(*std::move(items));
  co_return Done();
}

// A body that is one document, or that is stored whole.
http::Awaitable<Done> share_whole(Sharing const& to, Guarding const& guard) {
  auto body = co_await to.request.body->read_all();
  if (!body) co_return std::unexpected(body.error());
  auto form = to.asked.form;
  if (form == admission::Form::json) form = co_await form_of(to, *body);
  if (form == admission::Form::bundle) co_return co_await share_bundle(to, *body, guard);
  auto batch = co_await judge<admission::Batch>(to.context, to.request.principal->organisation, [&] {
    auto read = admission::read_items(form, *body, to.asked.defaults, to.asked.layout);
    if (read) admission::guard(read->items, guard.around, guard.overriding());
    return read;
  });
  if (!batch) co_return std::unexpected(batch.error());
  if (batch->items.empty()) co_return Done();
  co_return co_await share_batch(to, *std::move(batch), guard);
}

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

// Reads until there is a whole stretch. A body that goes on behind its first pieces needs a place, before anything of
// it is stored.
http::Awaitable<Done> read_stretch(Sharing const& to, admission::Stretches& stretches, InFlight::Ticket& place) {
  auto const organisation = to.request.principal->organisation;
  for (core::Result<bool> complete = false; !*complete;) {
    if (stretches.needs_more())
      if (auto added = co_await add_pieces(*to.request.body, stretches); !added) co_return added;
    if (!place && !stretches.has_ended()) {
      auto entered = to.context.long_bodies.enter(organisation);
      if (!entered) co_return std::unexpected(no_place(to.context.long_bodies, entered.error()));
      place = *std::move(entered);
    }
    complete = co_await judge<bool>(to.context, organisation, [&] { return stretches.read(); });
    if (!complete) co_return std::unexpected(complete.error());
  }
  co_return Done();
}

// Each stretch is stored before the next one is read, so that neither memory nor a transaction follows the body.
http::Awaitable<Done> share_stretches(Sharing const& to) {
  auto const organisation = to.request.principal->organisation;
  admission::Stretches stretches(to.asked.form, to.asked.defaults, to.asked.layout);
  InFlight::Ticket place;
  while (!stretches.at_end()) {
    to.answer.next_line(stretches.first_line());
    if (auto complete = co_await read_stretch(to, stretches, place); !complete) co_return complete;
    auto const guard = guarding(to.context, to.request);
    if (!guard) co_return std::unexpected(guard.error());
    auto batch = co_await judge<admission::Batch>(to.context, organisation, [&] {
      auto taken = stretches.take();
      if (taken) admission::guard(taken->items, guard->around, guard->overriding());
      return taken;
    });
    if (!batch) co_return std::unexpected(batch.error());
    if (batch->items.empty()) continue;
    if (auto done = co_await share_batch(to, *std::move(batch), *guard); !done) co_return done;
  }
  co_return Done();
}

// What is accepted is on disk when it is answered.
Answer share(Context& context, http::Request& request, std::string_view kind, Once& keyed) {
  auto const asked = items_asked(request, kind);
  if (!asked) co_return error_answer(request, asked.error());
  auto const guard = guarding(context, request);
  if (!guard) co_return error_answer(request, guard.error());
  SharedAnswer answer(asked->dry);
  Sharing const to{context, request, *asked, kind, answer};
  bool const in_stretches = admission::has_stretches(asked->form) && !asked->whole;
  auto const done = in_stretches ? co_await share_stretches(to) : co_await share_whole(to, *guard);
  if (!done && answer.is_empty()) co_return error_answer(request, done.error());
  if (!done) answer.stopped(done.error());
  if (asked->dry || !answer.may_be_kept()) keyed.leave_open();
  if (answer.is_empty())
    co_return error_answer(request, {core::Code::items_invalid, "The body has no items.", "", "Send one at least."});
  auto const readers = who_sees(answer.classes(), *context.registry.current(), request.principal->organisation);
  co_return text_answer(200, answer.text(readers), "application/json");
}

Answer share_any(Context& context, http::Request& request, Once& keyed) { return share(context, request, "", keyed); }
Answer share_campaign(Context& context, http::Request& request, Once& keyed) {
  return share(context, request, "campaign", keyed);
}
Answer share_network(Context& context, http::Request& request, Once& keyed) {
  return share(context, request, "proxy-network", keyed);
}

}  // namespace

// Each item is accepted or refused on its own, unless they are to be stored whole. What was stored is unchanged when it
// is sent again: the answer may be kept behind it, or not at all.
Answer share_indicators(Context& context, http::Request& request) { return once(context, request, share_any); }
Answer share_campaigns(Context& context, http::Request& request) { return once(context, request, share_campaign); }
Answer share_infrastructures(Context& context, http::Request& request) { return once(context, request, share_network); }

}  // namespace tocsin::endpoints
