// The life of one connection: handshake, then request after request, one at a time. Owned by its worker; that worker's
// thread only.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/intrusive/list.hpp>
#include <string>

#include "server/http/connection.hpp"
#include "server/http/connection_caps.hpp"
#include "server/http/head.hpp"
#include "server/http/request_ids.hpp"
#include "server/http/service.hpp"
#include "server/http/sockets.hpp"

namespace tocsin::http {

// What a session borrows from the worker whose thread it lives on.
struct Home {
  boost::asio::io_context& context;
  ThreadBuffers& buffers;
  std::string const& date;  // now, as in Date
  bool const& draining;     // no further requests on any connection
  RequestIds& request_ids;
};

class Session : public boost::intrusive::list_base_hook<> {
 public:
  // `tls` is null for the plain doors.
  Session(Service const& service, Home home, FileDescriptor descriptor, TlsContext const& tls, Peer peer,
          ConnectionCaps::Place place);

  // Ends when the connection has. Throws only what ends it, such as std::bad_alloc.
  [[nodiscard]] Awaitable<void> run();

  void check(Connection::Clock::time_point now);
  // Ends it now unless a request is under way, which is then the last; one that is answered endlessly is stopped.
  void drain();
  // Ends it now: waits on the network fail and handlers are cancelled.
  void abort();
  [[nodiscard]] boost::asio::cancellation_slot cancellation_slot() { return cancellation_.slot(); }

 private:
  enum class Next : std::uint8_t { request, end, refused };

  // A whole head at the front of pending_, or the end of the connection; `refusal` then says what to answer.
  [[nodiscard]] Awaitable<Next> await_head(HeadScanner& scanner, std::optional<core::Error>& refusal);
  // True when another request may follow.
  [[nodiscard]] Awaitable<bool> serve(std::string_view head_text);
  [[nodiscard]] Awaitable<void> refuse(Head head, core::Error error);
  [[nodiscard]] Awaitable<bool> send(Request const& request, Response response, bool keep_alive);
  // Within what is `left` of the answer's time, and what the pieces' length adds to it; takes off what it needed.
  [[nodiscard]] Awaitable<bool> send(Gather pieces, std::chrono::milliseconds& left);
  [[nodiscard]] Awaitable<bool> send_stream(std::string head, BodySource& source);
  // The client's certificate, once the handshake is done; and before each request whether it is still trusted.
  void meet_client();
  void check_client();

  Service const& service_;
  Home const home_;
  Peer peer_;
  ConnectionCaps::Place place_;
  Connection connection_;
  std::string pending_;  // bytes that arrived and were not used yet
  bool in_request_ = false;
  TlsContext trusted_by_;  // which context found the client's certificate good, at the mtls door
  Connection::Clock::time_point trusted_until_{};  // when it is asked again
  BodySource* endless_ = nullptr;                  // what is being sent, when it has no end of its own
  boost::asio::cancellation_signal cancellation_;
};

}  // namespace tocsin::http
