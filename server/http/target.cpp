#include "server/http/target.hpp"

#include <algorithm>

#include "schema/core/bytes.hpp"
#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

std::unexpected<core::Error> refuse(std::string sentence) {
  return core::fail(core::Code::bad_request, std::move(sentence));
}

bool has_encoded_slash(std::string_view raw) {
  for (auto at = raw.find('%'); at != std::string_view::npos; at = raw.find('%', at + 1))
    if (std::string_view code = raw.substr(at + 1, 2);
        equal_ignoring_case(code, "2f") || equal_ignoring_case(code, "5c"))
      return true;
  return false;
}

core::Result<std::string> decode_path(std::string_view raw) {
  if (has_encoded_slash(raw)) return refuse("The path holds an encoded slash or backslash.");
  auto path = percent_decode(raw);
  if (!path) return refuse("The path holds a broken percent escape or a NUL.");
  bool clean = std::ranges::all_of(*path, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
  if (!clean || !core::is_utf8(*path)) return refuse("The path holds a control character or is not UTF-8.");
  if (path->contains("//") || path->contains('\\')) return refuse("The path holds an empty segment or a backslash.");
  for (std::string_view rest = std::string_view(*path).substr(1); !rest.empty();) {
    std::string_view segment = take_until(rest, '/');
    if (segment == "." || segment == "..") return refuse("The path holds a dot segment.");
  }
  return *std::move(path);
}

}  // namespace

core::Result<Target> parse_target(std::string_view text) {
  if (!text.starts_with('/')) return refuse("The request target must be a path.");
  if (!std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; }))
    return refuse("The request target holds a byte that must be percent-encoded.");
  std::string_view query = text;
  auto path = decode_path(take_until(query, '?'));
  if (!path) return std::unexpected(std::move(path.error()));
  return Target{*std::move(path), query};
}

}  // namespace tocsin::http
