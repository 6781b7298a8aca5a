#include "server/federation/log_follower.hpp"

#include <algorithm>
#include <map>
#include <memory>

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
  return log.range.empty() ? core::Result<log::CompactRange>(log::CompactRange()) : log::CompactRange::parse(log.range);
}

core::Error contradicts(Code verdict) {
  bool const shorter = verdict == Code::log_rollback;
  return {verdict,
          shorter ? "The peer signed a shorter log than the one that was verified here."
                  : "The peer signed two logs of one size that differ.",
          "", "Nothing of it is taken. `tocsind peer list` says whether the peer is quarantined."};
}

// What an origin signed some time ago is no mistake of its own.
core::Error behind(std::string const& relay) {
  return {Code::unavailable, relay + " hands on less of the peer's log than was verified here.", "",
          "It is tried again, and so is the peer itself."};
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
    if (step == log::Step::rollback && !transport_.relay().empty()) return std::unexpected(behind(transport_.relay()));
    return std::unexpected(contradicts(step == log::Step::rollback ? Code::log_rollback : Code::log_forked));
  }
  // The first of an empty log is kept too: whoever hands the log on shows it.
  if (step == log::Step::same && !known.checkpoint.empty()) return out;
  if (auto grown = grow(origin, opened->checkpoint, *note); !grown) {
    if (grown.error().code == Code::log_inconsistent)
      evidence_ = ask_for_evidence(known, opened->checkpoint.size, *note);
    return std::unexpected(grown.error());
  }
  out.longer = step != log::Step::same;
  out.more = known.size < opened->checkpoint.size;
  return out;
}

core::Result<void> LogFollower::may_grow(log::Checkpoint const& next) {
  if (next.size > kMostLeaves)
    return core::fail(Code::too_many_requests, "The peer's log has more entries than are followed.", "",
                      "Ask its operator whether it holds that much.");
  if (growth_.entries(clock_.now_us()) == 0)
    return core::fail(Code::too_many_requests, "The peer's log grows faster than it is followed.", "",
                      "It is tried again. Ask its operator what it logs so much of.");
  return {};
}

core::Result<void> LogFollower::grow(store::Origin& origin, log::Checkpoint const& next, std::string const& note) {
  auto& known = log_of(origin, name_);
  if (auto may = may_grow(next); !may) return may;
  auto const verified = range_of(known);
  if (!verified) return std::unexpected(verified.error());
  auto const end = next_end(*verified, next);
  if (!end) return std::unexpected(end.error());
  auto const hashes = leaves(known.size, end->size);
  if (!hashes) return std::unexpected(hashes.error());
  auto const range = log::extend(*verified, *hashes, *end);
  if (!range) return std::unexpected(range.error());
  // No note says anything of the size where a pack ends: the one of before stays.
  store::OriginLog grown{end->size, known.applied, range->serialise(), end->size == next.size ? note : known.checkpoint,
                         clock_.now_us()};
  if (auto kept = intake_.verified(origin.row, name_, grown, *hashes); !kept) return kept;
  growth_.take(end->size - known.size, hashes->size());
  known = std::move(grown);
  return {};
}

core::Result<log::Checkpoint> LogFollower::next_end(log::CompactRange const& verified, log::Checkpoint const& next) {
  if (next.size - verified.size() <= log::kPackLeaves) return next;
  auto const seen = std::make_shared<std::map<std::string, std::string>>();  // neighbouring nodes are of one tile
  auto const nodes = log::reader_of(
      [this, seen](log::TilePath const& path) -> core::Result<std::string> {
        auto const name = log::format_tile_path(path);
        if (auto const there = seen->find(name); there != seen->end()) return there->second;
        auto bytes = tile(path);
        if (bytes) seen->emplace(name, *bytes);
        return bytes;
      },
      next.size);
  return log::pack_end(verified, next, nodes);
}

core::Result<std::string> LogFollower::tile(log::TilePath const& path) {
  auto bytes = ask(transport_, path_ + log::format_tile_path(path), kTileBytes, kTimeout);
  if (bytes && bytes->size() != path.width * kHashBytes)
    return core::fail(Code::log_inconsistent, "A tile of the peer's log has another number of hashes.");
  return bytes;
}

// Leaves that lead elsewhere may have been changed on the way. But where the tiles of the larger tree lead to its
// signed root, and to another root than was signed before at the size of the verified one, the log itself shows that it
// was rewritten: nobody on the way can make such tiles. In the midst of a long log no note is of what was verified, and
// the one of before is held against them. nullopt: they show nothing.
std::optional<log::Evidence> LogFollower::ask_for_evidence(store::OriginLog const& known, std::uint64_t size,
                                                           std::string const& note) {
  auto const before = log::open_checkpoint(known.checkpoint, *key_, {});
  if (!before || before->checkpoint.size == 0) return std::nullopt;
  auto const size_before = before->checkpoint.size;
  std::map<std::string, std::string> read;
  auto const tree = log::reader_of(
      [&](log::TilePath const& tile) -> core::Result<std::string> {
        auto const path = path_ + log::format_tile_path(tile);
        if (auto const found = read.find(path); found != read.end()) return found->second;
        auto bytes = ask(transport_, path, kTileBytes, kTimeout);
        if (bytes) read.emplace(path, *bytes);
        return bytes;
      },
      size);
  auto const root = log::tree_root(tree, size_before);
  if (!root) return std::nullopt;
  auto proof = log::consistency_proof(tree, size_before, size);
  if (!proof) return std::nullopt;
  log::Evidence evidence{*key_, known.checkpoint, note, log::Evidence::Beginning{*root, *std::move(proof)}};
  if (!log::verify_evidence(evidence, *key_)) return std::nullopt;
  return evidence;
}

// By tiles of level 0, in the form that the signed size has of each.
core::Result<std::string> LogFollower::leaves(std::uint64_t first, std::uint64_t end) {
  std::string out;
  out.reserve((end - first) * kHashBytes);
  while (first < end) {
    std::uint64_t const index = first / log::kTileWidth, begins = index * log::kTileWidth;
    auto const width = static_cast<unsigned>(std::min<std::uint64_t>(log::kTileWidth, end - begins));
    auto const bytes = tile({log::TilePath::Kind::hashes, 0, index, width});
    if (!bytes) return std::unexpected(bytes.error());
    out += bytes->substr((first - begins) * kHashBytes);
    first = begins + width;
  }
  return out;
}

}  // namespace tocsin::federation
