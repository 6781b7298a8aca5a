// What a feed would have hit in a log: requests and accounts, and for which of them the address is all that speaks
// against them. Owned by a command; one thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "clients/cpp/feed/listed.hpp"
#include "clients/cpp/scan/known_indicators.hpp"
#include "clients/cpp/scan/suspects.hpp"
#include "clients/logs/access_record.hpp"

namespace tocsin::client {

class Trial {
 public:
  Trial(Listed const& listed, KnownIndicators& known) : listed_(listed), known_(known) {}

  void take(logs::AccessRecord const& record);

  struct Account {
    std::size_t requests = 0, hit = 0;
    bool second_kind = false;  // in any of its requests
  };
  struct Counts {
    std::size_t requests = 0, accounts = 0;
  };
  [[nodiscard]] Counts hit() const;
  // Of those: of an account all requests count together, what has no account counts alone.
  [[nodiscard]] Counts of_one_kind() const;
  // Of those that were hit the ones with the most hits.
  [[nodiscard]] std::vector<std::pair<std::string, Account>> most_hit(std::size_t count) const;
  [[nodiscard]] std::size_t without_address() const { return without_address_; }
  [[nodiscard]] Seen const& seen() const { return seen_; }  // what was hit

 private:
  // Whether something else than where it came from speaks against it.
  [[nodiscard]] bool has_second_kind(logs::AccessRecord const& record);

  Listed const& listed_;
  KnownIndicators& known_;
  std::map<std::string, Account> accounts_;
  std::size_t nobodys_hit_ = 0;  // requests without an account
  std::size_t nobodys_of_one_kind_ = 0, without_address_ = 0;
  Seen seen_;
};

}  // namespace tocsin::client
