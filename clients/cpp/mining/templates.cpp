#include "clients/cpp/mining/templates.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "clients/cpp/mining/alike_prompts.hpp"
#include "schema/kinds/words.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kRun = 3;  // words of a fingerprint

bool is_shared(std::span<std::string const> run, std::vector<kinds::Print> const& prints) {
  auto const print = kinds::prints_of(run[0] + ' ' + run[1] + ' ' + run[2]);
  return print.size() == 1 && std::ranges::binary_search(prints, print.front());
}

// The words of a prompt of which every three in a row are shared, and `{}` for the others.
struct Cut {
  std::string text;
  std::size_t slots = 0, shared = 0;  // words
};

Cut cut(std::string const& prompt, std::vector<kinds::Print> const& prints) {
  auto const words = kinds::words_in(prompt);
  Cut out;
  auto const add = [&](std::string const& word) { out.text += (out.text.empty() ? "" : " ") + word; };
  bool in_slot = false;
  for (std::size_t at = 0; at < words.size();) {
    auto end = at;  // of a piece that begins here
    while (end + kRun <= words.size() && is_shared(std::span(words).subspan(end, kRun), prints)) ++end;
    if (end == at) {
      if (!in_slot) add("{}");
      out.slots += in_slot ? 0 : 1;
      in_slot = true;
      ++at;
      continue;
    }
    end += kRun - 1;
    // Two pieces that touch would make three words next to each other that nobody shares.
    if (!in_slot && !out.text.empty()) {
      add("{}");
      ++out.slots;
    }
    in_slot = false;
    out.shared += end - at;
    for (; at < end; ++at) add(words[at]);
  }
  return out;
}

// Of the group the cut with most words, of several alike the first in the order of letters.
Cut best_cut(AlikePrompts const& group, std::span<MinedPrompt const> prompts) {
  constexpr std::size_t kTried = 64;
  Cut best;
  for (std::size_t i = 0; i < std::min(kTried, group.members.size()); ++i) {
    auto one = cut(prompts[group.members[i]].text, group.prints);
    auto const rank = [](Cut const& of) { return std::tuple(of.shared, -static_cast<std::ptrdiff_t>(of.slots)); };
    if (rank(one) > rank(best) || (rank(one) == rank(best) && one.text < best.text)) best = std::move(one);
  }
  return best;
}

}  // namespace

std::vector<MinedTemplate> mined_templates(std::span<MinedPrompt const> prompts, std::size_t min_accounts) {
  std::map<std::string, MinedTemplate> found;
  for (auto const& group : alike_prompts(prompts, min_accounts)) {
    auto cut = best_cut(group, prompts);
    if (kinds::prints_of(cut.text).size() < kLeastPrints) continue;
    auto& of = found[cut.text];
    of.text = cut.text;
    of.slots = cut.slots;
    of.prompts += group.members.size();
    for (auto const member : group.members) of.accounts.push_back(prompts[member].account);
  }
  std::vector<MinedTemplate> out;
  for (auto& [_, of] : found) {
    std::ranges::sort(of.accounts);
    of.accounts.erase(std::unique(of.accounts.begin(), of.accounts.end()), of.accounts.end());
    out.push_back(std::move(of));
  }
  std::ranges::sort(out, {}, [](MinedTemplate const& of) {
    return std::tuple(-static_cast<std::ptrdiff_t>(of.accounts.size()), std::string_view(of.text));
  });
  return out;
}

}  // namespace tocsin::client
