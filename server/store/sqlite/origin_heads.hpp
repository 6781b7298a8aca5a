// Heads of an origin's numberings that were opened to us, and what other members show of those that were not. Of the
// writing connection, inside whose transaction it is made; commit thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "server/store/origin_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class OriginHeads {
 public:
  OriginHeads(Connection& connection, RowId origin) : connection_(connection), origin_(origin) {}

  // A head that was opened to us, the newest of all.
  void keep(NumberedEntry const& head);
  void forget_oldest();  // once some were kept
  void forget();         // all of them: the log is read from 0
  [[nodiscard]] std::vector<core::Salt> opened(std::size_t most);
  [[nodiscard]] HeadVerdict compare(ShownHead const& head);

 private:
  bool is_unshown(ShownHead const& head);
  bool is_leaf(ShownHead const& head);
  bool keep(ShownHead const& head);  // false: it is kept already, or there are too many

  Connection& connection_;
  RowId const origin_;
};

}  // namespace tocsin::store::sqlite
