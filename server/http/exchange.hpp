// One request from its head to its response: route, gates, limits, handler. Lives in the session's frame; that worker's
// thread only.
#pragma once

#include <string>

#include "server/http/body.hpp"
#include "server/http/connection.hpp"
#include "server/http/head.hpp"
#include "server/http/service.hpp"

namespace tocsin::http {

class Exchange {
 public:
  // `pending` holds what arrived behind the head.
  Exchange(Service const& service, Connection& connection, std::string& pending, Peer const& peer, Head head,
           std::string request_id);

  // Never throws for what a handler throws: that is an answer of 500 and a line in the log.
  [[nodiscard]] Awaitable<Response> answer();

  [[nodiscard]] Request const& request() const { return request_; }
  // The answer has been sent: gives back the place that a gate took for the request.
  void release() { request_.ticket.reset(); }
  // True when the whole body was taken off the connection, so that another request may follow.
  [[nodiscard]] bool body_is_read() const { return body_is_read_; }

 private:
  [[nodiscard]] Response refuse(core::Code code, std::string sentence, std::string remedy = {}) const;
  [[nodiscard]] Response other_methods(std::vector<Method> const& allowed) const;
  // A refusal, or nothing to go on.
  [[nodiscard]] std::optional<Response> enter();
  [[nodiscard]] core::Result<BodyPlan> plan_body() const;
  [[nodiscard]] Awaitable<Response> handle();
  void log_failure(std::exception const& error) const;

  Service const& service_;
  Connection& connection_;
  std::string& pending_;
  Request request_;
  std::string query_;
  std::uint64_t content_length_;
  bool expects_continue_;
  bool body_is_read_;
};

}  // namespace tocsin::http
