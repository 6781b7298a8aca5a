// The stored log over SQLite, on a read-only connection of its own. One thread at a time.
#pragma once

#include <memory>

#include "server/store/log_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Logs final : public LogStore {
 public:
  explicit Logs(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

  core::Result<std::uint64_t> data_size() override;
  core::Result<void> visit(std::uint64_t first, std::function<bool(LoggedVersion const&)> visitor) override;
  core::Result<void> visit_leaves(LogName log, std::uint64_t first,
                                  std::function<bool(std::string_view)> visitor) override;
  core::Result<void> visit_control(std::function<bool(LoggedControl const&)> visitor) override;
  core::Result<void> visit_unlogged(std::function<bool(RowId, std::string_view, std::string_view)> visitor) override;
  core::Result<std::vector<FollowedLog>> followed() override;
  core::Result<void> visit_tiles(FollowedLog const& log,
                                 std::function<bool(std::uint64_t, std::string_view)> visitor) override;
  core::Result<void> visit_followed(std::function<bool(FollowedVersion const&)> visitor) override;
  core::Result<void> visit_heads(std::function<bool(FollowedHead const&)> visitor) override;
  core::Result<std::vector<std::string>> integrity() override;

 private:
  std::string columns_of_leaves();
  struct Queries {
    std::string versions, heads;
  };
  Queries entries_of_data();         // by place
  bool is_numbered();                // a migration may be pending, and a backup comes first
  bool has_table(char const* name);  // likewise

  std::unique_ptr<Connection> connection_;
};

}  // namespace tocsin::store::sqlite
