#include "server/http/client.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <mutex>

#include "server/http/client_authority.hpp"
#include "server/http/client_pins.hpp"
#include "server/http/client_url.hpp"
#include "server/http/client_wire.hpp"
#include "server/http/content_coding.hpp"
#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using core::Code;

constexpr std::size_t kHeaderLimit = 64 << 10;
constexpr int kInterimAnswers = 8;  // 1xx answers before the real one

bool is_printable(std::string_view text, char least) {
  return std::ranges::all_of(text, [least](char c) { return c >= least && c <= '~'; });
}

// RFC 9110 section 9.2.2: only these may be sent again when it is unknown whether the server carried them out.
bool is_idempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "PUT" || method == "DELETE";
}

// Nothing that a caller passes may end a line of the request early.
core::Result<void> check(ClientRequest const& request) {
  bool good = !request.method.empty() && is_printable(request.method, '!') && request.target.starts_with('/') &&
              is_printable(request.target, '!');
  for (auto const& [name, value] : request.headers) {
    good = good && !name.empty() && is_printable(name, '!') && !name.contains(':') && is_printable(value, ' ');
  }
  if (good) return {};
  return core::fail(Code::bad_parameter,
                    "The method, the target or a header of the request has a character that HTTP forbids.");
}

std::string request_text(ClientRequest const& request, std::string_view host, bool compressed) {
  std::string out = request.method + " " + request.target + " HTTP/1.1\r\nHost: ";
  out += host;
  out += "\r\nUser-Agent: tocsin\r\n";
  if (compressed) out += "Accept-Encoding: zstd, gzip\r\n";
  for (auto const& [name, value] : request.headers) out += name + ": " + value + "\r\n";
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    out += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  out += "\r\n";
  out += request.body;
  return out;
}

// What Beast's reader wants of a stream, over a Wire.
class WireReader {
 public:
  explicit WireReader(Wire& wire) : wire_(wire) {}

  template <class Buffers>
  std::size_t read_some(Buffers const& buffers, Wire::ErrorCode& error) {
    auto size = wire_.read_some(*asio::buffer_sequence_begin(buffers), error);
    began_ = began_ || size > 0;
    return size;
  }
  template <class Buffers>
  std::size_t read_some(Buffers const& buffers) {
    Wire::ErrorCode error;
    auto size = read_some(buffers, error);
    if (error) throw boost::system::system_error(error);
    return size;
  }

  [[nodiscard]] bool began() const { return began_; }

 private:
  Wire& wire_;
  bool began_ = false;
};

struct Answer {
  ClientResponse response;
  bool keep_alive = false;
};

// Why an attempt gave no answer, and whether another connection may be tried.
struct Failure {
  core::Error error;
  bool may_retry = false;
};

core::Error answer_error(Wire::ErrorCode error, std::string const& peer, std::size_t limit) {
  if (error == beast::http::error::body_limit) {
    return {Code::io_failed, "The answer of " + peer + " is larger than " + std::to_string(limit) + " bytes.", "",
            "Ask for less at a time."};
  }
  if (error == beast::http::error::end_of_stream || error == beast::http::error::partial_message ||
      error == asio::ssl::error::stream_truncated) {
    return {Code::io_failed, "The server " + peer + " closed the connection before its answer was complete.", "", ""};
  }
  return transport_error(error, peer, "Reading the answer of");
}

using Parser = beast::http::response_parser<beast::http::string_body>;

