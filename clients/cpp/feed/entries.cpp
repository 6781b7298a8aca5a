#include "clients/cpp/feed/entries.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "clients/cpp/json_access.hpp"
#include "schema/kinds/network.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

enum class Line { value, other, foreign };

constexpr std::string_view kDigits = "0123456789", kLetters = "abcdefghijklmnopqrstuvwxyz";

// What is left of a text between two others; nullopt: it is not between them.
std::optional<std::string_view> between(std::string_view text, std::string_view begin, std::string_view end) {
  if (text.size() < begin.size() + end.size() || !text.starts_with(begin) || !text.ends_with(end)) return std::nullopt;
  return text.substr(begin.size(), text.size() - begin.size() - end.size());
}

bool is_network(std::optional<std::string_view> text) {
  if (!text || text->find_first_not_of("0123456789abcdef:./") != text->npos) return false;
  auto const parsed = kinds::parse_networks(*text);
  return parsed && parsed->all.size() == 1;
}

// A name of letters, digits and the mark.
bool is_word(std::optional<std::string_view> text, char mark) {
  return text && !text->empty() && std::ranges::all_of(*text, [mark](char c) {
           return kLetters.contains(c) || kDigits.contains(c) || c == mark;
         });
}

Line line_of_text(std::string_view line) {
  auto const number = between(line, "AS", "");
  bool const is_number = number && !number->empty() && number->find_first_not_of(kDigits) == number->npos;
  return is_number || is_network(line) ? Line::value : Line::foreign;
}

// No cell is what a spreadsheet would compute.
Line line_of_csv(std::string_view line) {
  auto const row = between(line, "", "\r");
  if (!row || !row->contains(',') || !std::ranges::all_of(*row, [](char c) {
        return kLetters.contains(static_cast<char>(c | 0x20)) || kDigits.contains(c) ||
               std::string_view(",.:/+-_").contains(c);
      }))
    return Line::foreign;
  return row->starts_with("value,") ? Line::other : Line::value;
}

Line line_of_ndjson(std::string_view line) {
  return line.starts_with('{') && line.ends_with('}') ? Line::value : Line::foreign;
}

// Root hands the file to nft: no line says anything but what a list has to.
Line line_of_nftables(std::string_view line) {
  if (is_network(between(line, "  ", ","))) return Line::value;
  bool const sets = is_word(between(line, "add set inet tocsin ", " { type ipv4_addr; flags interval; }"), '_') ||
                    is_word(between(line, "add set inet tocsin ", " { type ipv6_addr; flags interval; }"), '_') ||
                    is_word(between(line, "flush set inet tocsin ", ""), '_') ||
                    is_word(between(line, "add element inet tocsin ", " {"), '_');
  return sets || line == "add table inet tocsin" || line == "}" ? Line::other : Line::foreign;
}

Line line_of_nginx(std::string_view line) {
  return is_network(between(line, "deny ", ";")) ? Line::value : Line::foreign;
}

Line line_of_nginx_geo(std::string_view line) {
  auto const blank = line.find(' ');
  if (blank == line.npos) return Line::foreign;
  bool const says = is_network(line.substr(0, blank)) && is_word(between(line.substr(blank), " ", ";"), '-');
  return says ? Line::value : Line::foreign;
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

// The elements of a list in a document, which may be absent where there are none.
std::optional<std::size_t> count_members(nlohmann::json const& holder, char const* list) {
  if (!holder.is_object() || (holder.contains(list) && !holder.at(list).is_array())) return std::nullopt;
  return list_or_empty(holder, list).size();
}

std::optional<std::size_t> count_objects(std::string_view bytes) {
  auto const document = stix::parse_json(bytes);
  if (!document || !document->is_object() || text_or(*document, "type") != "bundle") return std::nullopt;
  return count_members(*document, "objects");
}

std::optional<std::size_t> count_attributes(std::string_view bytes) {
  auto const document = stix::parse_json(bytes);
  if (!document || !document->is_object() || !document->contains("Event")) return std::nullopt;
  return count_members(document->at("Event"), "Attribute");
}

}  // namespace

std::optional<std::size_t> entries_of(std::string_view format, std::string_view bytes) {
  if (format == "csv") return count_lines(bytes, line_of_csv);
  if (format == "ndjson") return count_lines(bytes, line_of_ndjson);
  if (format == "nftables") return count_lines(bytes, line_of_nftables);
  if (format == "nginx") return count_lines(bytes, line_of_nginx);
  if (format == "nginx-geo") return count_lines(bytes, line_of_nginx_geo);
  if (format == "aws-waf" || format == "cloudflare") return count_addresses(bytes, format == "aws-waf");
  if (format == "stix") return count_objects(bytes);
  if (format == "misp") return count_attributes(bytes);
  return count_lines(bytes, line_of_text);
}

}  // namespace tocsin::client
