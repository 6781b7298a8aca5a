// A request and a response as everyone outside this room sees them: plain values, nothing of sockets or TLS.
// A Request is owned by its session and used by one coroutine; a Response is moved from the handler to the session.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "schema/core/result.hpp"
#include "server/base/client_certificate.hpp"
#include "server/base/principal.hpp"

namespace tocsin::http {

template <class T>
using Awaitable = boost::asio::awaitable<T>;

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options };
[[nodiscard]] std::string_view name(Method method);

// Header fields in the order of arrival; names compare without case. All texts lie in one buffer, so a request of ten
// fields costs two allocations, not twenty.
class Headers {
 public:
  void reserve(std::size_t bytes, std::size_t fields);
  void add(std::string_view name, std::string_view value);
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;  // the first of that name
  [[nodiscard]] std::size_t count(std::string_view name) const;
  // A range of pairs (name, value); the texts are valid until the next add().
  [[nodiscard]] auto fields() const {
    return std::views::transform(slots_, [this](Slot const& slot) { return std::pair(name_of(slot), value_of(slot)); });
  }

 private:
  struct Slot {
    std::uint32_t begin, name_size, value_size;  // the value follows its name in text_
  };
  [[nodiscard]] std::string_view name_of(Slot const& slot) const {
    return std::string_view(text_).substr(slot.begin, slot.name_size);
  }
  [[nodiscard]] std::string_view value_of(Slot const& slot) const {
    return std::string_view(text_).substr(slot.begin + slot.name_size, slot.value_size);
  }

  std::string text_;
  std::vector<Slot> slots_;
};

// The query string split by our own rules: `a=b&c=d`, percent-decoded, '+' kept, brackets raw or encoded.
class Query {
 public:
  // Error bad_parameter: a broken percent escape, a NUL, more than 64 parameters, or bytes that are not UTF-8.
  [[nodiscard]] static core::Result<Query> parse(std::string_view text);
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;  // the first of that name
  [[nodiscard]] std::size_t count(std::string_view name) const;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> const& parameters() const { return parameters_; }

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

// The body of a request, pulled piece by piece by the handler. `100 Continue` is sent at the first pull.
// Content-Encoding gzip and zstd are already undone, within the route's limit.
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  // The next bytes, empty at the end: at most as many in all as the route takes of a streamed body. Valid until the
  // next call. Only waiting for the client counts, but for a streamed body's deadline, which holds the handler's work,
  // too. Errors: content_too_large, request_timeout, bad_request.
  [[nodiscard]] virtual Awaitable<core::Result<std::string_view>> next() = 0;
  // Everything, at most the route's body limit.
  [[nodiscard]] virtual Awaitable<core::Result<std::string>> read_all() = 0;
};

struct Route;

struct Request {
  Method method = Method::get;
  std::string path;  // percent-decoded once; never holds NUL; "." and ".." segments are refused
  Query query;
  Headers headers;
  std::string peer_address;  // textual IP address, or "" on the admin socket
  bool on_admin_socket = false;
  bool on_loopback_listener = false;
  bool on_mtls_listener = false;                               // then `certificate` says who may speak
  std::shared_ptr<base::ClientCertificate const> certificate;  // null: of nobody, or not trusted any more
  std::string request_id;                                      // 16 hexadecimal digits, made here
  Route const* route = nullptr;
  std::vector<std::string> parameters;               // what the route's {…} segments matched, in order
  std::shared_ptr<base::Principal const> principal;  // set by the authenticate gate
  std::string_view refused_for;                      // a code for the log, set by the gate that refused; else empty
  std::shared_ptr<base::Principal const> refused;    // whose it was, when that is known; allows nothing
  std::shared_ptr<void const> ticket;                // a gate's: released when the answer was sent
  std::shared_ptr<void const> visibility;            // set beside it; only access knows its type
  std::chrono::steady_clock::time_point deadline;
  BodyReader* body = nullptr;  // never null inside a handler; empty when the request has none
};

// A body of unknown length, sent as chunks. Owned by the response.
class BodySource {
 public:
  virtual ~BodySource() = default;
  // The next piece, empty string at the end. An error ends the connection without a final chunk.
  [[nodiscard]] virtual Awaitable<core::Result<std::string>> next() = 0;

  // Whether it may go on for as long as the connection: then every piece has its own time to be taken, and stop() is
  // called, on the session's thread and more than once, when the peer has gone, is not trusted any more, or the server
  // drains. next() says the end soon after.
  [[nodiscard]] virtual bool is_endless() const { return false; }
  virtual void stop() {}
};

using SharedBytes = std::shared_ptr<std::string const>;

struct Response {
  int status = 200;
  std::string content_type;  // empty: no Content-Type
  std::vector<std::pair<std::string, std::string>> headers;
  std::variant<std::string, SharedBytes, std::unique_ptr<BodySource>> body;
  bool close = false;  // end the connection after this answer
};

}  // namespace tocsin::http
