// Some accounts of a log, with some of their prompts and addresses: a sample that does not depend on the order of the
// log, in bounded memory. Owned by a command; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "clients/cpp/usage/distinct.hpp"
#include "clients/logs/access_record.hpp"

namespace tocsin::client {

// A prompt as the miner looks at it: its first 4 KiB and its last 2 KiB, in which `{}` stands for what may tell of a
// person: what has an @, :// or five digits in a row between two blanks.
[[nodiscard]] std::string masked(std::string_view prompt);

class AccountSample {
 public:
  static constexpr std::size_t kPrompts = 8, kAddresses = 16;  // of an account
  static constexpr std::size_t kMost = 32'768;                 // accounts and their prompts

  explicit AccountSample(std::size_t most = kMost) : most_(most) {}

  // A request of an account.
  void add(logs::AccessRecord const& request);

  struct Account {
    std::string name;
    std::map<std::uint64_t, std::string> prompts;         // masked, by their digests
    std::map<std::uint64_t, match::IpAddress> addresses;  // by their digests
  };
  using Accounts = std::map<std::uint64_t, Account>;  // by their digests
  [[nodiscard]] Accounts const& accounts() const { return accounts_; }
  [[nodiscard]] std::size_t prompts() const { return kept_ - accounts_.size(); }
  [[nodiscard]] std::size_t seen() const { return seen_.count(); }  // accounts of the log

 private:
  void add_prompt(Account& account, std::string_view prompt);

  std::size_t most_;
  Accounts accounts_;
  Distinct seen_;
  std::size_t kept_ = 0;                // accounts and prompts
  std::optional<std::uint64_t> bound_;  // accounts from here on are not kept
};

}  // namespace tocsin::client
