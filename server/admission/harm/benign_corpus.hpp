// Prompts of honest users, as fingerprints: a template that is found in them would hit those users. Immutable; any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/kinds/template_prints.hpp"

namespace tocsin::admission::harm {

class BenignCorpus {
 public:
  BenignCorpus() = default;
  // Of each prompt its fingerprints.
  explicit BenignCorpus(std::vector<std::vector<kinds::Print>> const& prompts);

  // How many prompts there are.
  [[nodiscard]] std::size_t size() const { return size_; }
  // Those in which a template of these fingerprints, each once, is found: which have three of them or more, and at
  // least a fifth of all.
  [[nodiscard]] std::size_t hits(std::span<kinds::Print const> of_template) const;

 private:
  std::vector<std::pair<kinds::Print, std::uint32_t>> index_;  // ascending: in which prompts each is
  std::size_t size_ = 0;
};

// That of the prompts which come with the program (benign_prompts.txt).
[[nodiscard]] BenignCorpus const& own_corpus();

// How a prompt stands on a list: its fingerprints, 512 of them at most, without its text. Error bad_parameter: it has
// fewer than three.
[[nodiscard]] core::Result<std::string> prompt_text(std::string_view prompt);
// Of what prompt_text() made.
[[nodiscard]] std::vector<kinds::Print> prints_in(std::string_view entry);

// The file as it was when the program was built: a prompt a line.
[[nodiscard]] std::string_view benign_prompts();

}  // namespace tocsin::admission::harm
