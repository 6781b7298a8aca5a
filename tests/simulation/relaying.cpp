// The part of Instance that reads logs through relays and hands them on: what the endpoints below /log/of/ answer, by
// the same rooms.
#include <algorithm>

#include "schema/core/digest.hpp"
#include "schema/log/tile.hpp"
#include "server/federation/logs_of_peers.hpp"
#include "server/federation/receipts.hpp"
#include "server/federation/relay_rule.hpp"
#include "server/federation/relayed_transport.hpp"
#include "tests/simulation/running.hpp"
#include "tests/simulation/views.hpp"

namespace tocsin::simulation {
namespace {

using federation::PeerAnswer;
using store::LogName;

// "/log/of/HASH/NAME/REST"
struct Target {
  std::string hash, name, rest;
};

Target parsed(std::string const& target) {
  auto const hash = std::string("/log/of/").size(), name = target.find('/', hash) + 1,
             rest = target.find('/', name) + 1;
  return {target.substr(hash, name - 1 - hash), target.substr(name, rest - 1 - name), target.substr(rest)};
}

core::Uuid terms_of(access::PeerView const& view, core::Uuid const& taken) {
  auto const both = core::sha256(std::string(core::view(view.terms)) + std::string(core::view(taken)));
  core::Uuid out;
  std::copy_n(both.begin(), out.size(), out.begin());
  return out;
}

}  // namespace

std::unique_ptr<federation::Transport> Instance::Running::transport_to(std::size_t peer) {
  auto const& of = instance;
  auto direct = of.around_.connect(of.number_, peer);
  auto const relay = of.founding_.relay(of.number_, peer);
  if (of.around_.ways.is_direct(of.number_, peer) || !relay) return direct;
  auto const& founder = of.founding_.of(peer);
  return std::make_unique<federation::RelayedTransport>(
      federation::RelayedTransport::Ways{founder.host, founder.manifest.origin(), of.founding_.of(*relay).host,
                                         std::move(direct), of.around_.connect(of.number_, *relay)},
      of.clock, log);
}

core::Result<void> Instance::Running::acknowledge(store::Origin const& origin, federation::Transport& transport) {
  auto told = control.acknowledge(origin, origin.control.checkpoint, transport);
  if (!transport.relay().empty()) return told;
  auto carried = relayed.receipts().hand_in(origin.name, transport, instance.clock.now_us(), [] { return 0.0; });
  return told ? std::move(carried) : std::move(told);
}

void Instance::Running::told_of(store::Misrelayed const& entry) const {
  for (std::size_t i = 0; i < instance.founding_.size(); ++i)
    if (instance.founding_.of(i).host == entry.relay && instance.around_.is_honest(i))
      instance.around_.history.fail("who is honest is not said to hand on what it may not",
                                    instance.name() + " says so of n" + std::to_string(i));
}

core::Result<std::string> Instance::Running::handed_on(std::size_t peer, federation::RelayedLogs::Log const& whose,
                                                       std::uint64_t from, std::uint64_t to) {
  store::OpeningRange range{from, to, log::kMostOpened, log::kMostOpenedBytes - kHead};
  if (from > to || to > whose.size) return core::fail(core::Code::unprocessable, "It is beyond the log.");
  auto const fault = instance.around_.fault;
  if (whose.name == LogName::control) {
    auto opened = reader->openings().relayed_control(whose.origin.row, range);
    if (!opened) return std::unexpected(opened.error());
    return log::format_openings(
        {log::control_origin(whose.origin.name), {}, from, opened->to, std::move(opened->entries)});
  }
  if (!whose.origin.terms && whose.size > 0)
    return core::fail(core::Code::unavailable, "Nothing was applied here yet.");
  auto const directory = registry.current();
  auto const* asking = directory->organisation(std::string_view(instance.founding_.of(peer).host));
  auto view = relayed_view_of(peering, *directory, asking->row);
  bool const lies = !instance.around_.is_honest(instance.number_) && instance.around_.random() < 0.3;
  bool const everything = lies || fault == PlantedFault::everything_is_handed_on;
  if (everything) open_everything(view, *directory);
  range.to = std::min(range.to, std::max(range.from, whose.applied()));
  store::OpeningWindow const window{view.classes, view.classes_through, view.collections};
  auto opened = reader->openings().relayed_data(whose.origin.row, range, window, [&](std::string_view body) {
    return everything || federation::may_be_relayed(body);
  });
  if (!opened) return std::unexpected(opened.error());
  if (opened->to == from && from < to) return core::fail(core::Code::unavailable, "They were not applied here yet.");
  if (fault == PlantedFault::a_relay_leaves_out && !opened->entries.empty()) opened->entries.pop_back();
  return log::format_openings({whose.origin.name, terms_of(view, whose.origin.terms.value_or(core::Uuid{})), from,
                               opened->to, std::move(opened->entries)});
}

core::Result<PeerAnswer> Instance::hand_on(std::size_t peer, std::string const& target) {
  auto const asked = parsed(target);
  auto const log = running_->relayed.find(asked.hash, asked.name, founding_.of(peer).host);
  if (!log) return PeerAnswer{status_of(log.error()), ""};
  if (asked.rest.starts_with("checkpoint")) return PeerAnswer{200, log->note};
  if (asked.rest.starts_with("openings"))
    return answer(running_->handed_on(peer, *log, parameter(target, "from"), parameter(target, "to")));
  auto const tile = log::parse_tile_path(asked.rest);
  if (!tile) return PeerAnswer{404, ""};
  return answer(running_->relayed.tile(*log, *tile));
}

core::Result<PeerAnswer> Instance::take_receipt_for_another(std::size_t peer, std::string const& target,
                                                            std::string const& body) {
  if (is_quarantined(peer)) return PeerAnswer{403, ""};
  auto const asked = parsed(target);
  auto const log = running_->relayed.find(asked.hash, asked.name, founding_.of(peer).host);
  if (!log) return PeerAnswer{status_of(log.error()), ""};
  auto const& receiver = founding_.of(peer);
  auto const opened = federation::open_receipt(
      body, must(federation::key_of(log->manifest, LogName::control)), receiver.manifest.applied,
      [&](std::uint64_t size) { return running_->relayed.root_at(*log, size); });
  if (!opened) return PeerAnswer{status_of(opened.error()), ""};
  bool const taken = running_->relayed.receipts().take(log->origin.name, receiver.host, opened->size, opened->note);
  return PeerAnswer{taken ? 204 : 202, ""};
}

}  // namespace tocsin::simulation
