// What of an instance looks after the honesty of logs: its word as a witness, what it makes of the word of others, and
// the evidence that it keeps. Owned by the instance; made on the main thread, each part says which thread may call it.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "server/federation/evidence_keeper.hpp"
#include "server/federation/witness.hpp"
#include "server/federation/witness_exchange.hpp"
#include "server/federation/witness_rounds.hpp"
#include "server/ledger/group_commit.hpp"
#include "server/ledger/published_log.hpp"
#include "server/store/database.hpp"

namespace tocsin::app {

class Witnessing {
 public:
  struct Parts {
    std::filesystem::path witness_key;  // made when it is missing
    std::filesystem::path log_key;
    std::string origin;  // of the instance's data log
    store::Database& database;
    federation::Peering& peering;
    ledger::GroupCommit& ledger;
    ledger::PublishedLogs const& logs;
    base::Clock const& clock;
    base::Log& log;
  };
  explicit Witnessing(Parts parts);

  [[nodiscard]] federation::Misbehaviour& misbehaviour() { return keeper_; }
  [[nodiscard]] federation::Witness& witness() { return witness_; }
  [[nodiscard]] federation::OriginTrees& trees() { return trees_; }
  [[nodiscard]] federation::WitnessExchange const& exchange() const { return exchange_; }

  // Followed peers are asked what they saw, over such connections from now on and for as long as this lives. One thread
  // at a time.
  void begin(federation::WitnessRounds::Connect connect);

 private:
  [[nodiscard]] federation::OwnLog own_log();
  [[nodiscard]] core::Result<std::string> own_tile(log::TilePath const& path);

  Parts parts_;
  federation::OriginTrees trees_;
  federation::EvidenceKeeper keeper_;
  federation::Witness witness_;
  std::mutex reading_;
  std::unique_ptr<store::ReadStore> reader_;  // guarded by reading_
  federation::WitnessExchange exchange_;
  std::optional<federation::WitnessRounds> rounds_;  // its thread uses what is above: it ends first
};

}  // namespace tocsin::app
