#include "server/app/peers_of_restored.hpp"

#include <algorithm>
#include <utility>

#include "server/app/following.hpp"
#include "server/app/log_keys.hpp"
#include "server/federation/control_applier.hpp"
#include "server/federation/control_keeper.hpp"
#include "server/federation/log_follower.hpp"
#include "server/federation/openings_applier.hpp"

namespace tocsin::app {
namespace {

// Nothing else uses the database, so whatever is kept is kept here and now; and of data logs nothing is read.
class DirectIntake final : public federation::Intake {
 public:
  explicit DirectIntake(store::OriginStore& origins) : origins_(origins) {}

  core::Result<store::Origin> origin(std::string const& name) override {
    auto const row = origins_.follow(name);
    if (!row) return std::unexpected(row.error());
    auto const found = origins_.origin(name);
    if (!found) return std::unexpected(found.error());
    if (!*found) return core::fail(core::Code::storage_failed, "An origin that was stored is not there.");
    return **found;
  }
  core::Result<void> verified(store::RowId origin, store::LogName name, store::OriginLog const& log,
                              std::string_view hashes) override {
    return origins_.verified(origin, name, log, hashes);
  }
  core::Result<void> begin_again(store::RowId origin) override { return origins_.begin_again(origin); }
  core::Result<std::string> hashes(store::RowId origin, store::LogName name, std::uint64_t first,
                                   std::uint64_t count) override {
    return origins_.hashes(origin, name, first, count);
  }
  core::Result<Judge> judge(store::Origin const&) override { return not_yet(); }
  core::Result<std::vector<store::Fate>> deliver(store::Delivery) override { return not_yet(); }

 private:
  static std::unexpected<core::Error> not_yet() {
    return core::fail(core::Code::unprocessable, "The instance is sealed, and takes no entries.");
  }

  store::OriginStore& origins_;
};

federation::Own own_of(Layout const& layout) {
  return {layout.manifest(), layout.peers(), [layout] { return read_signer(layout.log_key()); },
          [layout] { return read_root_verifier(layout); }};
}

core::Result<std::uint64_t> read_control_log(ReachedPeer& peer, DirectIntake& intake, federation::ControlSink& control,
                                             base::Clock const& clock) {
  auto origin = intake.origin(peer.manifest.origin());
  if (!origin) return std::unexpected(origin.error());
  federation::LogFollower log(*peer.transport, intake, clock, store::LogName::control, peer.manifest, {});
  if (auto looked = log.look(*origin, std::nullopt); !looked) return std::unexpected(looked.error());
  federation::OpeningsApplier applier(*peer.transport, intake, control, "");
  while (origin->control.applied < origin->control.size)
    if (auto step = applier.control(*origin); !step) return std::unexpected(step.error());
  return origin->control.size;
}

}  // namespace

PeersOfRestored::PeersOfRestored(Layout const& layout, store::Database& database)
    : database_(database), peering_(database.peers(), database.accounts(), registry_, own_of(layout)) {}

core::Result<std::unique_ptr<PeersOfRestored>> PeersOfRestored::open(Layout const& layout, base::Config const& config,
                                                                     store::Database& database,
                                                                     std::vector<std::string> const& without) {
  std::unique_ptr<PeersOfRestored> out(new PeersOfRestored(layout, database));
  if (auto loaded = out->registry_.reload(database.accounts()); !loaded) return std::unexpected(loaded.error());
  if (auto loaded = out->peering_.load(); !loaded) return std::unexpected(loaded.error());
  auto const peers = out->peering_.peers();
  for (auto const& name : without)
    if (std::ranges::find(peers, name, [](auto const& shown) { return shown.peer.name; }) == peers.end())
      return core::fail(core::Code::bad_parameter, "This instance has no peer of a name that --without gives.", "",
                        "Each is named as `tocsind peer list` named it.");
  auto const connect = connect_by(layout, config);
  for (auto const& shown : peers) {
    if (shown.peer.state == store::PeerState::removed || std::ranges::find(without, shown.peer.name) != without.end())
      continue;
    bool const active = shown.peer.state == store::PeerState::active;
    out->reached_.push_back({shown.peer.name, shown.manifest, active, connect(shown.manifest)});
  }
  return out;
}

core::Result<std::vector<PeersOfRestored::ControlLog>> PeersOfRestored::read_control_logs() {
  base::SystemClock const clock;
  base::Log log(2, base::Level::error);
  DirectIntake intake(database_.origins());
  auto const here_and_now = [](std::function<void()> const& job) { job(); };
  store::CommitListener const nobody;  // reads here before the instance serves
  federation::OriginTrees trees(database_.origins(), here_and_now);
  federation::ControlApplier control({database_.recalls(), nobody, trees, peering_, clock, log, here_and_now,
                                      [](store::AppliedControl const&) {},
                                      [] {
                                        return core::Result<log::SignerKey>(core::fail(
                                            core::Code::unprocessable, "A sealed instance signs no receipt."));
                                      },
                                      [] { return 0.0; }});
  federation::ControlKeeper keeper(database_.relays(), here_and_now, control);
  std::vector<ControlLog> out;
  for (auto& peer : reached_) {
    if (!peer.active) continue;
    auto const size = read_control_log(peer, intake, keeper, clock);
    if (!size)
      return core::fail(size.error().code,
                        "The control log of " + peer.name + " cannot be read: " + size.error().detail, "",
                        size.error().remedy + " Or go on without it: --without " + peer.name);
    out.push_back({peer.name, *size});
  }
  return out;
}

}  // namespace tocsin::app
