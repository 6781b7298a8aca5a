#include "schema/kinds/template_prints.hpp"

#include <algorithm>
#include <charconv>

#include "schema/core/digest.hpp"
#include "schema/kinds/words.hpp"

namespace tocsin::kinds {
namespace {

constexpr std::size_t kWords = 3;
constexpr std::size_t kLongestSlot = 64;
constexpr std::size_t kDigits = 16;

// How many bytes the slot at the beginning has, braces and all; 0: there is none.
std::size_t slot_at(std::string_view text) {
  auto const end = text.substr(1, kLongestSlot + 1).find_first_of("{}\"\n");
  return end != text.npos && text[1 + end] == '}' ? end + 2 : 0;
}

void add_prints(std::string_view piece, core::Sha256& hash, std::vector<Print>& out) {
  std::string line;  // the words, with a blank behind each
  std::vector<std::size_t> begins;
  for (auto const& word : words_in(piece)) {
    begins.push_back(line.size());
    line.append(word) += ' ';
  }
  begins.push_back(line.size());
  for (std::size_t i = 0; i + kWords < begins.size(); ++i) {
    auto const of = std::string_view(line).substr(begins[i], begins[i + kWords] - 1 - begins[i]);
    auto const digest = hash.update(of).finish();
    Print print = 0;
    for (std::size_t byte = 0; byte < sizeof print; ++byte) print = print << 8 | digest[byte];
    out.push_back(print);
  }
}

}  // namespace

std::vector<Print> prints_of(std::string_view text) {
  std::vector<Print> out;
  core::Sha256 hash;
  std::size_t begin = 0;
  for (auto at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
    auto const slot = slot_at(text.substr(at));
    if (slot == 0) continue;
    add_prints(text.substr(begin, at - begin), hash, out);
    begin = at + slot;
    at = begin - 1;
  }
  add_prints(text.substr(begin), hash, out);
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string print_text(Print print) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out(kDigits, '0');
  for (auto digit = out.rbegin(); digit != out.rend(); ++digit, print >>= 4) *digit = kHex[print & 15];
  return out;
}

std::optional<Print> parse_print(std::string_view text) {
  Print out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  if (text.size() != kDigits || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

}  // namespace tocsin::kinds
