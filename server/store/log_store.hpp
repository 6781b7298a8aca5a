// The stored log, for those who re-derive it: checks today, the integrator and mirrors through the same rows. One
// thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/leaf_store.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// A logged version, or the head of a numbering, with everything its leaf was made of; of a version that was erased,
// header, salts, bytes and digest are empty. `entry` is empty where it was erased before entries were kept. Of what a
// restore lost there is the leaf alone. Views live until the visitor returns.
struct LoggedVersion {
  std::uint64_t index = 0;
  std::string_view header, header_salt, body_salt, bytes, leaf, entry, digest;
  std::string_view class_token;      // of its numbering as stored today
  std::uint64_t class_sequence = 0;  // of a head 0
  bool is_head = false;
  bool lost = false;
};

// Likewise an entry of the control log.
struct LoggedControl {
  std::uint64_t index = 0;
  std::string_view header, header_salt, body_salt, body, leaf, entry;
};

// A log of another instance, as far as it was verified here.
struct FollowedLog {
  RowId origin = 0;
  LogName log = LogName::data;
  std::string name;  // of the origin's data log
  std::uint64_t size = 0;
  std::string range, checkpoint;  // as OriginLog has them
};

// A version that another instance logged, likewise with what its leaf was made of, and the leaf that was verified at
// its place, which is empty where none was.
struct FollowedVersion {
  std::string_view origin;  // name of the data log
  std::uint64_t index = 0, class_sequence = 0;
  std::string_view header, header_salt, body_salt, bytes, digest, leaf;
};

// A head of another instance's log that was opened here and is kept to be compared, with the leaf that was verified at
// its place, which is empty where none was.
struct FollowedHead {
  std::string_view origin;  // name of the data log
  std::uint64_t rank = 0, index = 0;
  std::string_view token, body_salt, opening, leaf;
  std::uint64_t newest = 0, headed = 0;  // index and count of the newest head of its numbering, as that says
};

class LogStore {
 public:
  virtual ~LogStore() = default;

  [[nodiscard]] virtual core::Result<std::uint64_t> data_size() = 0;

  // Visits the leaves of the data log in order from `first`; stops when the visitor returns false.
  [[nodiscard]] virtual core::Result<void> visit(std::uint64_t first,
                                                 std::function<bool(LoggedVersion const&)> visitor) = 0;

  // Visits leaf hashes (32 bytes) of a log in order from `first`, and nothing they are made of; stops likewise.
  [[nodiscard]] virtual core::Result<void> visit_leaves(LogName log, std::uint64_t first,
                                                        std::function<bool(std::string_view)> visitor) = 0;

  // Visits the entries of the control log in order.
  [[nodiscard]] virtual core::Result<void> visit_control(std::function<bool(LoggedControl const&)> visitor) = 0;

  // Visits digest and bytes of the versions that are not logged and not erased, by their row.
  [[nodiscard]] virtual core::Result<void> visit_unlogged(
      std::function<bool(RowId, std::string_view digest, std::string_view bytes)> visitor) = 0;

  // Logs of other instances that are followed here.
  [[nodiscard]] virtual core::Result<std::vector<FollowedLog>> followed() = 0;
  // Visits the tiles of level 0 that are stored of one, in order: their numbers and hashes.
  [[nodiscard]] virtual core::Result<void> visit_tiles(
      FollowedLog const& log, std::function<bool(std::uint64_t tile, std::string_view hashes)> visitor) = 0;
  // Visits what is stored of their entries, by origin and place.
  [[nodiscard]] virtual core::Result<void> visit_followed(std::function<bool(FollowedVersion const&)> visitor) = 0;
  // Visits what is kept of their heads, by origin, numbering and place.
  [[nodiscard]] virtual core::Result<void> visit_heads(std::function<bool(FollowedHead const&)> visitor) = 0;

  // The database's own integrity check and the cross-checks between tables; one sentence a finding.
  [[nodiscard]] virtual core::Result<std::vector<std::string>> integrity() = 0;
};

}  // namespace tocsin::store
