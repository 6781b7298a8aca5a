#include "schema/kinds/words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "schema/kinds/letters.hpp"
#include "schema/kinds/searching.hpp"

namespace tocsin::kinds {
namespace {

using stix::Json;
using Words = std::vector<std::string>;

constexpr std::size_t kLongest = 40;  // bytes of a word; what is longer is cut, wherever it is read
constexpr std::size_t kStem = 3;      // bytes that a beginning has at least, and that words are found by
constexpr std::size_t kMostAsked = 16, kMostBytes = 200;
constexpr char kWord = 'w', kBeginning = 'p';

// Between texts: no phrase goes from one to the next.
constexpr char const* kBorder = "";

bool is_plain(unsigned char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Bytes of the character at the beginning; and whether it is of a word. Signs beyond ASCII are those of the blocks
// Latin-1 (its first half), General Punctuation, and CJK Symbols.
std::pair<std::size_t, bool> character(std::string_view text) {
  auto const at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  unsigned const first = at(0);
  if (first < 0x80) return {1, is_plain(static_cast<unsigned char>(first))};
  if (first < 0xE0) return {2, first != 0xC2};
  if (first < 0xF0)
    return {3, !(first == 0xE2 && (at(1) == 0x80 || at(1) == 0x81)) && !(first == 0xE3 && at(1) == 0x80)};
  return {4, true};
}

void add_words(std::string_view text, Words& out) {
  std::string word;
  auto const end = [&] {
    if (word.empty()) return;
    word.resize(std::min(word.size(), kLongest));
    out.push_back(lower_case(std::move(word)));
    word.clear();
  };
  while (!text.empty()) {
    auto const [size, letter] = character(text);
    auto const bytes = text.substr(0, size);
    text.remove_prefix(bytes.size());
    if (letter)
      word += bytes;
    else
      end();
  }
  end();
}

// Of all texts, in order.
Words words_of(Json const& indicator) {
  Words out;
  auto const add = [&](Json const& from, char const* name) {
    auto const found = from.find(name);
    if (found == from.end() || !found->is_string()) return;
    add_words(found->get_ref<std::string const&>(), out);
    out.push_back(kBorder);
  };
  add(indicator, "name");
  add(indicator, "description");
  add(indicator_facts(indicator), "collateral_note");
  auto const labels = indicator.find("labels");
  if (labels == indicator.end() || !labels->is_array()) return out;
  for (auto const& label : *labels) {
    if (label.is_string()) add_words(label.get_ref<std::string const&>(), out);
    out.push_back(kBorder);
  }
  return out;
}

std::string facet_of(std::string const& word) { return kWord + word; }
std::string facet_of_beginning(std::string const& word) { return kBeginning + word.substr(0, kStem); }

std::unexpected<core::Error> refuse(std::string why, std::string remedy) {
  return core::fail(core::Code::property_value, std::move(why), "", std::move(remedy));
}

}  // namespace

std::vector<std::string> words_in(std::string_view text) {
  Words out;
  add_words(text, out);
  return out;
}

std::vector<std::string> word_facets(Json const& indicator, std::size_t most) {
  std::set<std::string> seen, out;
  for (auto const& word : words_of(indicator)) {
    if (word == kBorder || !seen.insert(word).second) continue;
    if (seen.size() > most) break;
    out.insert(facet_of(word));
    if (word.size() >= kStem) out.insert(facet_of_beginning(word));
  }
  return {out.begin(), out.end()};
}

core::Result<TextQuery> TextQuery::parse(std::string_view text) {
  if (text.size() > kMostBytes) return refuse("It is too long.", "Send at most 200 bytes.");
  TextQuery out;
  while (!text.empty()) {
    bool const quoted = text.front() == '"';
    if (text.front() == ' ' || text.front() == '\t') {
      text.remove_prefix(1);
      continue;
    }
    auto const end = quoted ? text.find('"', 1) : std::min(text.find_first_of(" \t\""), text.size());
    if (end == text.npos) return refuse("A quotation mark is not closed.", "Close it, or leave it out.");
    auto term = quoted ? phrase(text.substr(1, end - 1)) : plain(text.substr(0, end));
    if (!term) return std::unexpected(term.error());
    if (!term->words.empty()) out.terms_.push_back(*std::move(term));
    text.remove_prefix(quoted ? end + 1 : end);
  }
  if (auto checked = out.check(); !checked) return std::unexpected(checked.error());
  return out;
}

core::Result<TextQuery::Term> TextQuery::phrase(std::string_view text) {
  if (text.contains('*')) return refuse("A star is in quotation marks.", "Put it behind a word outside of them.");
  Term out;
  add_words(text, out.words);
  return out;
}

core::Result<TextQuery::Term> TextQuery::plain(std::string_view text) {
  Term out;
  out.begins = text.ends_with('*');
  if (out.begins) text.remove_suffix(1);
  if (text.contains('*')) return refuse("A star is not at the end of a word.", "Put it there, or leave it out.");
  add_words(text, out.words);
  if (out.begins && (out.words.empty() || out.words.back().size() < kStem))
    return refuse("What a word shall begin with is too short.", "Write three letters before the star, or more.");
  return out;
}

core::Result<void> TextQuery::check() const {
  std::size_t words = 0;
  for (auto const& term : terms_) words += term.words.size();
  if (words == 0) return refuse("There is no word in it.", "Send letters or digits.");
  if (words > kMostAsked) return refuse("It has too many words.", "Send at most 16.");
  return {};
}

std::vector<std::string> TextQuery::facets() const {
  std::set<std::string> found;
  for (auto const& term : terms_)
    for (std::size_t i = 0; i < term.words.size(); ++i) {
      bool const whole = !term.begins || i + 1 < term.words.size();
      found.insert(whole ? facet_of(term.words[i]) : facet_of_beginning(term.words[i]));
    }
  std::vector<std::string> out(found.begin(), found.end());
  std::ranges::sort(out, [](auto const& a, auto const& b) { return std::pair(b.size(), b) < std::pair(a.size(), a); });
  return out;
}

bool TextQuery::is_told_by_facets() const {
  return std::ranges::all_of(terms_, [](Term const& term) { return term.words.size() == 1 && !term.begins; });
}

bool TextQuery::Term::begins_at(std::span<std::string const> text) const {
  if (text.size() < words.size()) return false;
  auto const last = words.size() - 1;
  if (!std::ranges::equal(text.first(last), std::span(words).first(last))) return false;
  return begins ? text[last].starts_with(words[last]) : text[last] == words[last];
}

bool TextQuery::matches(Json const& indicator) const {
  auto const words = words_of(indicator);
  return std::ranges::all_of(terms_, [&](Term const& term) {
    for (std::span<std::string const> rest = words; !rest.empty(); rest = rest.subspan(1))
      if (term.begins_at(rest)) return true;
    return false;
  });
}

}  // namespace tocsin::kinds
