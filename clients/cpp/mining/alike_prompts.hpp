// Prompts that were made from one template, by the fingerprints that they have in common. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "clients/cpp/mining/templates.hpp"
#include "schema/kinds/template_prints.hpp"

namespace tocsin::client {

// Fingerprints that this many texts have to share, and a template has to have: as few the server takes.
inline constexpr std::size_t kLeastPrints = 20;

struct AlikePrompts {
  std::vector<std::uint32_t> members;  // places of the prompts
  std::vector<kinds::Print> prints;    // ascending: that four fifths of them have, from min_accounts accounts
};

// Groups of prompts from `min_accounts` accounts, in the order of the first prompt of each.
[[nodiscard]] std::vector<AlikePrompts> alike_prompts(std::span<MinedPrompt const> prompts, std::size_t min_accounts);

}  // namespace tocsin::client
