// The intake of this instance: what is kept of peers' logs goes through the commit thread, what they opened through the
// door. Owned by the application; the threads that follow peers, never the commit thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/endpoints/context.hpp"
#include "server/federation/intake.hpp"

namespace tocsin::app {

class LedgerIntake final : public federation::Intake {
 public:
  LedgerIntake(endpoints::Context& context, store::OriginStore& origins) : context_(context), origins_(origins) {}

  core::Result<store::Origin> origin(std::string const& name) override;
  core::Result<void> verified(store::RowId origin, store::LogName name, store::OriginLog const& log,
                              std::string_view hashes) override;
  core::Result<void> begin_again(store::RowId origin) override;
  core::Result<std::string> hashes(store::RowId origin, store::LogName name, std::uint64_t first,
                                   std::uint64_t count) override;
  core::Result<Judge> judge(store::Origin const& origin) override;
  core::Result<std::vector<store::Fate>> deliver(store::Delivery delivery) override;
  core::Result<store::Completeness> completeness(store::RowId origin) override;

 private:
  endpoints::Context& context_;
  store::OriginStore& origins_;  // inside ledger.perform only
};

}  // namespace tocsin::app
