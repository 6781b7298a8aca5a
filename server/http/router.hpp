// The URL table: rows of method, path, who may call, and limits. Filled once at start, then read by every thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.hpp"

namespace tocsin::http {

using Handler = std::function<Awaitable<Response>(Request&)>;

// Which surface a route belongs to: decides the shape of errors and which credentials are accepted.
enum class Surface : std::uint8_t { taxii, native, operations };

struct Route {
  Method method;
  std::string pattern;          // "/taxii2/root/collections/{id}/objects/"; served with and without the trailing slash
  Surface surface;
  std::string permission;       // name of the row in access's permission table; a route without a row does not start
  std::uint64_t body_limit;     // bytes after decoding; 0: a body is refused
  std::chrono::milliseconds deadline;
  std::uint32_t cost;           // tokens of the rate limiter
  Handler handler;
};

struct Match {
  Route const* route = nullptr;         // null when nothing matches
  std::vector<std::string> parameters;
  std::vector<Method> allowed;          // methods of the path, when only the method did not match
};

class Router {
 public:
  // Throws std::logic_error when two rows collide. HEAD is answered by the GET row; OPTIONS by the router itself.
  void add(Route route);
  [[nodiscard]] Match match(Method method, std::string_view path) const;
  [[nodiscard]] std::span<Route const> routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace tocsin::http
