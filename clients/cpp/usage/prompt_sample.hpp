// Which prompts are built alike, of a sample of those of a log. Owned by a meter; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/kinds/template_prints.hpp"

namespace tocsin::client {

// What of a prompt is looked at: its first 4 KiB and its last 2 KiB, as what is fixed stands before and behind what is
// filled in.
[[nodiscard]] std::string looked_at(std::string_view prompt);

class PromptSample {
 public:
  static constexpr std::size_t kMost = 4'096;  // prompts: those whose digests are the least
  static constexpr std::size_t kLeast = 100;
  static constexpr std::size_t kAlike = 20;  // fingerprints that two prompts of one structure share

  void add(std::uint64_t account, std::int64_t at_us, std::string_view prompt);

  struct Structures {
    double repeated = 0;            // share of prompts that are alike with one of another account
    double entropy = 0;             // in bits, of the groups of prompts that are alike, one by one or through others
    bool several_accounts = false;  // else `repeated` says nothing
  };
  // nullopt: there are fewer than 100 prompts.
  [[nodiscard]] std::optional<Structures> structures() const;

 private:
  struct Prompt {
    std::uint64_t account;
    std::vector<kinds::Print> prints;
  };
  std::multimap<std::uint64_t, Prompt> least_;
};

}  // namespace tocsin::client
