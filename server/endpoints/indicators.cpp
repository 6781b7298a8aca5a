#include <nlohmann/json.hpp>

#include "server/admission/guard.hpp"
#include "server/admission/stretches.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/batch_storing.hpp"
#include "server/endpoints/guarding.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/once.hpp"
#include "server/endpoints/sharing.hpp"
#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {
namespace {

using Done = core::Result<void>;

http::Awaitable<admission::Form> form_of(Sharing const& to, std::string_view body) {
  auto const form = co_await judge<admission::Form>(
      to.context, to.request.principal->organisation,
      [&]() -> core::Result<admission::Form> { return admission::form_of_document(body); });
  co_return form.value_or(admission::Form::json);
}

http::Awaitable<Done> share_bundle(Sharing const& to, std::string_view body, Guarding const& guard) {
  if (!to.kind.empty())
    co_return core::fail(core::Code::items_invalid, "Bundles are not sent here.", "",
                         "Send them to POST /api/v1/indicators.");
  if (!to.asked.defaults.empty())
    co_return core::fail(core::Code::bad_parameter, "The objects of a bundle take no properties from the query.", "",
                         "Leave the parameters out that are properties.");
  auto items = co_await store_bundle(to.context, to.request, body, guard, {to.asked.dry, to.asked.whole});
  if (!items) co_return std::unexpected(items.error());
  if (!items->empty()) to.answer.add(*std::move(items));
  co_return Done();
}

// A body that is one document, or that is stored whole.
http::Awaitable<Done> share_whole(Sharing const& to, Guarding const& guard) {
  auto body = co_await to.request.body->read_all();
  if (!body) co_return std::unexpected(body.error());
  auto const organisation = to.request.principal->organisation;
  auto form = to.asked.form;
  if (form == admission::Form::json) form = co_await form_of(to, *body);
  if (form == admission::Form::bundle) co_return co_await share_bundle(to, *body, guard);
  auto made = co_await judge<MadeBatch>(to.context, organisation, [&]() -> core::Result<MadeBatch> {
    auto read = admission::read_items(form, *body, to.asked.defaults, to.asked.layout);
    if (!read) return std::unexpected(read.error());
    admission::guard(read->items, guard.around, guard.overriding());
    return prepare(*std::move(read), to.kind);
  });
  if (!made) co_return std::unexpected(made.error());
  if (made->batch.items.empty()) co_return Done();
  if (auto done = co_await make(to.context, to.request, *made, to.asked.dry); !done) co_return done;
  auto done = co_await store_made(to.context, to.request, *made, guard, {to.asked.dry, to.asked.whole});
  if (!done) co_return done;
  co_return co_await tell(to, std::move(made->batch.items));
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
