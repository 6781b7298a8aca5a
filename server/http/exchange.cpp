#include "server/http/exchange.hpp"

#include <algorithm>
#include <stdexcept>
#include <typeinfo>

#include "server/http/gates.hpp"

namespace tocsin::http {

Exchange::Exchange(Service const& service, Connection& connection, std::string& pending, Peer const& peer, Head head,
                   std::string request_id)
    : service_(service),
      connection_(connection),
      pending_(pending),
      query_(std::move(head.query)),
      content_length_(head.content_length),
      expects_continue_(head.expects_continue),
      body_is_read_(head.content_length == 0) {
  request_.method = head.method;
  request_.path = std::move(head.path);
  request_.headers = std::move(head.headers);
  request_.peer_address = peer.address;
  request_.on_admin_socket = peer.door == Door::admin;
  request_.on_loopback_listener = peer.door == Door::loopback;
  request_.on_mtls_listener = peer.door == Door::mtls;
  request_.certificate = peer.certificate;
  request_.request_id = std::move(request_id);
}

Response Exchange::refuse(core::Code code, std::string sentence, std::string remedy) const {
  return service_.render(request_, core::Error{code, std::move(sentence), "", std::move(remedy)});
}

// RFC 9110 sections 9.3.7 and 15.5.6.
Response Exchange::other_methods(std::vector<Method> const& allowed) const {
  std::string allow = "OPTIONS";
  for (Method method : allowed) allow.append(", ").append(method == Method::get ? "GET, HEAD" : name(method));
  Response response;
  response.status = 204;
  if (request_.method != Method::options)
    response = refuse(core::Code::method_not_allowed,
                      "This resource does not have the method " + std::string(name(request_.method)) + ".",
                      "It has " + allow + ".");
  response.headers.emplace_back("Allow", std::move(allow));
  return response;
}

std::optional<Response> Exchange::enter() {
  if (auto foreign = foreign_origin(request_)) return service_.render(request_, *foreign);
  Match match = service_.router.match(request_.method, request_.path);
  if (match.route == nullptr && match.allowed.empty())
    return refuse(core::Code::not_found, "There is nothing at this path.", "");
  if (match.route == nullptr) return other_methods(match.allowed);
  request_.route = match.route;
  request_.parameters = std::move(match.parameters);
  request_.deadline = Connection::Clock::now() + match.route->deadline;
  auto query = Query::parse(query_);
  if (!query) return service_.render(request_, query.error());
  request_.query = *std::move(query);
  for (Gate const& gate : service_.gates)
    if (auto refusal = gate(request_)) return refusal;
  return std::nullopt;
}

core::Result<BodyPlan> Exchange::plan_body() const {
  std::uint64_t limit = request_.route->body_limit;
  auto const& streamed = request_.route->streamed;
  if (auto const most = std::max(limit, streamed.limit); content_length_ > most)
    return core::fail(core::Code::content_too_large,
                      limit == 0 ? "This resource takes no body with this method."
                                 : "The body is larger than the " + std::to_string(most) + " bytes taken here.",
                      "", limit == 0 ? "Send the request without a body." : "Send it in several requests.");
  auto coding = parse_coding(request_.headers.find("Content-Encoding").value_or("identity"));
  if (!coding)
    return core::fail(core::Code::unsupported_media_type, "The Content-Encoding of the body is not accepted.", "",
                      "Use gzip, zstd or none.");
  auto const& options = service_.options;
  auto for_size =
      std::chrono::milliseconds(content_length_ * 1'000 / std::max<std::uint64_t>(options.body_min_rate, 1));
  return BodyPlan{.length = content_length_,
                  .limit = limit,
                  .coding = *coding,
                  .expects_continue = expects_continue_,
                  .time = options.body_timeout.get() + for_size,
                  .latest = request_.deadline,
                  .streamed_limit = streamed.limit,
                  .streamed_latest = request_.deadline - request_.route->deadline + streamed.deadline,
                  .write_stall = options.write_timeout};
}

void Exchange::log_failure(std::exception const& error) const {
  // Messages of our own and the system's are plain; a library's may repeat what it read.
  bool plain = dynamic_cast<std::runtime_error const*>(&error) != nullptr ||
               dynamic_cast<std::logic_error const*>(&error) != nullptr;
  service_.log.error("http.handler_failed", {{"request", request_.request_id},
                                             {"route", request_.route != nullptr ? request_.route->pattern : ""},
                                             {"exception", typeid(error).name()},
                                             {"what", plain ? error.what() : ""}});
}

Awaitable<Response> Exchange::handle() {
  auto plan = plan_body();
  if (!plan) co_return service_.render(request_, plan.error());
  BodyMemory::Hold hold(service_.body_memory, request_.principal ? request_.principal->organisation : 0, plan->limit);
  ConnectionBody body(connection_, pending_, *plan, request_.on_admin_socket ? nullptr : &hold);
  request_.body = &body;
  Response response = co_await request_.route->handler(request_);
  request_.body = nullptr;
  body_is_read_ = body.is_finished();
  co_return response;
}

Awaitable<Response> Exchange::answer() {
  std::optional<Response> response;
  try {
    response = enter();
    if (!response) response = co_await handle();
  } catch (std::exception const& error) {
    log_failure(error);
  }
  if (response) co_return *std::move(response);
  co_return refuse(core::Code::internal, "The server failed at this request.",
                   "Try again later; the operator finds the cause by the X-Request-Id.");
}

}  // namespace tocsin::http
