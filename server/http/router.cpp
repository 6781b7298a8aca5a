#include "server/http/router.hpp"

#include <algorithm>
#include <stdexcept>

#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }
bool is_rest(std::string_view segment) { return is_parameter(segment) && segment.starts_with("{+"); }

// "/a/b/" and "/a/b" are one path.
std::string_view inside(std::string_view path) {
  path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

}  // namespace

struct Router::Search {
  Method wanted;
  std::vector<std::string_view> parameters;
  Match match;
};

std::uint32_t Router::child(std::uint32_t node, std::string_view segment) {
  auto fresh = static_cast<std::uint32_t>(nodes_.size());
  if (is_parameter(segment)) {
    auto& place = is_rest(segment) ? nodes_[node].rest : nodes_[node].parameter;
    if (place != kNone) return place;
    place = fresh;
  } else {
    auto& literals = nodes_[node].literals;
    auto at = std::ranges::lower_bound(literals, segment, {},
                                       [](auto const& entry) -> std::string_view { return entry.first; });
    if (at != literals.end() && at->first == segment) return at->second;
    literals.emplace(at, std::string(segment), fresh);
  }
  nodes_.emplace_back();
  return fresh;
}

void Router::add(Route route) {
  std::string_view pattern = route.pattern;
  if (!pattern.starts_with('/') || pattern.contains("//"))
    throw std::logic_error("the pattern " + route.pattern + " is not a path");
  std::uint32_t node = 0;
  for (std::string_view rest = inside(pattern); !rest.empty();) {
    auto const segment = take_until(rest, '/');
    if (is_rest(segment) && !rest.empty())
      throw std::logic_error("in the pattern " + route.pattern + " something follows the rest of the path");
    node = child(node, segment);
  }
  std::uint32_t& slot = nodes_[node].routes[static_cast<std::size_t>(route.method)];
  if (slot != kNone) throw std::logic_error("two routes for " + std::string(name(route.method)) + " " + route.pattern);
  slot = static_cast<std::uint32_t>(routes_.size());
  routes_.push_back(std::move(route));
}

bool Router::arrive(Node const& node, Search& search) const {
  if (std::uint32_t found = node.routes[static_cast<std::size_t>(search.wanted)]; found != kNone) {
    search.match.route = &routes_[found];
    return true;
  }
  for (std::uint32_t index : node.routes)
    if (index != kNone && std::ranges::find(search.match.allowed, routes_[index].method) == search.match.allowed.end())
      search.match.allowed.push_back(routes_[index].method);
  return false;
}

bool Router::descend(std::uint32_t index, std::string_view rest, Search& search) const {
  Node const& node = nodes_[index];
  if (rest.empty()) return arrive(node, search);
  std::string_view const all = rest;
  std::string_view segment = take_until(rest, '/');
  auto at = std::ranges::lower_bound(node.literals, segment, {},
                                     [](auto const& entry) -> std::string_view { return entry.first; });
  if (at != node.literals.end() && at->first == segment && descend(at->second, rest, search)) return true;
  auto const follow = [&](std::uint32_t next, std::string_view value, std::string_view left) {
    if (next == kNone) return false;
    search.parameters.push_back(value);
    if (descend(next, left, search)) return true;
    search.parameters.pop_back();
    return false;
  };
  return follow(node.parameter, segment, rest) || follow(node.rest, all, {});
}

Match Router::match(Method method, std::string_view path) const {
  Search search{method == Method::head ? Method::get : method, {}, {}};
  if (path.starts_with('/') && descend(0, inside(path), search)) {
    search.match.allowed.clear();
    search.match.parameters.assign(search.parameters.begin(), search.parameters.end());
  }
  return std::move(search.match);
}

}  // namespace tocsin::http
