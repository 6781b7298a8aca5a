// What prompts ask for, as a user's own rules tell it. A value type; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

class PromptRules {
 public:
  // Lines `NAME: words that stand next to each other`. NAME is `reasoning`, `decoy`, or a capability (docs/kinds.md);
  // what begins with # is a remark. Failure: Exit::local, with the number of the line.
  [[nodiscard]] static Outcome<PromptRules> parse(std::string_view text);

  struct Asked {
    std::uint32_t capability = 0;  // a place of capabilities(), from 1; 0: none
    bool reasoning = false, decoy = false;
  };
  // Of capabilities the first rule counts whose words are in the prompt.
  [[nodiscard]] Asked asked(std::string_view prompt) const;

  [[nodiscard]] std::vector<std::string> const& capabilities() const { return capabilities_; }
  [[nodiscard]] bool tells_reasoning() const { return reasoning_; }
  [[nodiscard]] bool tells_decoys() const { return decoy_; }
  [[nodiscard]] bool empty() const { return rules_.empty(); }

 private:
  static constexpr std::uint32_t kReasoning = ~0u, kDecoy = ~0u - 1;
  struct Rule {
    std::uint32_t of;    // kReasoning, kDecoy or a capability
    std::string phrase;  // words, with a blank before and behind each
  };
  [[nodiscard]] std::uint32_t number_of(std::string_view name);

  std::vector<Rule> rules_;
  std::vector<std::string> capabilities_;
  bool reasoning_ = false, decoy_ = false;
};

}  // namespace tocsin::client
