// What has to be known to retract an indicator, over SQLite. Owned by the reader whose connection it uses; on its
// thread.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "server/store/retraction_store.hpp"
#include "server/store/sqlite/chain_index.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class RetractionReads final : public RetractionReader {
 public:
  RetractionReads(Connection& connection, ChainIndex const& chains);

  core::Result<std::vector<Retractable>> retractable(std::optional<RowId> asserter,
                                                     core::Uuid const& indicator) override;
  core::Result<std::optional<StoredObject>> stored(RowId asserter, std::string const& type,
                                                   core::Uuid const& uuid) override;

 private:
  // The versions of a chain, in order of modification.
  using Versions = std::map<std::int64_t, ChainIndex::Place>;
  using Chains = std::map<std::pair<RowId, ChainIndex::Id>, Versions>;  // by asserter and id

  Chains chains_of(std::vector<ChainIndex::Id> const& ids);
  std::optional<RowId> type_row(std::string const& type);
  std::vector<ChainIndex::Id> companions(Retractable& of, RowId newest);
  void find_bonds(RowId asserter, core::Uuid const& uuid, Retractable& of, std::vector<RowId>& out);
  void load(Retractable& of, RowId newest);
  StoredObject object(ChainIndex::Id const& id, Versions const& versions);
  std::optional<ChainIndex::Id> id_of(RowId version);

  Connection& connection_;
  ChainIndex const& chains_;
  Statement begin_, end_, touch_, chain_, type_, claim_, bonds_, id_, version_, publications_;
};

}  // namespace tocsin::store::sqlite