Answer take_answer(Parser& parser, bool clean) {
  Answer out;
  auto message = parser.release();
  out.keep_alive = clean && message.keep_alive() && !message.need_eof();
  out.response.status = static_cast<int>(message.result_int());
  for (auto const& field : message) {
    out.response.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  out.response.body = std::move(message.body());
  return out;
}

std::expected<Answer, Failure> read_answer(Wire& wire, bool is_head, std::string const& peer, std::size_t limit) {
  WireReader reader(wire);
  beast::flat_buffer buffer;
  for (int i = 0; i < kInterimAnswers; ++i) {
    Parser parser;
    parser.header_limit(kHeaderLimit);
    parser.body_limit(limit);
    parser.skip(is_head);
    Wire::ErrorCode error;
    beast::http::read(reader, buffer, parser, error);
    if (error) return std::unexpected(Failure{answer_error(error, peer, limit), !reader.began()});
    if (parser.get().result_int() / 100 != 1) return take_answer(parser, buffer.size() == 0);
  }
  return std::unexpected(
      Failure{{Code::io_failed, "The server " + peer + " sent only interim answers.", "", ""}, false});
}

// Reads a body as it comes; `piece` is told of it when the answer is 2xx.
core::Result<ClientResponse> read_pieces(Wire& wire, ClientOptions const& options, std::string const& peer,
                                         Client::Piece const& piece) {
  WireReader reader(wire);
  beast::flat_buffer buffer;
  Parser parser;
  parser.header_limit(kHeaderLimit);
  parser.body_limit(boost::none);
  Wire::ErrorCode error;
  beast::http::read_header(reader, buffer, parser, error);
  bool const good = !error && parser.get().result_int() / 100 == 2;
  while (!error && !parser.is_done()) {
    wire.set_deadline(std::chrono::steady_clock::now() + options.timeout);
    beast::http::read_some(reader, buffer, parser, error);
    std::string& body = parser.get().body();
    if (!good && body.size() > options.response_limit) error = beast::http::error::body_limit;
    if (!good || body.empty()) continue;
    bool const more = piece(body);
    body.clear();
    if (!more) break;
  }
  if (error) return std::unexpected(answer_error(error, peer, options.response_limit));
  return take_answer(parser, false).response;
}

core::Result<void> show(ClientIdentity const& identity, asio::ssl::context& context) {
  SSL_CTX_set_default_passwd_cb(context.native_handle(), [](char*, int, int, void*) { return 0; });  // or it would ask
  Wire::ErrorCode error;
  context.use_certificate_chain_file(identity.certificate.string(), error);
  if (error)
    return core::fail(Code::tls_failed,
                      "The client certificate in " + identity.certificate.string() + " cannot be used.", {},
                      "Give a readable PEM file: the certificate first, then those that signed it.");
  context.use_private_key_file(identity.key.string(), asio::ssl::context::pem, error);
  if (error)
    return core::fail(Code::tls_failed, "The private key in " + identity.key.string() + " cannot be used.", {},
                      "Give the key of that certificate, in PEM and without a passphrase.");
  return {};
}

}  // namespace

