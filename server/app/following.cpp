#include "server/app/following.hpp"

#include "server/app/chance.hpp"
#include "server/app/ledger_intake.hpp"
#include "server/app/log_keys.hpp"
#include "server/app/recall.hpp"
#include "server/federation/control_applier.hpp"
#include "server/federation/control_keeper.hpp"
#include "server/federation/http_transport.hpp"

namespace tocsin::app {
namespace {

federation::ApplierWorld applier_world(Layout const& layout, endpoints::Context& context, store::Database& database,
                                       store::CommitListener const& announced, federation::OriginTrees& trees,
                                       ledger::RecallAlarm& alarm) {
  return {database.recalls(),
          announced,
          trees,
          context.peering,
          context.clock,
          context.log,
          [&context](std::function<void()> job) { context.ledger.perform(std::move(job)); },
          [&context, &database, &alarm](store::AppliedControl const& applied) {
            take_up(context, database, applied);
            if (applied.ended > 0) count_recalled(context, database, alarm);
          },
          [layout] { return read_signer(layout.applied_key()); },
          by_chance};
}

void keep(endpoints::Context& context, store::RelayStore& relays, store::Misrelayed const& entry) {
  core::Result<bool> kept = core::fail(core::Code::unavailable, "The server is stopping.");
  context.ledger.perform([&] { kept = relays.keep(entry); });
  context.log.error("federation.misrelayed",
                    {{"peer", entry.relay},
                     {"origin", entry.origin},
                     {"position", static_cast<std::int64_t>(entry.index)},
                     {"kept", kept.has_value()},
                     {"remedy", "Read docs/federating.md; tocsind peer evidence " + entry.relay}});
}

// Its own receipt first; then those that others cannot bring themselves, and what is known of those who have none that
// this origin takes. What is refused holds up nothing else.
core::Result<void> acknowledge(endpoints::Context& context, federation::ControlApplier& control,
                               store::Origin const& origin, federation::Transport& transport) {
  auto told = control.acknowledge(origin, origin.control.checkpoint, transport);
  if (transport.relay().empty()) {
    auto carried = context.relayed.receipts().hand_in(origin.name, transport, context.clock.now_us(), by_chance);
    if (told) told = std::move(carried);
  }
  auto of_others = context.dependents.hand_in(origin, transport);
  return told ? std::move(of_others) : std::move(told);
}

}  // namespace

federation::Puller::Connect connect_by(Layout const& layout, base::Config const& config) {
  auto const& own = config.federation;
  federation::TransportOptions options{
      {layout.directory / (own.certificate.empty() ? config.tls.certificate : own.certificate),
       layout.directory / (own.key.empty() ? config.tls.key : own.key)},
      own.private_addresses};
  return [options](log::Manifest const& manifest) { return federation::http_transport(manifest, options); };
}

struct Following::Parts {
  Parts(Layout const& layout, endpoints::Context& context, store::Database& database,
        store::CommitListener const& announced, federation::OriginTrees& trees, ledger::RecallAlarm& alarm)
      : intake(intake_context(context), database.origins()),
        control(applier_world(layout, context, database, announced, trees, alarm)),
        keeper(
            database.relays(), [&context](std::function<void()> job) { context.ledger.perform(std::move(job)); },
            control) {}

  LedgerIntake intake;
  federation::ControlApplier control;
  federation::ControlKeeper keeper;
};

Following::Following(Layout const& layout, base::Config const& config, endpoints::Context& context,
                     store::Database& database, store::CommitListener const& announced, Witnessing& witnessing,
                     ledger::RecallAlarm& alarm)
    : layout_(layout),
      context_(context),
      witnessing_(witnessing),
      parts_(std::make_unique<Parts>(layout, context, database, announced, witnessing.trees(), alarm)) {
  federation::Surroundings const around{
      parts_->intake,
      parts_->keeper,
      witnessing.misbehaviour(),
      context.clock,
      context.log,
      context.metrics,
      by_chance,
      [&context, &control = parts_->control](store::Origin const& origin, federation::Transport& transport) {
        return acknowledge(context, control, origin, transport);
      },
      [&context, &database](store::Misrelayed const& entry) { keep(context, database.relays(), entry); },
      [&context](store::Origin const& origin) {
        if (context.relayed.grown(origin)) context.log_bell.ring();
      }};
  puller_ = std::make_unique<federation::Puller>([&peering = context.peering] { return peering.peers(); },
                                                 connect_by(layout, config), around);
  context_.ledger.perform([this] {
    context_.peering.watch([this] {
      puller_->changed();
      context_.relayed.agreed_anew();
      context_.log_bell.ring();
    });
  });
  witnessing_.begin(connect_by(layout, config));
}

Following::~Following() {
  context_.ledger.perform([this] { context_.peering.watch([] {}); });
}

void Following::reload(base::Config const& config) {
  puller_->reconnect(connect_by(layout_, config));
  witnessing_.begin(connect_by(layout_, config));
}

std::vector<federation::PeerStatus> Following::status() const {
  auto out = puller_->status();
  auto const witnessed = witnessing_.exchange().latest();
  auto const stalls = witnessing_.exchange().stalls();
  for (auto& one : out) {
    if (auto const found = witnessed.find(one.origin); found != witnessed.end() && found->second.witnesses > 0)
      one.witnessed = found->second.witnessed;
    if (auto const found = stalls.find(one.origin); found != stalls.end()) one.stall = found->second;
  }
  return out;
}

}  // namespace tocsin::app
