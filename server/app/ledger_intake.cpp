#include "server/app/ledger_intake.hpp"

#include <future>
#include <memory>
#include <utility>

#include "server/admission/foreign.hpp"
#include "server/federation/foreign_terms.hpp"

namespace tocsin::app {
namespace {

// What a job on the commit thread gives.
template <class T>
core::Result<T> on_commit_thread(federation::Perform const& perform, std::function<core::Result<T>()> const& job) {
  core::Result<T> result = core::fail(core::Code::unavailable, "The server is stopping.");
  perform([&] { result = job(); });
  return result;
}

core::Result<std::vector<store::Fate>> deliver_through(ledger::GroupCommit& ledger, store::Delivery delivery) {
  std::promise<core::Result<std::vector<store::Fate>>> fates;
  auto answer = fates.get_future();
  ledger.deliver(std::move(delivery),
                 [&](core::Result<std::vector<store::Fate>> result) { fates.set_value(std::move(result)); });
  return answer.get();
}

}  // namespace

IntakeContext intake_context(endpoints::Context& context) {
  auto& ledger = context.ledger;
  return {context.settings,
          context.clock,
          context.registry,
          context.ranges,
          context.allow_lists,
          context.peering,
          context.door,
          [&ledger](std::function<void()> const& job) { ledger.perform(job); },
          [&ledger] { return ledger.room_to_write(); },
          [&ledger](store::Delivery delivery) { return deliver_through(ledger, std::move(delivery)); }};
}

core::Result<store::Origin> LedgerIntake::origin(std::string const& name) {
  return on_commit_thread<store::Origin>(context_.perform, [&]() -> core::Result<store::Origin> {
    auto const row = origins_.follow(name);
    if (!row) return std::unexpected(row.error());
    auto const found = origins_.origin(name);
    if (!found) return std::unexpected(found.error());
    if (!*found) return core::fail(core::Code::storage_failed, "An origin that was stored is not there.");
    return **found;
  });
}

core::Result<void> LedgerIntake::verified(store::RowId origin, store::LogName name, store::OriginLog const& log,
                                          std::string_view hashes) {
  return on_commit_thread<void>(context_.perform, [&] {
    auto const room = context_.room_to_write();
    return room ? origins_.verified(origin, name, log, hashes) : room;
  });
}

core::Result<void> LedgerIntake::begin_again(store::RowId origin) {
  return on_commit_thread<void>(context_.perform, [&] { return origins_.begin_again(origin); });
}

core::Result<std::string> LedgerIntake::hashes(store::RowId origin, store::LogName name, std::uint64_t first,
                                               std::uint64_t count) {
  return on_commit_thread<std::string>(context_.perform, [&] { return origins_.hashes(origin, name, first, count); });
}

core::Result<federation::Intake::Judge> LedgerIntake::judge(store::Origin const& origin) {
  auto const directory = context_.registry.current();
  auto terms = federation::foreign_terms(context_.peering, *directory, origin.name);
  if (!terms)
    return core::fail(core::Code::origin_not_agreed, "Nothing is agreed with the peer that would let anything in.");
  auto const& settings = context_.settings;
  if (auto may = federation::check_waits_nowhere(*terms, *directory, settings.identity); !may)
    return std::unexpected(may.error());
  auto const around = std::make_shared<admission::harm::Surroundings const>(
      admission::harm::Bounds{settings.widest_v4, settings.widest_v6, settings.demo}, context_.allow_lists.current(),
      context_.ranges.of_others(terms->peer));
  return
      [this, directory, around, terms = *std::move(terms)](log::OpenedEntry const& entry, log::Header const& header) {
        admission::Visit const visit{directory,   &context_.registry.statements(), terms.peer,
                                     {},          context_.clock.now_us(),         context_.settings.identity,
                                     around.get()};
        return admission::admit_foreign(context_.door, entry, header, terms, visit);
      };
}

core::Result<std::vector<store::Fate>> LedgerIntake::deliver(store::Delivery delivery) {
  return context_.deliver(std::move(delivery));
}

core::Result<store::Completeness> LedgerIntake::completeness(store::RowId origin) {
  return on_commit_thread<store::Completeness>(context_.perform,
                                               [&] { return origins_.completeness(origin, context_.clock.now_us()); });
}

}  // namespace tocsin::app
