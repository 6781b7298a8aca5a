#include "server/app/following.hpp"

#include <random>

#include "server/app/ledger_intake.hpp"
#include "server/federation/control_sink.hpp"
#include "server/federation/http_transport.hpp"

namespace tocsin::app {
namespace {

// What a peer says of its own log has to be applied before what follows it in there.
class ClosedControl final : public federation::ControlSink {
 public:
  core::Result<void> apply(store::Origin const&, log::Openings const&, std::string const&) override {
    return core::fail(core::Code::unavailable, "The peer's control log has entries, which are not applied here.");
  }
};

double by_chance() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

federation::Puller::Connect connect_by(Layout const& layout, base::Config const& config) {
  auto const& own = config.federation;
  federation::TransportOptions options{
      {layout.directory / (own.certificate.empty() ? config.tls.certificate : own.certificate),
       layout.directory / (own.key.empty() ? config.tls.key : own.key)},
      own.private_addresses};
  return [options](log::Manifest const& manifest) { return federation::http_transport(manifest, options); };
}

}  // namespace

struct Following::Parts {
  Parts(endpoints::Context& context, store::Database& database) : intake(context, database.origins()) {}

  LedgerIntake intake;
  ClosedControl control;
};

Following::Following(Layout const& layout, base::Config const& config, endpoints::Context& context,
                     store::Database& database, Witnessing& witnessing)
    : layout_(layout), context_(context), witnessing_(witnessing), parts_(std::make_unique<Parts>(context, database)) {
  federation::Surroundings const around{
      parts_->intake,
      parts_->control,
      witnessing.misbehaviour(),
      context.clock,
      context.log,
      context.metrics,
      by_chance,
      [](store::Origin const&, federation::Transport&) { return core::Result<void>(); }};
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

std::vector<federation::PeerStatus> Following::status() const { return puller_->status(); }

}  // namespace tocsin::app
