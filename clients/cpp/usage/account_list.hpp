// The accounts of a cluster, from a table as `tocsin draft` takes it: digests of them, and how many means of payment
// they share. Owned by a command; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "clients/cpp/draft/account_table.hpp"
#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

class AccountList {
 public:
  void add(AccountRow const& row);

  [[nodiscard]] bool contains(std::uint64_t account) const { return accounts_.contains(account); }
  [[nodiscard]] std::size_t size() const { return accounts_.size(); }

  // Means of payment that two accounts at least have; nullopt: the table tells of none.
  [[nodiscard]] std::optional<std::size_t> shared_payments() const;

 private:
  struct Payer {
    std::uint64_t first = 0;  // account
    bool several = false;
  };
  std::unordered_set<std::uint64_t> accounts_;
  std::unordered_map<std::uint64_t, Payer> payments_;
};

// Failure: Exit::local, when the file cannot be read or is no such table.
[[nodiscard]] Outcome<AccountList> read_accounts(std::string const& file);

}  // namespace tocsin::client
