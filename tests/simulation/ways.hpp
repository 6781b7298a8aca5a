// Who cannot reach whom for a whole seed, and which relays lead from one to the other then, by the rule of Founding.
// Value of the scenario; one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "tests/simulation/founding.hpp"

namespace tocsin::simulation {

using Severed = std::set<std::pair<std::size_t, std::size_t>>;  // the lesser number first

[[nodiscard]] bool is_severed(Severed const& severed, std::size_t one, std::size_t other);

class Ways {
 public:
  Ways(Founding const& founding, Severed severed, std::optional<std::size_t> liar)
      : founding_(founding), severed_(std::move(severed)), liar_(liar) {}

  // Those between the two, the reader's first; none where it asks the origin itself; nullopt: it leads in a circle, or
  // to one that cannot be reached.
  [[nodiscard]] std::optional<std::vector<std::size_t>> relays(std::size_t reader, std::size_t origin) const;
  // There is a way, and neither the origin nor a relay lies.
  [[nodiscard]] bool is_honest(std::size_t reader, std::size_t origin) const;
  [[nodiscard]] bool is_direct(std::size_t reader, std::size_t origin) const {
    return !is_severed(severed_, reader, origin);
  }

 private:
  Founding const& founding_;
  Severed const severed_;
  std::optional<std::size_t> const liar_;
};

}  // namespace tocsin::simulation
