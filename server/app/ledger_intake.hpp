// The intake of this instance: what is kept of peers' logs goes through the commit thread, what they opened through the
// door. Owned by the application; the threads that follow peers, never the commit thread.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/endpoints/context.hpp"
#include "server/federation/intake.hpp"
#include "server/federation/origin_trees.hpp"

namespace tocsin::app {

// What of the instance it works with.
struct IntakeContext {
  endpoints::Settings const& settings;
  base::Clock const& clock;
  access::Registry const& registry;
  stream::RangeRegistry const& ranges;
  admission::harm::AllowListRegistry const& allow_lists;
  federation::Peering const& peering;
  admission::Door const& door;
  federation::Perform perform;
  std::function<core::Result<void>()> room_to_write;  // inside perform only
  std::function<core::Result<std::vector<store::Fate>>(store::Delivery)> deliver;
};
// Through the group commit.
[[nodiscard]] IntakeContext intake_context(endpoints::Context& context);

class LedgerIntake final : public federation::Intake {
 public:
  LedgerIntake(IntakeContext context, store::OriginStore& origins) : context_(std::move(context)), origins_(origins) {}

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
  IntakeContext const context_;
  store::OriginStore& origins_;  // inside perform only
};

}  // namespace tocsin::app
