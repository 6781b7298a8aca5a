// The part of Instance that answers peers: what the endpoints of the server answer, by the same rooms.
#include <algorithm>

#include "schema/core/digest.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/tile.hpp"
#include "server/federation/logs_of_peers.hpp"
#include "server/federation/receipts.hpp"
#include "tests/simulation/running.hpp"
#include "tests/simulation/views.hpp"

namespace tocsin::simulation {
namespace {

using federation::PeerAnswer;
using store::LogName;

core::Result<std::optional<core::Digest>> root_at(store::LeafReader& leaves, std::uint64_t signed_size,
                                                  std::uint64_t size) {
  if (size > signed_size) return std::nullopt;
  auto const hashes = leaves.hashes(LogName::control, 0, size);
  if (!hashes) return std::unexpected(hashes.error());
  log::CompactRange range;
  for (std::size_t at = 0; at < hashes->size(); at += 32)
    range.append(core::to_array<32>(std::string_view(*hashes).substr(at, 32)).value());
  return range.root();
}

}  // namespace

core::Result<std::string> Instance::Running::openings(std::size_t peer, LogName name, std::uint64_t from,
                                                      std::uint64_t to) {
  store::OpeningRange const range{from, to, log::kMostOpened, log::kMostOpenedBytes - kHead};
  if (from > to || to > logs.at(name).size) return core::fail(core::Code::unprocessable, "It is beyond the log.");
  auto const& origin = instance.founding_.of(instance.number_).manifest.origin();
  if (name == LogName::control) {
    auto opened = reader->openings().control(range);
    if (!opened) return std::unexpected(opened.error());
    return log::format_openings({log::control_origin(origin), {}, from, opened->to, std::move(opened->entries)});
  }
  auto const directory = registry.current();
  auto const* asking = directory->organisation(std::string_view(instance.founding_.of(peer).host));
  auto view = view_of(peering, *directory, asking->row);
  bool const lies = !instance.around_.is_honest(instance.number_);
  if (lies || instance.around_.fault == PlantedFault::everything_is_opened) open_everything(view, *directory);
  store::OpeningWindow const window{view.classes, view.classes_through, view.collections};
  auto opened = reader->openings().data(range, window);
  if (!opened) return std::unexpected(opened.error());
  if (instance.around_.hiding == Hiding{instance.number_, peer}) hide_heads(window, opened->entries);
  return log::format_openings({origin, view.terms, from, opened->to, std::move(opened->entries)});
}

// In a collection that is nobody else's.
void Instance::say_something() {
  constexpr std::int64_t kBetween = 20 * kSecond;
  if (around_.time.now_us < said_us_ + kBetween) return;
  said_us_ = around_.time.now_us;
  submit({0, kInternal,
          R"({"type":"indicator","spec_version":"2.1","id":"indicator--)" + core::to_text(core::random_uuid()) +
              R"(","created":"2026-01-01T10:00:00.000Z","modified":"2026-01-01T10:00:00.000Z","pattern":)" +
              R"("[ipv4-addr:value = '203.0.113.7']","pattern_type":"stix","valid_from":"2026-01-01T10:00:00Z"})"});
}

core::Result<PeerAnswer> Instance::serve(std::size_t peer, std::string const& target) {
  if (is_quarantined(peer)) return PeerAnswer{403, ""};
  if (is_of_relay(target)) return hand_on(peer, target);
  auto const name = target.starts_with("/log/data/") ? LogName::data : LogName::control;
  auto& log = running_->logs.at(name);
  auto const rest = target.substr(target.find('/', 5) + 1);
  if (around_.fault == PlantedFault::a_peer_logs_when_asked && rest.starts_with("checkpoint")) say_something();
  if (rest.starts_with("checkpoint")) return log.note.empty() ? PeerAnswer{503, ""} : PeerAnswer{200, log.note};
  if (rest.starts_with("openings"))
    return answer(running_->openings(peer, name, parameter(target, "from"), parameter(target, "to")));
  auto const tile = log::parse_tile_path(rest);
  if (!tile) return PeerAnswer{404, ""};
  return answer(log.integrator->tile(reader().leaves(), *tile, log.size));
}

// Whoever brings it.
Instance::TakenReceipt Instance::take_receipt(std::size_t peer, std::string const& body) {
  if (is_quarantined(peer)) return {403};
  auto const& log = running_->logs.at(LogName::control);
  auto const key = must(federation::key_of(founding_.of(number_).manifest, LogName::control));
  core::Result<federation::OpenedReceipt> opened = core::fail(core::Code::not_found, "Nobody signed it.");
  auto of = peer;
  for (std::size_t i = 0; i < founding_.size() && !opened; ++i) {
    of = (peer + i) % founding_.size();
    opened = federation::open_receipt(body, key, founding_.of(of).manifest.applied,
                                      [&](std::uint64_t size) { return root_at(reader().leaves(), log.size, size); });
  }
  if (!opened) return {status_of(opened.error())};
  auto const* organisation = running_->registry.current()->organisation(std::string_view(founding_.of(of).host));
  must(running_->database->recalls().keep({organisation->row, opened->size, opened->note, clock.now_us()}));
  around_.history.note(name() + " has the receipt of n" + std::to_string(of) + " through " +
                       std::to_string(opened->size));
  return {204, of, opened->size};
}

}  // namespace tocsin::simulation
