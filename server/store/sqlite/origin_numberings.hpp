// How far the numberings of an origin's data log were followed, and what does not fit in them. Of the writing
// connection, inside whose transaction it is made; commit thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "schema/log/numbering.hpp"
#include "server/store/origin_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class OriginNumberings {
 public:
  OriginNumberings(Connection& connection, RowId origin) : connection_(connection), origin_(origin) {}

  void follow(Delivery const& delivery, std::int64_t now_us);
  // The log is read from 0: what was a gap may be open by now, and whatever else was found stays.
  void begin_again();
  [[nodiscard]] Completeness completeness(std::int64_t now_us);

 private:
  struct Followed {
    log::FollowedNumbering now;
    std::optional<std::int64_t> beyond_us;  // since when an entry is stored that no head covers
  };
  std::optional<Followed> read(core::Uuid const& token);
  bool has_room(std::size_t more);
  void save(core::Uuid const& token, Followed const& followed);
  void keep(NumberedEntry const& entry, log::FollowedNumbering::Found const& found, bool has_head, std::int64_t now_us);
  void forget_explained();
  void count_flaws(Completeness& out, std::int64_t now_us);

  Connection& connection_;
  RowId const origin_;
  std::optional<std::uint64_t> stored_;  // numberings, before the delivery
};

}  // namespace tocsin::store::sqlite
