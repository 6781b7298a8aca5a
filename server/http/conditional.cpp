#include "server/http/conditional.hpp"

#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

// The opaque part, with its quotes.
std::string_view opaque(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return tag;
}

// Cuts an entity-tag off the front of `rest`, and the comma behind it; "" when there is none. A comma may be part of a
// tag, so the quotes decide where it ends.
std::string_view take_tag(std::string_view& rest) {
  rest = trim(rest);
  while (rest.starts_with(',')) rest = trim(rest.substr(1));  // section 5.6.1.2: empty elements are skipped
  std::size_t quote = rest.starts_with("W/") ? 2 : 0;
  std::size_t end = rest.size() > quote && rest[quote] == '"' ? rest.find('"', quote + 1) : rest.npos;
  if (end == rest.npos) return {};
  std::string_view tag = rest.substr(0, end + 1);
  rest = trim(rest.substr(end + 1));
  if (!rest.empty() && !rest.starts_with(',')) return {};
  return tag;
}

}  // namespace

bool names_etag(Headers const& headers, std::string_view etag) {
  for (auto const& [name, value] : headers.fields()) {
    if (!equal_ignoring_case(name, "If-None-Match")) continue;
    if (trim(value) == "*") return true;
    std::string_view rest = value;
    for (auto tag = take_tag(rest); !tag.empty(); tag = take_tag(rest))
      if (opaque(tag) == opaque(etag)) return true;
  }
  return false;
}

}  // namespace tocsin::http
