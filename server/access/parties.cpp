#include "server/access/parties.hpp"

#include <algorithm>

namespace tocsin::access {
namespace {

// Disjoint sets; what stands for a set is its smallest row.
class Sets {
 public:
  void add(store::RowId row) { above_.emplace(row, row); }

  [[nodiscard]] store::RowId top(store::RowId row) const {
    for (auto up = above_.at(row); up != row; up = above_.at(row)) row = up;
    return row;
  }

  void join(store::RowId a, store::RowId b) {
    auto const [low, high] = std::minmax({top(a), top(b)});
    above_[high] = low;
  }

  [[nodiscard]] bool has(store::RowId row) const { return above_.contains(row); }

 private:
  std::map<store::RowId, store::RowId> above_;
};

}  // namespace

std::map<store::RowId, store::RowId> parties_of(std::span<store::Organisation const> organisations) {
  Sets sets;
  for (auto const& one : organisations) sets.add(one.row);
  std::map<store::RowId, store::RowId> at_origin;
  for (auto const& one : organisations) {
    if (one.origin != 0) sets.join(at_origin.try_emplace(one.origin, one.row).first->second, one.row);
    if (sets.has(one.party)) sets.join(one.party, one.row);
  }
  std::map<store::RowId, store::RowId> out;
  for (auto const& one : organisations) out.emplace(one.row, sets.top(one.row));
  return out;
}

}  // namespace tocsin::access
