// How many organisations say the same of a value, as far as a reader sees: how many of their own accord, and how many
// after they could read it of another (docs/decisions/0019). Those of one party are one (docs/decisions/0027). One
// answer; the thread that makes it.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <utility>

#include "server/access/directory.hpp"
#include "server/store/indicator_store.hpp"

namespace tocsin::catalog {

// Rows of the index that are looked at for one value.
inline constexpr std::size_t kMostClaims = 256;

struct Corroboration {
  std::size_t independent = 0, repeated = 0;  // parties with an indicator that holds
  bool complete = true;                       // false: there are more, and which were first is not known
};

class Corroborations {
 public:
  Corroborations(access::Directory const& directory, std::int64_t now_us) : directory_(directory), now_us_(now_us) {}

  [[nodiscard]] Corroboration of(store::ValueClaims const& claims);

 private:
  // Who first said it in one class, and when somebody else did.
  struct First {
    store::RowId party = 0;
    std::int64_t since = 0, others = 0;
  };
  using FirstOfClass = std::map<store::RowId, First>;

  [[nodiscard]] store::RowId party_of(store::ValueClaim const& claim) const;
  [[nodiscard]] FirstOfClass first_of(std::span<store::ValueClaim const> claims) const;
  bool is_repeat(store::ValueClaim const& claim, FirstOfClass const& first);
  bool was_open_to(store::RowId party, store::RowId class_row);

  access::Directory const& directory_;
  std::int64_t now_us_;
  std::map<std::pair<store::RowId, store::RowId>, bool> open_;
};

// schema/openapi.yaml, Corroboration.
[[nodiscard]] nlohmann::json to_json(Corroboration const& corroboration);

}  // namespace tocsin::catalog
