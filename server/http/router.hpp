// The URL table: rows of method, path, who may call, and limits. Filled once at start, then read by every thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/base/live.hpp"
#include "server/http/message.hpp"

namespace tocsin::http {

using Handler = std::function<Awaitable<Response>(Request&)>;

// Which surface a route belongs to: decides the shape of errors and which credentials are accepted.
enum class Surface : std::uint8_t { taxii, native, operations };

// A number of bytes, or whatever a number that may change says now; that number outlives the table.
class BodyLimit {
 public:
  BodyLimit(std::uint64_t bytes) : bytes_(bytes) {}
  BodyLimit(base::Live<std::uint64_t> const& changing) : changing_(&changing) {}
  BodyLimit(base::Live<std::uint64_t>&&) = delete;
  operator std::uint64_t() const { return changing_ != nullptr ? changing_->get() : bytes_; }

 private:
  std::uint64_t bytes_ = 0;
  base::Live<std::uint64_t> const* changing_ = nullptr;
};

// Of a body that the handler pulls piece by piece, so that no memory follows its length. `limit` 0: as any other body.
struct Streamed {
  std::uint64_t limit = 0;                // bytes after decoding
  std::chrono::milliseconds deadline{0};  // by which it has arrived, whatever the handler does in between
};

struct Route {
  Method method;
  std::string pattern;  // "/taxii2/root/collections/{id}/objects/"; served with and without the trailing slash.
                        // A last segment {+name} takes the rest of the path, one segment or more
  Surface surface;
  std::string permission;  // name of the row in access's permission table; a route without a row does not start
  BodyLimit body_limit;    // bytes after decoding; 0: a body is refused
  std::chrono::milliseconds deadline;
  std::uint32_t cost;  // tokens of the rate limiter
  Handler handler;
  Streamed streamed{};
};

struct Match {
  Route const* route = nullptr;  // null when nothing matches
  std::vector<std::string> parameters;
  std::vector<Method> allowed;  // methods of the path, when only the method did not match
};

class Router {
 public:
  // Throws std::logic_error when two rows collide (names of parameters do not tell rows apart) or a pattern is
  // malformed. HEAD is answered by the GET row; OPTIONS by the session, from `allowed`.
  void add(Route route);
  // `path` is decoded and has no empty segments. A literal segment goes before a parameter, and that before
  // {+rest}. Pointers into the table are
  // valid until the next add().
  [[nodiscard]] Match match(Method method, std::string_view path) const;
  [[nodiscard]] std::span<Route const> routes() const { return routes_; }

 private:
  static constexpr std::size_t kMethods = 7;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  // One segment of the table as a tree; nodes and routes are indices, so that a Router may be moved and copied.
  struct Node {
    std::vector<std::pair<std::string, std::uint32_t>> literals;  // sorted
    std::uint32_t parameter = kNone, rest = kNone;
    std::array<std::uint32_t, kMethods> routes{kNone, kNone, kNone, kNone, kNone, kNone, kNone};
  };
  struct Search;

  std::uint32_t child(std::uint32_t node, std::string_view segment);
  [[nodiscard]] bool descend(std::uint32_t node, std::string_view rest, Search& search) const;
  [[nodiscard]] bool arrive(Node const& node, Search& search) const;

  std::vector<Route> routes_;
  std::vector<Node> nodes_{Node{}};
};

}  // namespace tocsin::http
