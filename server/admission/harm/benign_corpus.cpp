#include "server/admission/harm/benign_corpus.hpp"

#include <algorithm>
#include <span>

#include "server/admission/readers/reader.hpp"

namespace tocsin::admission::harm {
namespace {

constexpr std::size_t kMostPrints = 512, kDigits = 16;

}  // namespace

BenignCorpus::BenignCorpus(std::vector<std::vector<kinds::Print>> const& prompts) : size_(prompts.size()) {
  for (std::size_t i = 0; i < prompts.size(); ++i)
    for (auto const print : prompts[i]) index_.emplace_back(print, static_cast<std::uint32_t>(i));
  std::ranges::sort(index_);
}

std::size_t BenignCorpus::hits(std::span<kinds::Print const> of_template) const {
  std::vector<std::size_t> shared(size_);  // of each prompt, with the template
  for (auto const print : of_template) {
    auto at = std::ranges::lower_bound(index_, std::pair(print, std::uint32_t{0}));
    for (; at != index_.end() && at->first == print; ++at) ++shared[at->second];
  }
  auto const least = kinds::least_shared(of_template.size());
  return static_cast<std::size_t>(std::ranges::count_if(shared, [&](auto count) { return count >= least; }));
}

BenignCorpus const& own_corpus() {
  static BenignCorpus const corpus = [] {
    std::vector<std::vector<kinds::Print>> prompts;
    for (auto text = benign_prompts(); !text.empty();)
      if (auto const line = take_line(text); !line.empty() && !line.starts_with('#'))
        prompts.push_back(kinds::prints_of(line));
    return BenignCorpus(prompts);
  }();
  return corpus;
}

core::Result<std::string> prompt_text(std::string_view prompt) {
  auto const prints = kinds::prints_of(prompt);
  if (prints.size() < kinds::kLeastShared)
    return core::fail(core::Code::bad_parameter, "An entry has fewer than five words: no template is found in it.", "",
                      "Leave it out, or give the whole prompt.");
  std::string out;
  for (auto const print : std::span(prints).first(std::min(kMostPrints, prints.size())))
    out += kinds::print_text(print);
  return out;
}

std::vector<kinds::Print> prints_in(std::string_view entry) {
  std::vector<kinds::Print> out;
  for (; entry.size() >= kDigits; entry.remove_prefix(kDigits))
    if (auto const print = kinds::parse_print(entry.substr(0, kDigits))) out.push_back(*print);
  return out;
}

}  // namespace tocsin::admission::harm
