#include "server/stream/follower.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "server/access/permissions.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/presented.hpp"
#include "server/endpoints/recorded_reads.hpp"
#include "server/http/router.hpp"
#include "server/stream/place.hpp"

namespace tocsin::endpoints {
namespace {

// What the client showed when it opened the stream, kept for as long as that is open.
struct Shown {
  std::optional<std::string> authorization;
  std::shared_ptr<base::ClientCertificate const> certificate;
  Presented presented;

  Shown(Context const& context, http::Request const& request)
      : certificate(request.certificate), presented(endpoints::presented(context, request)) {
    if (presented.authorization) authorization = *presented.authorization;
    address = request.peer_address;
    presented.authorization = authorization;
    presented.address = address;
  }
  Shown(Shown const&) = delete;  // `presented` is views of the others
  Shown& operator=(Shown const&) = delete;

 private:
  std::string address;
};

// Why a credential that opened the stream may not read any more. Whoever held it then may know: 401 tells nobody else.
core::Error why_ended(access::Refusal const& refusal) {
  static constexpr std::array<std::pair<std::string_view, char const*>, 8> kReasons{{
      {"revoked", "The credential was revoked."},
      {"disabled", "The organisation was disabled."},
      {"expired", "The credential has expired."},
      {"wrong-address", "The credential may not be used from this address any more."},
      {"signed-out", "Whoever opened it is signed in to the console no more."},
      {"untrusted", "The client certificate is not trusted any more."},
      {"denied", "The key of the client certificate was denied."},
      {"unbound", "No credential asks for the client certificate any more."},
  }};
  auto const found = std::ranges::find(kReasons, refusal.reason, &std::pair<std::string_view, char const*>::first);
  return {refusal.code, found != kReasons.end() ? found->second : "The credential holds no more.", "",
          "Ask the operator for one that may read."};
}

stream::Permits permits_of(Context& context, http::Request const& request) {
  auto shown = std::make_shared<Shown const>(context, request);
  auto const& permission = *access::find_permission(request.route->permission);
  stream::Permits permits;
  permits.authenticate = [&context, &permission, shown](
                             access::Directory const& directory) -> std::expected<access::Authenticated, core::Error> {
    auto who = endpoints::authenticate(directory, shown->presented, context.clock.now_us());
    if (!who) return std::unexpected(why_ended(who.error()));
    if (access::may(permission, who->principal.get())) return *std::move(who);
    return core::fail(core::Code::forbidden, "No role of this credential allows streams any more.", "",
                      "Ask the operator for a credential with a role that does.");
  };
  permits.record = [&context](ledger::ReadNote const& note, access::Authenticated const& who) {
    return record_read(context, note, *who.principal, *who.view);
  };
  return permits;
}

// The parameters: which collections, which types.
core::Result<stream::Wanted> wanted_of(access::Directory const& directory, http::Request const& request) {
  stream::Wanted wanted;
  catalog::Parameters filters;
  for (auto const& [name, value] : request.query.parameters()) {
    if (name != "collection" && name != "match[type]" && name != "after")
      return core::fail(core::Code::bad_parameter, "A stream has no parameters but collection, match[type] and after.",
                        "", "Leave the others out, or pull the collection.");
    if (name == "match[type]") filters.emplace_back(name, value);
    if (name != "collection") continue;
    auto const* collection = directory.collection(value, view_of(request));
    if (collection == nullptr) return core::fail(core::Code::not_found, "There is no such collection.");
    wanted.collections.push_back(collection->id);
  }
  auto parsed = catalog::Filters::parse(filters);
  if (!parsed) return std::unexpected(parsed.error());
  wanted.filters = *std::move(parsed);
  return wanted;
}

// Where to go on. A browser that reconnects sends the header, and the parameter as it was in the beginning.
core::Result<std::optional<std::string>> given_place(http::Request const& request) {
  if (auto header = request.headers.find("Last-Event-ID"); header && !header->empty()) return std::string(*header);
  if (request.query.count("after") > 1)
    return core::fail(core::Code::bad_parameter, "The parameter after occurs more than once.", "", "Send it once.");
  if (auto after = request.query.find("after")) return std::string(*after);
  return std::nullopt;
}

std::unexpected<core::Error> not_a_place(std::string_view why) {
  return core::fail(core::Code::bad_parameter, "The place to go on from " + std::string(why) + ".", "",
                    "Send the id of an event as the stream gave it, or leave it out to begin now.");
}

// Puts the place into `wanted`: the given one, or the end of what is published.
http::Awaitable<core::Result<void>> find_place(Context& context, http::Request const& request, stream::Wanted& wanted) {
  auto given = given_place(request);
  if (!given) co_return std::unexpected(given.error());
  auto last = co_await context.bridge.run<std::int64_t>(
      request.principal->organisation, [](store::ReadStore& reader) { return reader.last_sequence(); });
  if (!last) co_return std::unexpected(last.error());
  if (!*given) {
    wanted.after = *last;
    wanted.place = stream::place_at_end(context.cursors, *last);
    co_return core::Result<void>{};
  }
  auto after = stream::open_place(context.cursors, **given);
  if (!after) co_return not_a_place("was not made here");
  if (*after > *last) co_return not_a_place("is ahead of all that is published");
  wanted.after = *after;
  wanted.place = **std::move(given);
  co_return core::Result<void>{};
}

core::Error no_place(OpenStreams const& streams, InFlight::Full full) {
  if (full == InFlight::Full::server)
    return {core::Code::unavailable, "The server has as many streams open as it may.", "", "Try again later."};
  return {core::Code::unavailable,
          "Your organisation has " + std::to_string(streams.share()) + " streams open, as many as one may have.", "",
          "Close one of them, then try again."};
}

class Events final : public http::BodySource {
 public:
  Events(std::unique_ptr<stream::Follower> follower, InFlight::Ticket place)
      : place_(std::move(place)), follower_(std::move(follower)) {}
  http::Awaitable<core::Result<std::string>> next() override { return follower_->next(); }
  bool is_endless() const override { return true; }
  void stop() override { follower_->stop(); }

 private:
  InFlight::Ticket place_;
  std::unique_ptr<stream::Follower> follower_;
};

}  // namespace

Answer live_stream(Context& context, http::Request& request) {
  auto wanted = wanted_of(*context.registry.current(), request);
  if (!wanted) co_return error_answer(request, wanted.error());
  auto found = co_await find_place(context, request, *wanted);
  if (!found) co_return error_answer(request, found.error());
  auto place = context.streams.enter(request.principal->organisation);
  if (!place) co_return error_answer(request, no_place(context.streams, place.error()));
  request.ticket.reset();  // from here on it has the place of a stream, not that of a request
  stream::Workshop workshop{context.registry, context.generations, context.cursors, context.bridge,
                            context.bell,     context.ranges,      context.mutes,   context.clock};
  access::Authenticated who{request.principal, shared_view_of(request)};
  auto executor = co_await boost::asio::this_coro::executor;
  http::Response response;
  response.content_type = "text/event-stream";
  response.body =
      std::make_unique<Events>(std::make_unique<stream::Follower>(workshop, *std::move(wanted), std::move(who),
                                                                  permits_of(context, request), executor),
                               *std::move(place));
  co_return response;
}

}  // namespace tocsin::endpoints
