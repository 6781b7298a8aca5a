#include "tests/unit/match_pattern/seen.hpp"

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "schema/stix/pattern/parse.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::match::pattern::test {

namespace {

// Takes `mark` and the number after it off the beginning; nullopt when another character stands there.
std::optional<double> number_after(char mark, std::string_view& text) {
  if (!text.starts_with(mark)) return std::nullopt;
  double out = 0;
  auto const read = std::from_chars(text.data() + 1, text.data() + text.size(), out);
  REQUIRE(read.ec == std::errc());
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return out;
}

}  // namespace

std::int64_t second(double number) {
  return instant(*stix::Timestamp::parse("2026-01-01T00:00:00Z")) + std::llround(number * 1e9);
}

void Seen::add(std::string_view types, std::int64_t first, std::int64_t last, std::uint64_t times) {
  std::vector<Object> objects;
  for (char const type : types) {
    documents.push_back({{"type", std::string(1, type)}, {"v", 1}});
    objects.push_back(named_object({}, documents.back()));
  }
  observations.emplace_back(first, last, times, std::move(objects));
}

Seen seen(std::string_view text) {
  Seen out;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    auto const at = word.find('@');
    REQUIRE(at != word.npos);
    std::string_view rest = std::string_view(word).substr(at);
    double const first = number_after('@', rest).value();
    double const last = number_after('-', rest).value_or(first);
    double const times = number_after('x', rest).value_or(1);
    REQUIRE(rest.empty());
    out.add(word.substr(0, at), second(first), second(last), static_cast<std::uint64_t>(times));
  }
  return out;
}

std::string spelled_out(std::string_view text) {
  if (text.starts_with("JOIN ")) {
    std::string out = "[a:v = 1]";
    for (int left = std::atoi(text.data() + 5); left > 1; --left) out += " AND [b:v = " + std::to_string(left) + "]";
    return out;
  }
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    bool const short_test =
        text[at] == '[' && at + 2 < text.size() && text[at + 2] == ']' && std::islower(text[at + 1]) != 0;
    if (short_test) {
      out += std::string("[") + text[at + 1] + ":v = 1]";
      at += 2;
    } else if (text[at] == '{') {
      auto const close = text.find('}', at);
      auto const number = std::atof(std::string(text.substr(at + 1, close - at - 1)).c_str());
      out += "t'" + stix::Timestamp::from_nanoseconds(second(number)).text() + "'";
      at = close;
    } else {
      out += text[at];
    }
  }
  return out;
}

std::expected<Pattern, Unsupported> compiled(std::string const& text) {
  auto const parsed = stix::pattern::parse(text);
  INFO(text);
  INFO((parsed ? "" : parsed.error().detail));
  REQUIRE(parsed.has_value());
  return Pattern::compile(*parsed);
}

}  // namespace tocsin::match::pattern::test
