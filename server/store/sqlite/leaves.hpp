// Leaves over SQLite. Owned by the reader whose connection it uses, on its thread.
#pragma once

#include <functional>

#include "server/store/leaf_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class LeafReads final : public LeafReader {
 public:
  explicit LeafReads(Connection& connection);

  core::Result<std::string> hashes(LogName log, std::uint64_t first, std::uint64_t count) override;
  core::Result<std::vector<std::string>> entries(LogName log, std::uint64_t first, std::uint64_t count) override;

 private:
  // Each of them, in order.
  core::Result<void> each(LogName log, std::uint64_t first, std::uint64_t count,
                          std::function<void(Statement const&)> const& take);

  Connection& connection_;
  Statement range_;
};

// Makes the entries of the leaves that were stored before entries were kept, from what they commit to: inside the
// transaction that adds the column. Of what was erased by then there is none.
void fill_entries(Connection& connection);

}  // namespace tocsin::store::sqlite
