// Prompt templates of our own (tests/cases/templates), and prompts that somebody made of them: slots filled, words
// swapped, dropped and replaced. The same seed gives the same prompts. Value types; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/randomness.hpp"

namespace tocsin::test {

struct LabelledTemplate {
  std::string technique, language, text;  // of which {…} are slots
};
// From the folder of the repository, where tests run.
[[nodiscard]] std::vector<LabelledTemplate> labelled_templates();

// How many bytes stand in a slot, about.
struct Slots {
  std::size_t least = 0, most = 0;
};
inline constexpr Slots kShortSlots{60, 250}, kLongSlots{1'500, 4'000};

[[nodiscard]] std::string filled(std::string_view text, Slots slots, Random& random);
// Nine in ten of the words that have a synonym here are swapped, and of all words so many in a hundred are dropped or
// replaced.
[[nodiscard]] std::string edited(std::string_view text, std::size_t percent, Random& random);

}  // namespace tocsin::test
