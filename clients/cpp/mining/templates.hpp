// Which templates prompts were made from: the words that prompts of enough accounts have in common, and nothing that
// fewer have. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tocsin::client {

struct MinedPrompt {
  std::uint32_t account = 0;  // a number below 32,768
  std::string text;
};

struct MinedTemplate {
  // Words in lower case, a blank between them; `{}` stands for what differs.
  std::string text;
  std::size_t slots = 0;
  std::vector<std::uint32_t> accounts;  // that sent such prompts; ascending, each once
  std::size_t prompts = 0;
};

// Those with 20 fingerprints (word3-1) at least, by how many accounts used them. Every three words next to each other
// in a template were next to each other in prompts of `min_accounts` accounts, and in four fifths of those that are
// alike. The order of the prompts does not matter. Memory: eight bytes for each fingerprint of each prompt, and once
// more.
[[nodiscard]] std::vector<MinedTemplate> mined_templates(std::span<MinedPrompt const> prompts,
                                                         std::size_t min_accounts);

}  // namespace tocsin::client