std::optional<std::string_view> ClientResponse::header(std::string_view name) const {
  for (auto const& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

struct Client::Impl {
  ClientOptions options;
  std::string peer;                            // in messages
  std::string host;                            // in requests
  std::unique_ptr<PinnedAuthority> authority;  // outlives the context that asks it
  std::unique_ptr<PinnedKeys> pins;            // likewise
  std::optional<asio::ssl::context> context;
  std::function<std::unique_ptr<Wire>()> make_wire;
  std::shared_ptr<Wire> wire;  // connected, or null

  std::mutex mutex;
  // Guarded by mutex.
  std::weak_ptr<Wire> under_way;  // the latest
  bool stopped = false;

  core::Error ended() const { return {Code::unavailable, "What was asked of " + peer + " was ended here.", "", ""}; }
  bool is_stopped() {
    std::lock_guard lock(mutex);
    return stopped;
  }

  core::Result<void> connect(Wire::Moment deadline) {
    std::shared_ptr<Wire> fresh = make_wire();
    {
      std::lock_guard lock(mutex);
      if (stopped) return std::unexpected(ended());
      under_way = fresh;
    }
    fresh->set_deadline(deadline);
    auto opened = fresh->open();
    if (!opened) return std::unexpected(is_stopped() ? ended() : std::move(opened.error()));
    wire = std::move(fresh);
    return {};
  }

  core::Result<void> undo_coding(ClientResponse& response) const {
    auto const named = response.header("Content-Encoding");
    if (!named || response.body.empty()) return {};
    auto const coding = parse_coding(*named);
    if (!coding)
      return core::fail(Code::io_failed, "The answer of " + peer + " has a Content-Encoding that was not asked for.");
    auto plain = decode_whole(*coding, response.body, options.response_limit);
    if (!plain && plain.error().code == Code::content_too_large) {
      return std::unexpected(answer_error(beast::http::error::body_limit, peer, options.response_limit));
    }
    if (!plain)
      return core::fail(Code::io_failed, "The answer of " + peer + " cannot be read: its compression is broken.");
    response.body = std::move(*plain);
    std::erase_if(response.headers, [](auto const& field) {
      return equal_ignoring_case(field.first, "Content-Encoding") || equal_ignoring_case(field.first, "Content-Length");
    });
    return {};
  }

  // An answer may come before the request was sent entire (401, 413), so one is looked for after a failed write as
  // well.
  std::expected<Answer, Failure> attempt(ClientRequest const& request) {
    std::string const text = request_text(request, host, options.compressed);
    std::size_t sent = 0;
    Wire::ErrorCode error;
    while (sent < text.size() && !error)
      sent += wire->write_some(asio::buffer(text.data() + sent, text.size() - sent), error);
    if (error == asio::error::timed_out) {
      return std::unexpected(Failure{transport_error(error, peer, "Sending to"), false});
    }
    auto answer = read_answer(*wire, request.method == "HEAD", peer, options.response_limit);
    if (answer) {
      answer->keep_alive = answer->keep_alive && !error;
      return answer;
    }
    if (error) answer.error().error = transport_error(error, peer, "Sending to");
    answer.error().may_retry = answer.error().may_retry && (sent == 0 || is_idempotent(request.method)) &&
                               answer.error().error.code != Code::request_timeout;
    return answer;
  }
};

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

core::Result<Client> Client::https(std::string_view url, ClientOptions options) {
  auto parsed = parse_https_url(url);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  auto impl = std::make_unique<Impl>();
  impl->peer = impl->host = parsed->authority();
  auto& context = impl->context.emplace(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(asio::ssl::verify_peer);
  Wire::ErrorCode error;
  if (options.authority) {
    impl->authority = std::make_unique<PinnedAuthority>(*options.authority);
    impl->authority->decide(context.native_handle());
  } else if (!options.server_keys.empty()) {
    impl->pins = std::make_unique<PinnedKeys>(options.server_keys);
    impl->pins->decide(context.native_handle());
  } else if (options.ca_file) {
    context.load_verify_file(options.ca_file->string(), error);
  } else {
    context.set_default_verify_paths(error);
  }
  if (error) {
    auto name = options.ca_file ? options.ca_file->string() : std::string("the system's list of authorities");
    return core::fail(Code::tls_failed, "The certificates in " + name + " cannot be used.", {},
                      "Give a readable PEM file with at least one certificate.");
  }
  if (options.identity)
    if (auto shown = show(*options.identity, context); !shown) return std::unexpected(std::move(shown.error()));
  impl->make_wire = [url = std::move(*parsed), &context, may_lie_at = options.may_lie_at] {
    return make_tls_wire(url, context, may_lie_at);
  };
  impl->options = std::move(options);
  return Client(std::move(impl));
}

void Client::set_limits(std::chrono::milliseconds timeout, std::size_t response_limit) {
  impl_->options.timeout = timeout;
  impl_->options.response_limit = response_limit;
}

void Client::stop() {
  std::shared_ptr<Wire> wire;
  {
    std::lock_guard lock(impl_->mutex);
    impl_->stopped = true;
    wire = impl_->under_way.lock();
  }
  if (wire) wire->stop();
}

std::string Client::authority() const { return impl_->authority ? impl_->authority->certificate() : std::string(); }

Client Client::unix_socket(std::filesystem::path path, ClientOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  impl->peer = path.string();
  impl->host = "localhost";
  impl->make_wire = [path = std::move(path)] { return make_unix_wire(path); };
  return Client(std::move(impl));
}

core::Result<ClientResponse> Client::exchange(ClientRequest const& request) {
  if (auto good = check(request); !good) return std::unexpected(std::move(good.error()));
  auto const deadline = std::chrono::steady_clock::now() + impl_->options.timeout;
  if (impl_->wire && impl_->wire->is_spent()) impl_->wire.reset();
  bool const reused = impl_->wire != nullptr;
  if (!reused) {
    if (auto opened = impl_->connect(deadline); !opened) return std::unexpected(std::move(opened.error()));
  }
  impl_->wire->set_deadline(deadline);
  auto answer = impl_->attempt(request);
  if (!answer && reused && answer.error().may_retry) {
    impl_->wire.reset();
    if (auto opened = impl_->connect(deadline); !opened) return std::unexpected(std::move(opened.error()));
    answer = impl_->attempt(request);
  }
  if (!answer || !answer->keep_alive) impl_->wire.reset();
  if (!answer) return std::unexpected(impl_->is_stopped() ? impl_->ended() : std::move(answer.error().error));
  if (impl_->options.compressed) {
    if (auto plain = impl_->undo_coding(answer->response); !plain) return std::unexpected(std::move(plain.error()));
  }
  return std::move(answer->response);
}

core::Result<ClientResponse> Client::follow(ClientRequest const& request, Piece const& piece) {
  if (auto good = check(request); !good) return std::unexpected(std::move(good.error()));
  impl_->wire.reset();
  auto const deadline = std::chrono::steady_clock::now() + impl_->options.timeout;
  if (auto opened = impl_->connect(deadline); !opened) return std::unexpected(std::move(opened.error()));
  auto const wire = std::move(impl_->wire);
  std::string const text = request_text(request, impl_->host, false);
  std::size_t sent = 0;
  Wire::ErrorCode error;
  while (sent < text.size() && !error)
    sent += wire->write_some(asio::buffer(text.data() + sent, text.size() - sent), error);
  if (error) return std::unexpected(transport_error(error, impl_->peer, "Sending to"));
  return read_pieces(*wire, impl_->options, impl_->peer, piece);
}

}  // namespace tocsin::http
