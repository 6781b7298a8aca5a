// Openings over SQLite. Owned by the reader whose connection it uses, on its thread.
#pragma once

#include <functional>

#include "server/store/opening_reader.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class OpeningReads final : public OpeningReader {
 public:
  explicit OpeningReads(Connection& connection);

  core::Result<OpenedRange> data(OpeningRange const& range, OpeningWindow const& window) override;
  core::Result<OpenedRange> control(OpeningRange const& range) override;
  core::Result<OpenedRange> relayed_data(RowId origin, OpeningRange const& range, OpeningWindow const& window,
                                         MayBeRelayed const& may) override;
  core::Result<OpenedRange> relayed_control(RowId origin, OpeningRange const& range) override;
  core::Result<std::vector<std::string>> later_heads(RowId origin, IsAsked const& is_asked, std::size_t most) override;

 private:
  class Gathering;
  enum class Took : std::uint8_t { yes, full, false_leaf };
  struct At {
    std::uint64_t index = 0;
    RowId version = 0;     // 0: it is a head
    RowId collection = 0;  // that it is numbered in
  };

  // Entries that a statement gives, which was started: index, version, class and collection of each.
  using Take = std::function<Took(At const& at, Gathering& gathering)>;
  core::Result<OpenedRange> gather_data(OpeningRange const& range, OpeningWindow const& window, Statement& rows,
                                        Take const& take);
  Took take_own(At const& at, OpeningWindow const& window, Gathering& gathering);
  Took take_relayed(At const& at, OpeningWindow const& window, MayBeRelayed const& may, Gathering& gathering);
  // What a statement gives, which was started.
  core::Result<OpenedRange> gather_control(OpeningRange const& range, Statement& rows,
                                           core::Error (*missing)(std::uint64_t index));
  // Aliases and places of where the version is published in the window; none: nowhere.
  bool find_places(RowId version, OpeningWindow const& window, log::OpenedEntry& entry,
                   std::vector<std::pair<RowId, std::int64_t>>& places);

  Connection& connection_;
  Statement begin_, end_, entries_, places_, content_, head_, control_, foreign_entries_, foreign_content_,
      foreign_control_;
};

}  // namespace tocsin::store::sqlite
