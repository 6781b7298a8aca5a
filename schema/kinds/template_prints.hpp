// Fingerprints of the fixed text of a prompt template, and of prompts, so that one can be looked for in the other
// without either text: `word3-1`. Pure; any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/bytes.hpp"

namespace tocsin::kinds {

using Print = std::uint64_t;

// As `fingerprints.algorithm` names it.
inline constexpr std::string_view kPrintAlgorithm = "word3-1";

// Ascending, each once: of every three words next to each other (words.hpp) that no slot parts the first 64 bits of
// SHA-256 of the words with a blank between them. A slot is what stands between two braces: at most 64 bytes, none a
// brace, a quotation mark or the end of a line. Linear in the text.
[[nodiscard]] std::vector<Print> prints_of(std::string_view text);

// How many fingerprints a text shares, at least, with a template of so many in which it was written. Measured on
// templates that were filled, shortened and paraphrased: no other share finds as many of them and none of twelve
// hundred prompts of honest users.
inline constexpr std::size_t kLeastShared = 3;
[[nodiscard]] constexpr std::size_t least_shared(std::size_t all) {
  constexpr std::size_t kShare = 5;
  return std::max(kLeastShared, (all + kShare - 1) / kShare);
}

// 16 hexadecimal digits in lower case, and back; nullopt for what is not.
[[nodiscard]] std::string print_text(Print print);
[[nodiscard]] std::optional<Print> parse_print(std::string_view text);

}  // namespace tocsin::kinds
