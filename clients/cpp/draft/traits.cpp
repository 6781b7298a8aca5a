#include "clients/cpp/draft/traits.hpp"

#include <algorithm>
#include <vector>

#include "schema/kinds/letters.hpp"
#include "schema/kinds/reserved_blocks.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::client {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

std::string shape_of(std::string_view local) {
  constexpr std::size_t kLongest = 64;
  if (local.size() > kLongest) return {};
  std::string out;
  for (char const c : local) {
    bool const stays = c == '.' || c == '_' || c == '+' || c == '-';
    if (!is_small(c) && !is_capital(c) && !is_digit(c) && !stays) return {};
    out += is_small(c) ? 'a' : is_capital(c) ? 'A' : is_digit(c) ? '9' : c;
  }
  return out;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_small(c) || is_digit(c) || c == '-'; });
}

bool is_domain(std::string_view text) {
  if (text.size() > 253) return false;
  std::size_t labels = 0;
  bool all_digits = false;
  for (;; ++labels) {
    auto const dot = text.find('.');
    auto const label = text.substr(0, dot);
    if (!is_label(label)) return false;
    all_digits = std::ranges::all_of(label, is_digit);
    if (dot == text.npos) break;
    text.remove_prefix(dot + 1);
  }
  return labels >= 1 && !all_digits;
}

bool contains(kinds::Network const& block, kinds::Network const& address) {
  if (block.six != address.six) return false;
  for (unsigned bit = 0; bit < block.length; ++bit) {
    auto const mask = static_cast<std::uint8_t>(0x80u >> bit % 8);
    if ((block.bytes[bit / 8] & mask) != (address.bytes[bit / 8] & mask)) return false;
  }
  return true;
}

// Without what is reserved for documentation.
std::vector<kinds::Network> const& reserved_blocks() {
  static auto const kBlocks = [] {
    std::vector<kinds::Network> out;
    for (auto const& block : kinds::kReservedBlocks)
      if (!block.documentation) out.push_back(kinds::parse_networks(std::string(block.network)).value().all.front());
    return out;
  }();
  return kBlocks;
}

}  // namespace

std::optional<Mailbox> parse_mailbox(std::string_view text) {
  auto const sign = text.rfind('@');
  if (sign == text.npos || sign == 0) return std::nullopt;
  auto domain = text.substr(sign + 1);
  if (domain.ends_with('.')) domain.remove_suffix(1);
  Mailbox out{kinds::lower_case(std::string(domain)), shape_of(text.substr(0, sign))};
  if (!is_domain(out.domain)) return std::nullopt;
  return out;
}

std::optional<kinds::Network> parse_address(std::string_view text) {
  if (text.find('/') != text.npos) return std::nullopt;
  auto parsed = kinds::parse_networks(text);
  if (!parsed || parsed->all.size() != 1 || !parsed->all.front().single()) return std::nullopt;
  auto out = parsed->all.front();
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (!out.six || !std::equal(kMapped.begin(), kMapped.end(), out.bytes.begin())) return out;
  kinds::Network four;
  four.length = 32;
  std::copy_n(out.bytes.begin() + kMapped.size(), 4, four.bytes.begin());
  return four;
}

kinds::Network neighbourhood(kinds::Network address) {
  address.length = address.six ? 48 : 24;
  std::fill(address.bytes.begin() + address.length / 8, address.bytes.end(), std::uint8_t{0});
  return address;
}

bool is_reserved(kinds::Network const& address) {
  return std::ranges::any_of(reserved_blocks(), [&](auto const& block) { return contains(block, address); });
}

// Of https://github.com/FoxIO-LLC/ja4: t13d1516h2_8daaf6152771_b186095e22b6.
std::optional<std::string> parse_ja4(std::string_view text) {
  auto out = kinds::lower_case(std::string(text));
  constexpr std::string_view kForm = "pvvsnnnnvv_hhhhhhhhhhhh_hhhhhhhhhhhh";
  if (out.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    char const c = out[i];
    bool const hex = is_digit(c) || (c >= 'a' && c <= 'f');
    bool const fits = kForm[i] == 'p'   ? c == 't' || c == 'q' || c == 'd'
                      : kForm[i] == 's' ? c == 'd' || c == 'i'
                      : kForm[i] == 'n' ? is_digit(c)
                      : kForm[i] == 'v' ? is_digit(c) || is_small(c)
                      : kForm[i] == 'h' ? hex
                                        : c == '_';
    if (!fits) return std::nullopt;
  }
  return out;
}

std::optional<std::string> parse_day(std::string_view text) {
  constexpr std::size_t kDay = 10;
  if (text.size() > kDay && text[kDay] != 'T' && text[kDay] != 't' && text[kDay] != ' ') return std::nullopt;
  std::string day(text.substr(0, kDay));
  if (!stix::Timestamp::parse(day + "T00:00:00Z")) return std::nullopt;
  return day;
}

}  // namespace tocsin::client
