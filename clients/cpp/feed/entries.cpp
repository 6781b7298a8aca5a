#include "clients/cpp/feed/entries.hpp"

#include <nlohmann/json.hpp>

#include "clients/cpp/json_access.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

enum class Line { value, other, foreign };

Line line_of_text(std::string_view line) {
  return line.find_first_not_of("0123456789abcdef:./AS") == std::string_view::npos ? Line::value : Line::foreign;
}

Line line_of_csv(std::string_view line) {
  if (line.starts_with("value,")) return Line::other;
  return line.ends_with('\r') && line.contains(',') ? Line::value : Line::foreign;
}

Line line_of_ndjson(std::string_view line) {
  return line.starts_with('{') && line.ends_with('}') ? Line::value : Line::foreign;
}

Line line_of_nftables(std::string_view line) {
  if (line.starts_with("  ") && line.ends_with(',')) return Line::value;
  for (auto const* word :
       {"add table inet tocsin", "add set inet tocsin ", "flush set inet tocsin ", "add element inet tocsin ", "}"})
    if (line.starts_with(word)) return Line::other;
  return Line::foreign;
}

Line line_of_nginx(std::string_view line) {
  return line.starts_with("deny ") && line.ends_with(';') ? Line::value : Line::foreign;
}

Line line_of_nginx_geo(std::string_view line) {
  return !line.starts_with("deny ") && line.contains(' ') && line.ends_with(';') ? Line::value : Line::foreign;
}

std::optional<std::size_t> count_lines(std::string_view bytes, Line (*judge)(std::string_view)) {
  std::size_t out = 0;
  while (!bytes.empty()) {
    auto const end = bytes.find('\n');
    if (end == std::string_view::npos) return std::nullopt;  // cut off
    auto const line = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    auto const kind = judge(line);
    if (kind == Line::foreign) return std::nullopt;
    if (kind == Line::value) ++out;
  }
  return out;
}

std::optional<std::size_t> count_addresses(std::string_view bytes, bool of_aws) {
  auto const document = stix::parse_json(bytes);
  if (!document) return std::nullopt;
  if (!of_aws) return document->is_array() ? std::optional(document->size()) : std::nullopt;
  if (!document->is_object() || !document->contains("Addresses")) return std::nullopt;
  return list_or_empty(*document, "Addresses").size();
}

}  // namespace

std::optional<std::size_t> entries_of(std::string_view format, std::string_view bytes) {
  if (format == "csv") return count_lines(bytes, line_of_csv);
  if (format == "ndjson") return count_lines(bytes, line_of_ndjson);
  if (format == "nftables") return count_lines(bytes, line_of_nftables);
  if (format == "nginx") return count_lines(bytes, line_of_nginx);
  if (format == "nginx-geo") return count_lines(bytes, line_of_nginx_geo);
  if (format == "aws-waf" || format == "cloudflare") return count_addresses(bytes, format == "aws-waf");
  return count_lines(bytes, line_of_text);
}

}  // namespace tocsin::client
