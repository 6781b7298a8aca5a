#include "server/http/session.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "schema/core/digest.hpp"
#include "server/http/content_coding.hpp"
#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

constexpr std::size_t kStaged = 16 * 1024;       // head and first body bytes go out as one TLS record
constexpr std::size_t kCompressFrom = 1'024;
constexpr std::uint64_t kDiscard = 256 * 1024;

std::string_view reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
  }
}

// IMF-fixdate, made once a second and thread.
std::string const& date() {
  thread_local std::time_t made = 0;
  thread_local std::string text;
  if (std::time_t now = std::time(nullptr); now != made) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 40> buffer{};
    std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    text = buffer.data();
    made = now;
  }
  return text;
}

std::string make_request_id() {
  thread_local std::array<std::uint8_t, 4096> pool;
  thread_local std::size_t used = pool.size();
  if (used == pool.size()) {
    core::random_bytes(pool);
    used = 0;
  }
  std::string id = core::to_hex({reinterpret_cast<char const*>(pool.data()) + used, 8});
  used += 8;
  return id;
}

std::string_view bytes_of(Response const& response) {
  if (auto const* text = std::get_if<std::string>(&response.body)) return *text;
  if (auto const* shared = std::get_if<SharedBytes>(&response.body)) return *shared ? std::string_view(**shared) : std::string_view{};
  return {};
}

bool has_header(Response const& response, std::string_view name) {
  return std::ranges::any_of(response.headers, [&](auto const& header) { return equal_ignoring_case(header.first, name); });
}

void encode(Request const& request, Response& response) {
  if (bytes_of(response).size() < kCompressFrom || has_header(response, "Content-Encoding")) return;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  auto accept = request.headers.find("Accept-Encoding");
  Coding coding = accept ? negotiate(*accept) : Coding::identity;
  if (coding == Coding::identity) return;
  response.headers.emplace_back("Content-Encoding", name(coding));
  response.body = compress(coding, bytes_of(response));
}

bool bodiless(int status) { return status == 204 || status == 304; }

std::string make_head(Request const& request, Response const& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head += reason(response.status);
  head += "\r\nDate: " + date();
  if (!response.content_type.empty()) head += "\r\nContent-Type: " + response.content_type;
  if (std::holds_alternative<std::unique_ptr<BodySource>>(response.body))
    head += "\r\nTransfer-Encoding: chunked";
  else if (!bodiless(response.status))
    head += "\r\nContent-Length: " + std::to_string(bytes_of(response).size());
  head += "\r\nX-Request-Id: " + request.request_id;
  head += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'";
  for (auto const& [name, value] : response.headers) head += "\r\n" + name + ": " + value;
  head += keep_alive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
  return head;
}

}  // namespace

// The body of the request under way, read from the session's stream.
class SessionBody final : public BodyReader {
 public:
  SessionBody(Session& session, Head const& head, std::uint64_t limit) : session_(session), head_(head), limit_(limit) {
    if (auto coding = head.headers.find("Content-Encoding"); coding && !equal_ignoring_case(*coding, "identity"))
      decoder_ = make_decoder(equal_ignoring_case(*coding, "gzip") ? Coding::gzip : Coding::zstd);
  }

  Awaitable<core::Result<std::string_view>> next() override {
    piece_.clear();
    while (piece_.empty() && session_.unread_body_ > 0) {
      if (auto got = co_await pull(); !got) co_return std::unexpected(got.error());
    }
    co_return std::string_view(piece_);
  }

  Awaitable<core::Result<std::string>> read_all() override {
    std::string all;
    for (;;) {
      auto piece = co_await next();
      if (!piece) co_return std::unexpected(piece.error());
      if (piece->empty()) break;
      all += *piece;
    }
    if (decoder_ && !decoder_->complete() && head_.content_length > 0)
      co_return core::fail(core::Code::bad_request, "The compressed body ends too early.");
    co_return all;
  }

