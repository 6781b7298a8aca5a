#include "server/match/plain_items.hpp"

#include <algorithm>

namespace tocsin::match {
namespace {

// Takes what it knows from the beginning of the text, and nothing else. White space before it is left out.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool take(char expected) {
    skip_space();
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // What stands between quotes; nothing when a byte of it is not itself.
  std::optional<std::string_view> string() {
    if (!take('"')) return std::nullopt;
    auto const end = std::ranges::find_if(rest_, [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; });
    if (end == rest_.end() || *end != '"') return std::nullopt;
    auto const out = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(out.size() + 1);
    return out;
  }

  bool at_end() {
    skip_space();
    return rest_.empty();
  }

 private:
  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n\r"), rest_.size())); }

  std::string_view rest_;
};

// An item with `ip` and `ref`, either of them once at most.
bool take_item(Reader& reader, Asked& asked) {
  if (!reader.take('{')) return false;
  bool has_ip = false, has_ref = false;
  do {
    auto const member = reader.string();
    if (!member || !reader.take(':')) return false;
    auto& has = *member == "ip" ? has_ip : has_ref;
    if (has || (*member != "ip" && *member != "ref")) return false;
    has = true;
    auto const value = reader.string();
    if (!value || !take_field(asked, *member, *value)) return false;
  } while (reader.take(','));
  return reader.take('}');
}

}  // namespace

std::optional<Question> parse_plain_items(std::string_view body) {
  Reader reader(body);
  if (!reader.take('{') || reader.string() != "items" || !reader.take(':') || !reader.take('[')) return std::nullopt;
  Question out;
  // Each item has its brace: room for all of them at once.
  out.items.reserve(std::min<std::size_t>(static_cast<std::size_t>(std::ranges::count(body, '{')), kMostItems));
  do {
    if (out.items.size() == kMostItems || !take_item(reader, out.items.emplace_back())) return std::nullopt;
  } while (reader.take(','));
  if (!reader.take(']') || !reader.take('}') || !reader.at_end()) return std::nullopt;
  return out;
}

}  // namespace tocsin::match
