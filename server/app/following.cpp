#include "server/app/following.hpp"

#include <random>

#include "server/app/ledger_intake.hpp"
#include "server/app/log_keys.hpp"
#include "server/app/recall.hpp"
#include "server/federation/control_applier.hpp"
#include "server/federation/http_transport.hpp"

namespace tocsin::app {
namespace {

federation::ApplierWorld applier_world(Layout const& layout, endpoints::Context& context, store::Database& database,
                                       federation::OriginTrees& trees) {
  return {database.recalls(),
          trees,
          context.peering,
          context.clock,
          context.log,
          [&context](std::function<void()> job) { context.ledger.perform(std::move(job)); },
          [&context, &database](store::AppliedControl const& applied) { take_up(context, database, applied); },
          [layout] { return read_signer(layout.applied_key()); }};
}

double by_chance() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
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
  Parts(Layout const& layout, endpoints::Context& context, store::Database& database, federation::OriginTrees& trees)
      : intake(context, database.origins()), control(applier_world(layout, context, database, trees)) {}

  LedgerIntake intake;
  federation::ControlApplier control;
};

Following::Following(Layout const& layout, base::Config const& config, endpoints::Context& context,
                     store::Database& database, Witnessing& witnessing)
    : layout_(layout),
      context_(context),
      witnessing_(witnessing),
      parts_(std::make_unique<Parts>(layout, context, database, witnessing.trees())) {
  federation::Surroundings const around{
      parts_->intake,
      parts_->control,
      witnessing.misbehaviour(),
      context.clock,
      context.log,
      context.metrics,
      by_chance,
      [&control = parts_->control](store::Origin const& origin, federation::Transport& transport) {
        return control.acknowledge(origin, origin.control.checkpoint, transport);
      }};
  puller_ = std::make_unique<federation::Puller>([&peering = context.peering] { return peering.peers(); },
                                                 connect_by(layout, config), around);
  context_.ledger.perform([this] { context_.peering.watch([this] { puller_->changed(); }); });
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
  for (auto& one : out)
    if (auto const found = witnessed.find(one.origin); found != witnessed.end() && found->second.witnesses > 0)
      one.witnessed = found->second.witnessed;
  return out;
}

}  // namespace tocsin::app