 private:
  Awaitable<core::Result<void>> pull() {
    if (!started_) {
      started_ = true;
      auto const& options = session_.service_.options;
      session_.allow(options.body_timeout + std::chrono::milliseconds(head_.content_length * 1000 / options.body_min_rate));
      if (head_.expects_continue && session_.buffer_.empty() &&
          !co_await session_.stream_->write("HTTP/1.1 100 Continue\r\n\r\n", [] {}))
        co_return core::fail(core::Code::bad_request, "The connection broke off.");
    }
    if (session_.buffer_.empty()) session_.buffer_ = co_await session_.stream_->read_some();
    if (session_.buffer_.empty()) co_return core::fail(core::Code::request_timeout, "The body did not arrive in time.");
    auto take = static_cast<std::size_t>(std::min<std::uint64_t>(session_.buffer_.size(), session_.unread_body_));
    std::string_view raw = std::string_view(session_.buffer_).substr(0, take);
    std::size_t before = piece_.size();
    if (decoder_) {
      if (auto decoded = decoder_->decode(raw, piece_, limit_ - total_); !decoded) co_return std::unexpected(decoded.error());
    } else {
      piece_ += raw;
    }
    total_ += piece_.size() - before;
    session_.unread_body_ -= take;
    session_.buffer_.erase(0, take);
    co_return core::Result<void>{};
  }

  Session& session_;
  Head const& head_;
  std::uint64_t const limit_;
  std::uint64_t total_ = 0;
  std::unique_ptr<Decoder> decoder_;
  std::string piece_;
  bool started_ = false;
};

Awaitable<void> Session::run() {
  allow(service_.options.handshake_timeout);
  if (!co_await stream_->handshake()) {
    service_.handshake_failures.add();
    co_return;
  }
  std::string text;
  while (co_await read_head(text)) {
    Head head;
    auto parsed = parse_head(text, head);
    if (!parsed) {
      service_.framing_errors.add();
      co_await refuse(parsed.error());
      co_return;
    }
    if (!co_await serve(std::move(head))) co_return;
  }
}

Awaitable<bool> Session::read_head(std::string& text) {
  idle_ = buffer_.empty();
  allow(idle_ ? service_.options.idle_timeout : service_.options.header_timeout);
  HeadScanner scanner;
  for (;;) {
    auto state = scanner.scan(buffer_);
    if (state == HeadScanner::State::complete) {
      text.assign(buffer_, 0, scanner.length());
      buffer_.erase(0, scanner.length());
      co_return true;
    }
    if (state == HeadScanner::State::hopeless) {
      service_.framing_errors.add();
      co_await refuse(scanner.refusal());
      co_return false;
    }
    if (idle_ && service_.draining) co_return false;
    std::string_view more = co_await stream_->read_some();
    if (more.empty()) co_return false;
    if (buffer_.empty()) allow(service_.options.header_timeout);
    idle_ = false;
    buffer_ += more;
  }
}

Awaitable<bool> Session::serve(Head head) {
  auto started = Clock::now();
  Request request;
  request.method = head.method;
  request.path = head.path;
  request.headers = head.headers;
  request.peer_address = origin_.peer_address;
  request.on_admin_socket = origin_.admin_socket;
  request.on_loopback_listener = origin_.loopback;
  request.request_id = make_request_id();
  unread_body_ = head.content_length;
  Response response = co_await answer(request, head);
  bool keep_alive = head.keep_alive && !response.close && unread_body_ == 0 && !service_.draining;
  encode(request, response);
  service_.observe(request, response, Clock::now() - started);
  if (!co_await send(request, std::move(response), keep_alive)) co_return false;
  if (!keep_alive) co_await discard_rest();
  co_return keep_alive;
}

