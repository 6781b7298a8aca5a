#include "server/http/session.hpp"

#include <array>
#include <charconv>

#include "server/http/exchange.hpp"
#include "server/http/response_coding.hpp"
#include "server/http/response_head.hpp"

namespace tocsin::http {
namespace {

constexpr std::size_t kIdleBytes = 1'024;  // what an idle connection may keep of its last request's buffer
constexpr std::size_t kLingerBytes = 256 * 1024;
constexpr std::chrono::milliseconds kLingerTime{1'000};
// How late it may be noticed that a revocation list or an intermediate certificate has run out. Verifying a chain costs
// a fraction of a millisecond.
constexpr std::chrono::seconds kTrustTime{60};

}  // namespace

Session::Session(Service const& service, Home home, FileDescriptor descriptor, TlsContext const& tls, Peer peer,
                 ConnectionCaps::Place place)
    : service_(service),
      home_(home),
      peer_(std::move(peer)),
      place_(std::move(place)),
      connection_(home.context, std::move(descriptor), tls, home.buffers) {
  if (peer_.door == Door::mtls) trusted_by_ = tls;
}

void Session::check(Connection::Clock::time_point now) {
  connection_.check(now);
  if (endless_ == nullptr) return;
  check_client();
  bool trusted = peer_.door != Door::mtls || peer_.certificate != nullptr;
  if (!trusted || connection_.is_left()) endless_->stop();
}

void Session::drain() {
  if (!in_request_) connection_.expire();
  if (endless_ == nullptr) return;
  endless_->stop();
  connection_.hurry(kLingerTime);  // a client that takes nothing does not hold up the stop
}

void Session::abort() {
  connection_.abort();
  cancellation_.emit(boost::asio::cancellation_type::terminal);
}

Awaitable<void> Session::run() {
  connection_.set_deadline(service_.options.handshake_timeout);
  if (!co_await connection_.handshake()) {
    service_.metrics.handshake_failures.add();
    if (auto why = connection_.stream().client_refusal(); !why.empty())
      service_.log.info("tls.client_refused", {{"address", peer_.address}, {"reason", why}});
    co_return;
  }
  meet_client();
  for (;;) {
    HeadScanner scanner;
    std::optional<core::Error> refusal;
    Next next = co_await await_head(scanner, refusal);
    if (next == Next::end) break;
    in_request_ = true;
    if (next == Next::refused) {
      co_await refuse(Head(), *std::move(refusal));
      co_return;
    }
    bool more = co_await serve(std::string_view(pending_).substr(0, scanner.length()));
    in_request_ = false;
    if (!more) co_return;
  }
  connection_.end();
}

void Session::meet_client() {
  if (peer_.door != Door::mtls) return;
  peer_.certificate = connection_.stream().client();
  trusted_until_ = Connection::Clock::now() + kTrustTime;
}

// What was trusted in the handshake may be revoked by now: a connection can stay open for days.
void Session::check_client() {
  if (!peer_.certificate) return;
  TlsContext current = service_.mutual_tls.get();
  auto now = Connection::Clock::now();
  if (current == trusted_by_ && now < trusted_until_) return;
  if (!connection_.stream().is_client_trusted(current)) peer_.certificate = nullptr;
  trusted_by_ = std::move(current);
  trusted_until_ = now + kTrustTime;
}

Awaitable<Session::Next> Session::await_head(HeadScanner& scanner, std::optional<core::Error>& refusal) {
  if (pending_.empty() && pending_.capacity() > kIdleBytes) std::string().swap(pending_);
  connection_.set_deadline(pending_.empty() ? service_.options.idle_timeout : service_.options.header_timeout);
  for (;;) {
    if (home_.draining) co_return Next::end;
    auto state = scanner.scan(pending_);
    if (state == HeadScanner::State::complete) co_return Next::request;
    if (state == HeadScanner::State::hopeless) {
      refusal = scanner.refusal();
      co_return Next::refused;
    }
    std::size_t got = 0;
    auto& into = home_.buffers.received;
    Arrival arrival = co_await connection_.receive(into, got);
    if (arrival == Arrival::expired && !pending_.empty() && !home_.draining) {
      refusal = core::Error{core::Code::request_timeout, "The header section did not arrive in time.", "", ""};
      co_return Next::refused;
    }
    if (arrival != Arrival::bytes) co_return Next::end;
    if (pending_.empty()) connection_.set_deadline(service_.options.header_timeout);
    pending_.append(into.data(), got);
  }
}

Awaitable<bool> Session::serve(std::string_view head_text) {
  auto began = Connection::Clock::now();
  connection_.clear_deadline();
  Head head;
  auto parsed = parse_head(head_text, head);
  pending_.erase(0, head_text.size());
  if (!parsed) {
    co_await refuse(std::move(head), std::move(parsed.error()));
    co_return false;
  }
  bool wanted = head.keep_alive;
  check_client();
  Exchange exchange(service_, connection_, pending_, peer_, std::move(head), home_.request_ids.next());
  Response response = co_await exchange.answer();
  if (!is_sendable(response)) {
    service_.log.error("http.response_malformed", {{"request", exchange.request().request_id}});
    response = Response();
    response.status = 500;
  }
  apply_coding(exchange.request().headers, response);
  bool keep_alive = wanted && exchange.body_is_read() && !response.close && !home_.draining;
  service_.note(exchange.request(), response, Connection::Clock::now() - began);
  bool sent = co_await send(exchange.request(), std::move(response), keep_alive);
  exchange.release();
  if (sent && !keep_alive) {
    // The peer may still be sending a body that nobody reads. Closing now would reset the connection, and the reset
    // could overtake the answer.
    connection_.set_deadline(kLingerTime);
    co_await connection_.linger(kLingerBytes);
  }
  co_return sent&& keep_alive;
}

Awaitable<void> Session::refuse(Head head, core::Error error) {
  service_.metrics.framing_errors.add();
  Request request;
  request.method = head.method;
  request.path = std::move(head.path);
  request.headers = std::move(head.headers);
  request.peer_address = peer_.address;
  request.on_admin_socket = peer_.door == Door::admin;
  request.on_loopback_listener = peer_.door == Door::loopback;
  request.on_mtls_listener = peer_.door == Door::mtls;
  request.request_id = home_.request_ids.next();
  Response response = service_.render(request, error);
  if (error.code == core::Code::method_not_allowed)
    response.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  service_.note(request, response, std::chrono::nanoseconds(0));
  connection_.clear_deadline();
  bool sent = co_await send(request, std::move(response), false);
  if (!sent) co_return;
  connection_.set_deadline(kLingerTime);
  co_await connection_.linger(kLingerBytes);
}

Awaitable<bool> Session::send(Request const& request, Response response, bool keep_alive) {
  HeadFacts facts{home_.date, request.request_id, keep_alive};
  std::string head = make_response_head(response, facts);
  bool head_only = request.method == Method::head || has_no_body(response.status);
  auto* source = std::get_if<std::unique_ptr<BodySource>>(&response.body);
  if (source != nullptr && *source != nullptr && !head_only) co_return co_await send_stream(std::move(head), **source);
  Gather pieces(head, head_only ? std::string_view() : body_bytes(response));
  std::chrono::milliseconds left = service_.options.write_timeout;
  co_return co_await send(pieces, left);
}

// Who takes a byte now and then must not hold an answer, and a request's place, for ever.
Awaitable<bool> Session::send(Gather pieces, std::chrono::milliseconds& left) {
  auto const& options = service_.options;
  left += std::chrono::milliseconds(pieces.size() * 1'000 / options.answer_rate());
  auto began = Connection::Clock::now();
  bool sent = co_await connection_.send(pieces, {options.write_timeout, left});
  left -= std::chrono::duration_cast<std::chrono::milliseconds>(Connection::Clock::now() - began);
  co_return sent;
}

// RFC 9112 section 7.1. The head goes out with the first piece.
Awaitable<bool> Session::send_stream(std::string head, BodySource& source) {
  bool const endless = source.is_endless();
  struct Watched {  // also when the wait for a piece is cancelled, which throws
    BodySource*& source;
    ~Watched() { source = nullptr; }
  } watched{endless_};
  if (endless) endless_ = &source;
  if (endless && home_.draining) source.stop();
  std::string before = std::move(head);
  std::chrono::milliseconds left = service_.options.write_timeout;
  for (;;) {
    auto piece = co_await source.next();
    if (!piece) co_return false;  // no last chunk: the client learns that this is not all
    if (piece->empty()) break;
    if (endless) left = home_.draining ? kLingerTime : service_.options.write_timeout;
    std::array<char, 16> digits;
    auto end = std::to_chars(digits.data(), digits.data() + digits.size(), piece->size(), 16).ptr;
    before.append(digits.data(), end).append("\r\n");
    Gather pieces(before, *piece, "\r\n");
    bool sent = co_await send(pieces, left);
    if (!sent) co_return false;
    before.clear();
  }
  before.append("0\r\n\r\n");
  Gather pieces(before);
  co_return co_await send(pieces, left);
}

}  // namespace tocsin::http
