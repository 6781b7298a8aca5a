// Evidence and witnesses over SQLite, on the writing connection. Owned by the database; commit thread only.
#pragma once

#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/connection.hpp"
#include "server/store/witness_store.hpp"

namespace tocsin::store::sqlite {

class Witnesses final : public WitnessStore {
 public:
  Witnesses(Connection& connection, Audit& audit) : connection_(connection), audit_(audit) {}

  core::Result<bool> quarantine(std::string const& peer, KeptEvidence const& evidence,
                                std::string const& reason) override;
  core::Result<std::vector<KeptEvidence>> evidence(std::string const& peer) override;
  core::Result<void> witnessed(Witnessed const& witnessed) override;
  core::Result<std::vector<Witnessed>> witnessed() override;
  core::Result<std::string> cosigned(std::string const& origin) override;
  core::Result<void> cosigned(std::string const& origin, std::string const& note) override;

 private:
  bool keep(std::string const& peer, KeptEvidence const& evidence);  // false: it is there

  Connection& connection_;
  Audit& audit_;
};

}  // namespace tocsin::store::sqlite