Awaitable<Response> Session::answer(Request& request, Head const& head) {
  Match match = service_.router.match(head.method, request.path);
  request.route = match.route;
  request.parameters = std::move(match.parameters);
  if (match.route == nullptr && match.allowed.empty())
    co_return service_.render(request, {core::Code::not_found, "There is nothing at this path.", "", ""});
  if (match.route == nullptr) {
    std::string allow = "OPTIONS";
    for (Method method : match.allowed) allow += std::string(", ") + (method == Method::get ? "GET, HEAD" : std::string(name(method)));
    Response response;
    response.status = 204;
    if (head.method != Method::options)
      response = service_.render(request, {core::Code::method_not_allowed, "This path has other methods.", "", "It has " + allow + "."});
    response.headers.emplace_back("Allow", allow);
    co_return response;
  }
  auto query = Query::parse(head.query);
  if (!query) co_return service_.render(request, query.error());
  request.query = *std::move(query);
  request.deadline = Clock::now() + match.route->deadline;
  for (Gate const& gate : service_.gates)
    if (auto refusal = gate(request)) co_return std::move(*refusal);
  if (head.content_length > match.route->body_limit)
    co_return service_.render(request, {core::Code::content_too_large,
                                        "The body is larger than the " + std::to_string(match.route->body_limit) + " bytes this path takes.",
                                        "", "Send it in several parts."});
  if (auto coding = head.headers.find("Content-Encoding");
      coding && !equal_ignoring_case(*coding, "identity") && !equal_ignoring_case(*coding, "gzip") && !equal_ignoring_case(*coding, "zstd"))
    co_return service_.render(request, {core::Code::unsupported_media_type, "The Content-Encoding is not understood.", "",
                                        "Use gzip, zstd or none."});
  SessionBody body(*this, head, match.route->body_limit);
  request.body = &body;
  deadline_ = request.deadline;
  Response response;
  bool failed = false;
  try {
    response = co_await match.route->handler(request);
  } catch (std::exception const& error) {
    failed = true;
    service_.log.error("request.failed", {{"request", request.request_id}, {"route", match.route->pattern}, {"what", error.what()}});
  }
  request.body = nullptr;
  if (failed) co_return service_.render(request, {core::Code::internal, "The server failed; the request id finds it in the log.", "", ""});
  co_return response;
}

Awaitable<bool> Session::send(Request const& request, Response response, bool keep_alive) {
  allow(service_.options.write_timeout);
  std::function<void()> progress = [this] { allow(service_.options.write_timeout); };
  std::string staged = make_head(request, response, keep_alive);
  std::string_view body = bytes_of(response);
  bool silent = request.method == Method::head || bodiless(response.status);
  if (silent) body = {};
  std::size_t first = std::min(body.size(), kStaged - std::min(kStaged, staged.size()));
  staged += body.substr(0, first);
  if (!co_await stream_->write(staged, progress)) co_return false;
  if (body.size() > first && !co_await stream_->write(body.substr(first), progress)) co_return false;
  if (auto* source = std::get_if<std::unique_ptr<BodySource>>(&response.body); source != nullptr && !silent)
    co_return co_await send_stream(**source);
  co_return true;
}

Awaitable<bool> Session::send_stream(BodySource& source) {
  std::function<void()> progress = [this] { allow(service_.options.write_timeout); };
  for (;;) {
    auto piece = co_await source.next();
    if (!piece) co_return false;
    std::array<char, 24> size{};
    int digits = std::snprintf(size.data(), size.size(), "%zx\r\n", piece->size());
    std::string chunk(size.data(), static_cast<std::size_t>(digits));
    chunk += *piece + "\r\n";
    if (!co_await stream_->write(chunk, progress)) co_return false;
    if (piece->empty()) co_return true;
  }
}

Awaitable<void> Session::refuse(core::Error error) {
  Request request;
  request.request_id = make_request_id();
  Response response = service_.render(request, error);
  service_.observe(request, response, {});
  unread_body_ = kDiscard;
  if (co_await send(request, std::move(response), false)) co_await discard_rest();
}

// The peer may still be sending a body that nobody will read. Closing now would reset the connection and could destroy the answer
// on its way: half-close, and throw away a little of what comes.
Awaitable<void> Session::discard_rest() {
  stream_->finish_writing();
  if (unread_body_ == 0) co_return;
  allow(std::chrono::seconds(1));
  std::uint64_t left = kDiscard;
  while (left > 0) {
    std::size_t got = (co_await stream_->read_some()).size();
    if (got == 0) co_return;
    left -= std::min<std::uint64_t>(left, got);
  }
}

}  // namespace tocsin::http
