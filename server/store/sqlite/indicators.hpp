// The tables by which indicators with our extension are found. Indicators is owned by Commits, inside whose
// transactions it writes; IndicatorReads by the reader whose connection it uses. Each on the thread of its owner.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/store/indicator_store.hpp"
#include "server/store/read_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Indicators {
 public:
  explicit Indicators(Connection& connection);

  // A version as it is stored. `creator`: the row of the name.
  struct Stored {
    RowId version = 0, class_row = 0, asserter = 0;
    std::optional<RowId> creator;
  };
  void keep(kinds::Searchable const& what, Stored const& where);

  // By key the sequence from which on a chain was shown to have it.
  using Since = std::map<std::string, std::int64_t, std::less<>>;

  // A publication becomes the newest of its chain in its collection, or is that no more: then it is told since when it
  // says what it says, which holds on for those keys that the next one has, too. Of what is no indicator with our
  // extension nothing is kept, and nothing happens.
  void show(RowId collection, std::int64_t sequence, RowId version, Since const& since);
  Since hide(RowId collection, std::int64_t sequence, RowId version);

  void forget(RowId version);  // that was erased

 private:
  struct Known {
    std::vector<std::string> keys, facets;  // facets: with the one that is none
    RowId class_row = 0, asserter = 0;
    std::optional<RowId> creator;
    std::optional<std::int64_t> confidence;
    std::int64_t valid_from = 0;
    std::optional<std::int64_t> valid_until;
    bool revoked = false, relayed = false;
  };
  std::optional<Known> known(RowId version);

  Statement keep_, known_, show_, hide_, forget_;
};

// Brings what was stored before these tables were there into them: inside the transaction that makes them.
void fill_indicators(Connection& connection);

// Finds candidates in the index, by corner; what of them is shown, a page of the reader says.
class IndicatorReads final : public IndicatorReader {
 public:
  IndicatorReads(Connection& connection, ReadStore& reader);

  core::Result<IndicatorPage> search(IndicatorQuery const& query) override;
  core::Result<std::vector<Published>> find(Sight const& sight, core::Uuid const& indicator) override;
  core::Result<std::vector<Published>> newest_among(Sight const& sight, std::span<RowId const> versions) override;
  core::Result<std::vector<ListedIndicator>> listed(RowId collection, std::int64_t after, std::size_t most) override;
  core::Result<std::string> bytes_of(RowId version) override;
  core::Result<std::vector<PublishedTemplate>> templates(RowId collection, std::int64_t after, std::int64_t until,
                                                         std::size_t most) override;
  core::Result<std::pair<std::vector<Published>, bool>> versions(Sight const& sight, core::Uuid const& indicator,
                                                                 std::size_t most) override;
  core::Result<std::optional<LoggedIndicator>> logged(RowId version) override;
  core::Result<std::vector<ValueClaims>> claims(Sight const& sight, std::span<std::vector<std::string> const> values,
                                                std::size_t most) override;

 private:
  struct Candidate {
    IndicatorPlace place;
    RowId version = 0;
  };
  struct Candidates {
    std::vector<Candidate> all;
    std::optional<IndicatorPlace> stopped;  // how far it was looked, when there may be more behind that was not
  };
  struct Corner {  // of a collection
    RowId collection = 0;
    RowId row = 0;  // a class; or the reader's organisation, times -1
  };
  struct Found {
    IndicatorPlace place;
    Published row;
  };
  struct Looking;  // one look into the index, inside a snapshot
  struct Claimed;  // what one row of it claims

  Candidates candidates(IndicatorQuery const& query, IndicatorPlace const& after, std::size_t most, std::size_t& steps);
  std::vector<Corner> corners(Sight const& sight);
  void look(Looking& looking, kinds::KeyRange const& range);
  bool admitted(Looking const& looking, Statement& row, Corner const& corner);
  bool is_first(IndicatorQuery const& query, RowId version, std::string_view key);
  std::vector<std::string> keys_of(RowId version);
  std::vector<core::Uuid> uuids_of(std::span<RowId const> versions);
  std::vector<Corner> corners_between(Sight const& sight, std::string_view first, std::string_view last);
  ValueClaims claims_on(Window const& window, std::vector<Corner> const& corners, std::vector<std::string> const& keys,
                        std::size_t most);
  void keep_newest(std::vector<Claimed>& found);
  bool is_named(RowId asserter, std::optional<RowId> creator);
  core::Result<std::vector<Found>> shown_of(Sight const& sight, std::vector<Candidate> const& candidates);

  Connection& connection_;
  ReadStore& reader_;
  std::vector<Statement> ranges_;  // one for each corner of the search that had most
  Statement begin_, end_, holds_, has_facet_, keys_, name_, uuid_, holds_between_, claims_, chain_, logged_, is_named_,
      listed_, bytes_, templates_;
};

}  // namespace tocsin::store::sqlite
