#include "server/federation/log_follower.hpp"

#include <algorithm>

#include "schema/log/following.hpp"
#include "schema/log/tile.hpp"
#include "server/federation/logs_of_peers.hpp"
#include "server/federation/peer_request.hpp"

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;
using core::Code;

constexpr std::size_t kHashBytes = 32, kTileBytes = kHashBytes * log::kTileWidth;
constexpr std::chrono::seconds kTimeout = 30s, kBeyondWait = 15s;
constexpr std::int64_t kUnlimited = 1'000'000;  // MiB in an hour: leaves are counted, not bytes

std::optional<log::VerifierKey> key_if_any(log::Manifest const& manifest, store::LogName name) {
  auto key = key_of(manifest, name);
  return key ? std::optional(*std::move(key)) : std::nullopt;
}

core::Result<log::CompactRange> range_of(store::OriginLog const& log) {
  return log.checkpoint.empty() ? core::Result<log::CompactRange>(log::CompactRange())
                                : log::CompactRange::parse(log.range);
}

core::Error contradicts(Code verdict) {
  bool const shorter = verdict == Code::log_rollback;
  return {verdict,
          shorter ? "The peer signed a shorter log than the one that was verified here."
                  : "The peer signed two logs of one size that differ.",
          "", "Nothing of it is taken. `tocsind peer list` says whether the peer is quarantined."};
}

}  // namespace

store::OriginLog& log_of(store::Origin& origin, store::LogName name) {
  return name == store::LogName::data ? origin.data : origin.control;
}

LogFollower::LogFollower(Transport& transport, Intake& intake, base::Clock const& clock, store::LogName name,
                         log::Manifest const& manifest, std::vector<log::VerifierKey> const& witnesses,
                         std::uint64_t most)
    : transport_(transport),
      intake_(intake),
      clock_(clock),
      name_(name),
      path_(name == store::LogName::data ? "/log/data/" : "/log/control/"),
      key_(key_if_any(manifest, name)),
      cosigners_{manifest.freshness},
      most_(most),
      growth_(static_cast<std::int64_t>(most), kUnlimited, clock.now_us()) {
  cosigners_.insert(cosigners_.end(), witnesses.begin(), witnesses.end());
}

core::Result<std::string> LogFollower::checkpoint(std::uint64_t after, std::optional<Wait> const& wait) {
  if (!wait) return ask(transport_, path_ + "checkpoint", log::kMaxNoteBytes, kTimeout);
  return ask(transport_,
             path_ + "checkpoint?after=" + std::to_string(after) + "&control=" + std::to_string(wait->control) +
                 "&wait=" + std::to_string(wait->most.count()),
             log::kMaxNoteBytes, wait->most + kBeyondWait);
}

core::Result<LogFollower::Looked> LogFollower::look(store::Origin& origin, std::optional<Wait> const& wait) {
  auto const& known = log_of(origin, name_);
  auto const note = checkpoint(known.size, wait);
  if (!note) return std::unexpected(note.error());
  if (!key_) return core::fail(Code::key_malformed, "The peer's log has a name that no key can have.");
  auto const opened = log::open_checkpoint(*note, *key_, cosigners_);
  if (!opened) return std::unexpected(opened.error());
  auto const verified = range_of(known);
  if (!verified) return std::unexpected(verified.error());
  Looked out;
  for (auto const& cosigner : opened->cosigners)
    if (cosigner.key == 0) out.cosigned_s = cosigner.time_s;
  auto const step = log::step(*verified, opened->checkpoint);
  if (step == log::Step::rollback || step == log::Step::forked) {
    contradiction_ = *note;
    return std::unexpected(contradicts(step == log::Step::rollback ? Code::log_rollback : Code::log_forked));
  }
  // The first of an empty log is kept too: whoever hands the log on shows it.
  if (step == log::Step::same && !known.checkpoint.empty()) return out;
  if (auto grown = grow(origin, opened->checkpoint, *note); !grown) return std::unexpected(grown.error());
  out.longer = step != log::Step::same;
  return out;
}

core::Result<void> LogFollower::grow(store::Origin& origin, log::Checkpoint const& next, std::string const& note) {
  auto& known = log_of(origin, name_);
  if (next.size - known.size > most_)
    return core::fail(Code::too_many_requests, "The peer's log grew by more entries than are looked at together.", "",
                      "Ask its operator whether it holds that much.");
  if (growth_.entries(clock_.now_us()) == 0)
    return core::fail(Code::too_many_requests, "The peer's log grows faster than it is followed.", "",
                      "It is tried again. Ask its operator what it logs so much of.");
  auto const verified = range_of(known);
  if (!verified) return std::unexpected(verified.error());
  auto const hashes = leaves(known.size, next.size);
  if (!hashes) return std::unexpected(hashes.error());
  auto const range = log::extend(*verified, *hashes, next);
  if (!range) return std::unexpected(range.error());
  store::OriginLog grown{next.size, known.applied, range->serialise(), note, clock_.now_us()};
  if (auto kept = intake_.verified(origin.row, name_, grown, *hashes); !kept) return kept;
  growth_.take(next.size - known.size, hashes->size());
  known = std::move(grown);
  return {};
}

// By tiles of level 0, in the form that the signed size has of each.
core::Result<std::string> LogFollower::leaves(std::uint64_t first, std::uint64_t end) {
  std::string out;
  out.reserve((end - first) * kHashBytes);
  while (first < end) {
    std::uint64_t const index = first / log::kTileWidth, begins = index * log::kTileWidth;
    auto const width = static_cast<unsigned>(std::min<std::uint64_t>(log::kTileWidth, end - begins));
    log::TilePath const tile{log::TilePath::Kind::hashes, 0, index, width};
    auto const bytes = ask(transport_, path_ + log::format_tile_path(tile), kTileBytes, kTimeout);
    if (!bytes) return std::unexpected(bytes.error());
    if (bytes->size() != width * kHashBytes)
      return core::fail(Code::log_inconsistent, "A tile of the peer's log has another number of hashes.");
    out += bytes->substr((first - begins) * kHashBytes);
    first = begins + width;
  }
  return out;
}

}  // namespace tocsin::federation
