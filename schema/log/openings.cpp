#include "schema/log/openings.hpp"

#include <charconv>
#include <optional>

#include "schema/log/decimal.hpp"
#include "schema/log/keys.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kTitle = "tocsin.openings/v1\n";
constexpr std::size_t kSaltBytes = 32;

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::openings_malformed, std::move(detail));
}

template <std::size_t Bytes>
void append_number(std::string& out, std::uint64_t value) {
  for (std::size_t i = Bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

void append_entry(std::string& out, OpenedEntry const& entry) {
  append_number<8>(out, entry.index);
  append_number<2>(out, entry.header.size());
  out.append(entry.header).append(core::view(entry.header_salt)).append(core::view(entry.body_salt));
  append_number<1>(out, entry.collections.size());
  for (auto const& alias : entry.collections) {
    append_number<1>(out, alias.size());
    out += alias;
  }
  append_number<4>(out, entry.body.size());
  out += entry.body;
}

// What is left of an answer.
class Rest {
 public:
  explicit Rest(std::string_view bytes) : left_(bytes) {}

  [[nodiscard]] bool empty() const { return left_.empty(); }

  std::optional<std::string_view> line() {
    auto const end = left_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    auto const out = left_.substr(0, end);
    left_.remove_prefix(end + 1);
    return out;
  }
  std::optional<std::string_view> take(std::size_t size) {
    if (left_.size() < size) return std::nullopt;
    auto const out = left_.substr(0, size);
    left_.remove_prefix(size);
    return out;
  }
  std::optional<std::uint64_t> number(std::size_t size) {
    auto const bytes = take(size);
    if (!bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (char const c : *bytes) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
  }
  // A text behind its length; never empty.
  std::optional<std::string> text(std::size_t length_bytes) {
    auto const size = number(length_bytes);
    auto const bytes = size && *size > 0 ? take(*size) : std::nullopt;
    if (!bytes) return std::nullopt;
    return std::string(*bytes);
  }

 private:
  std::string_view left_;
};

std::optional<core::Salt> take_salt(Rest& rest) {
  auto const bytes = rest.take(kSaltBytes);
  return bytes ? core::to_array<kSaltBytes>(*bytes) : std::nullopt;
}

std::optional<OpenedEntry> take_entry(Rest& rest) {
  auto const index = rest.number(8);
  auto header = rest.text(2);
  auto const header_salt = take_salt(rest), body_salt = take_salt(rest);
  auto const collections = rest.number(1);
  if (!index || !header || !header_salt || !body_salt || !collections) return std::nullopt;
  OpenedEntry entry{*index, *std::move(header), *header_salt, *body_salt, {}, {}};
  for (std::uint64_t i = 0; i < *collections; ++i) {
    auto alias = rest.text(1);
    if (!alias) return std::nullopt;
    entry.collections.push_back(*std::move(alias));
  }
  auto const size = rest.number(4);
  auto const body = size ? rest.take(*size) : std::nullopt;
  // What is closed is published nowhere.
  if (!body || (body->empty() && !entry.collections.empty())) return std::nullopt;
  entry.body = *body;
  return entry;
}

std::optional<core::Uuid> parse_terms(std::string_view line) {
  auto const bytes = core::from_hex(line);
  auto const terms = bytes ? core::to_array<16>(*bytes) : std::nullopt;
  return terms && core::to_hex(core::view(*terms)) == line ? terms : std::nullopt;
}

struct Range {
  std::uint64_t from = 0, to = 0, count = 0;
};

std::optional<Range> parse_range(std::string_view line) {
  auto const first = line.find(' '), second = line.rfind(' ');
  if (first == std::string_view::npos || second == first) return std::nullopt;
  auto const from = parse_decimal(line.substr(0, first));
  auto const to = parse_decimal(line.substr(first + 1, second - first - 1));
  auto const count = parse_decimal(line.substr(second + 1));
  if (!from || !to || !count || *to < *from) return std::nullopt;
  return Range{*from, *to, *count};
}

}  // namespace

core::Digest OpenedEntry::leaf() const {
  return log::leaf(entry(commit_header(header_salt, header), is_closed() ? body_salt : commit_body(body_salt, body)));
}

std::string format_openings(Openings const& openings) {
  std::string out(kTitle);
  out.append(openings.origin).append("\n").append(core::to_hex(core::view(openings.terms))).append("\n");
  out.append(std::to_string(openings.from)).append(" ").append(std::to_string(openings.to)).append(" ");
  out.append(std::to_string(openings.entries.size())).append("\n\n");
  for (auto const& entry : openings.entries) append_entry(out, entry);
  return out;
}

core::Result<Openings> parse_openings(std::string_view bytes) {
  if (!bytes.starts_with(kTitle)) return malformed("The openings are of a kind that is not known here.");
  Rest rest(bytes.substr(kTitle.size()));
  auto const origin = rest.line(), terms_line = rest.line(), range_line = rest.line(), blank = rest.line();
  if (!blank || !blank->empty()) return malformed("The openings have no head of five lines.");
  auto const terms = parse_terms(*terms_line);
  auto const range = parse_range(*range_line);
  if (!is_key_name(*origin) || !terms || !range) return malformed("The head of the openings is malformed.");
  if (range->to - range->from > kMostConsidered || range->count > kMostOpened)
    return malformed("There are more openings than one answer may have.");
  Openings out{std::string(*origin), *terms, range->from, range->to, {}};
  for (std::uint64_t i = 0; i < range->count; ++i) {
    auto entry = take_entry(rest);
    if (!entry) return malformed("Opening " + std::to_string(i + 1) + " is cut off or has an empty part.");
    bool const ascends = out.entries.empty() || out.entries.back().index < entry->index;
    if (!ascends || entry->index < out.from || entry->index >= out.to)
      return malformed("Opening " + std::to_string(i + 1) + " is not of an entry that follows.");
    out.entries.push_back(*std::move(entry));
  }
  if (!rest.empty()) return malformed("Something follows the last opening.");
  return out;
}

}  // namespace tocsin::log
