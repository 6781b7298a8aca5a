#include "clients/cpp/usage/prompt_rules.hpp"

#include <algorithm>

#include "clients/cpp/usage/prompt_sample.hpp"
#include "schema/kinds/words.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kMostRules = 1'000;

std::string line_of(std::string_view text) {
  std::string out = " ";
  for (auto const& word : kinds::words_in(text)) out.append(word) += ' ';
  return out;
}

bool is_name(std::string_view text) {
  auto const fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, fits);
}

}  // namespace

std::uint32_t PromptRules::number_of(std::string_view name) {
  if (name == "reasoning") return reasoning_ = true, kReasoning;
  if (name == "decoy") return decoy_ = true, kDecoy;
  auto const found = std::ranges::find(capabilities_, name);
  auto const place = static_cast<std::uint32_t>(found - capabilities_.begin());
  if (found == capabilities_.end()) capabilities_.emplace_back(name);
  return place + 1;
}

Outcome<PromptRules> PromptRules::parse(std::string_view text) {
  PromptRules out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto const end = text.find('\n');
    auto const line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == line.npos || line.starts_with('#')) continue;
    auto const colon = line.find(':');
    auto phrase = colon == line.npos ? std::string() : line_of(line.substr(colon + 1));
    if (phrase.size() <= 1 || !is_name(line.substr(0, colon)) || out.rules_.size() == kMostRules)
      return fail(Exit::local, "Line " + std::to_string(number) + " is no rule, or one too many.",
                  "Write at most 1,000 lines like: agentic-coding: write a function that");
    out.rules_.push_back({out.number_of(line.substr(0, colon)), std::move(phrase)});
  }
  return out;
}

PromptRules::Asked PromptRules::asked(std::string_view prompt) const {
  Asked out;
  if (rules_.empty()) return out;
  auto const line = line_of(looked_at(prompt));
  for (auto const& rule : rules_) {
    bool const known = rule.of == kReasoning ? out.reasoning : rule.of == kDecoy ? out.decoy : out.capability != 0;
    if (known || !line.contains(rule.phrase)) continue;
    if (rule.of == kReasoning) {
      out.reasoning = true;
    } else if (rule.of == kDecoy) {
      out.decoy = true;
    } else {
      out.capability = rule.of;
    }
  }
  return out;
}

}  // namespace tocsin::client
