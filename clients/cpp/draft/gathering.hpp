// What the accounts of a table have in common, row by row. No account, e-mail address or payment token is kept: of
// these only numbers and digests. Memory grows with the different values of the table, not with its rows. Owned by a
// command; one thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "clients/cpp/draft/columns.hpp"
#include "clients/cpp/draft/traits.hpp"

namespace tocsin::client {

struct SharedRange {
  kinds::Network network;
  std::size_t accounts = 0, addresses = 0;
};

struct SharedMailbox {
  std::string domain, shape;  // "": any
  bool public_domain = false;
  std::size_t accounts = 0;
  std::string first_day, last_day;  // on which one was opened; "": not known
  std::string provider;             // of all of them; "": not known, or several
};

struct SharedFingerprint {
  std::string value;
  std::size_t accounts = 0;
};

// What at least so many accounts have in common, each list in the order of its values.
struct Common {
  std::vector<SharedRange> ranges;
  std::vector<SharedMailbox> mailboxes;
  std::vector<SharedFingerprint> fingerprints;
  std::size_t accounts = 0, payments = 0, addresses = 0;  // different ones of the whole table

  [[nodiscard]] std::size_t size() const { return ranges.size() + mailboxes.size() + fingerprints.size(); }
};

// What does not become an item because too few accounts share it.
struct TooFew {
  std::size_t addresses = 0, shapes = 0, fingerprints = 0;
};

// Cells that say nothing that can be used.
struct PassedOver {
  std::size_t addresses = 0, reserved = 0, emails = 0, fingerprints = 0, days = 0;
  bool providers = false;  // too many different ones to be names of providers, or one is no name
};

class Gathering {
 public:
  explicit Gathering(std::size_t min_accounts) : min_accounts_(min_accounts) {}

  void add(AccountRow const& row);
  // Once, when all rows are added.
  [[nodiscard]] Common common();

  [[nodiscard]] TooFew const& too_few() const { return too_few_; }
  [[nodiscard]] PassedOver const& passed_over() const { return passed_over_; }

 private:
  using Account = std::uint32_t;

  // Accounts, each once when looked at.
  class Accounts {
   public:
    void add(Account account);
    [[nodiscard]] std::vector<Account> const& each();
    [[nodiscard]] std::size_t count() { return each().size(); }

   private:
    std::vector<Account> all_;
    std::size_t tidy_ = 0;  // so many at the beginning are in order, and each once
  };

  struct Address {
    bool six = false;
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(Address const&) const = default;
  };

  struct Cluster {
    Accounts accounts;
    std::string first_day, last_day;
    bool begun = false;
    std::optional<std::size_t> provider;  // of the first row
    bool providers_differ = false;
  };

  using Addresses = std::map<Address, Accounts>;
  [[nodiscard]] std::optional<std::size_t> provider_of(std::string_view name);
  void add_address(std::string_view text, Account account);
  void add_mailbox(AccountRow const& row, Account account);
  void add_neighbourhood(Addresses::iterator first, Addresses::iterator last, Common& out);
  void add_ranges(Common& out);
  void add_mailboxes(Common& out);
  [[nodiscard]] SharedMailbox described(std::string domain, std::string shape, Cluster& cluster) const;

  std::size_t min_accounts_;
  std::unordered_map<std::uint64_t, Account> accounts_;
  std::unordered_set<std::uint64_t> payments_;
  std::vector<std::string> providers_;
  Addresses addresses_;
  struct Domain {
    Cluster all;
    std::map<std::string, Cluster> shapes;
  };
  std::map<std::string, Domain> domains_;
  std::map<std::string, Accounts> fingerprints_;
  TooFew too_few_;
  PassedOver passed_over_;
};

}  // namespace tocsin::client
