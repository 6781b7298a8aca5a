#include "server/ledger/verify_followed.hpp"

#include <algorithm>

#include "schema/core/digest.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/header.hpp"
#include "schema/log/manifest.hpp"
#include "schema/log/note.hpp"
#include "schema/log/tile.hpp"
#include "server/ledger/verify.hpp"

namespace tocsin::ledger {
namespace {

std::string name_of(store::FollowedLog const& log) {
  return "the " + std::string(log.log == store::LogName::data ? "data" : "control") + " log of the origin " + log.name;
}

// Every tile but the last one is full, and none is missing.
core::Result<log::CompactRange> range_of(store::LogStore& logs, store::FollowedLog const& log, bool& whole) {
  log::CompactRange range;
  auto visited = logs.visit_tiles(log, [&](std::uint64_t tile, std::string_view hashes) {
    whole = whole && range.size() == tile * log::kTileWidth;
    for (; !hashes.empty(); hashes.remove_prefix(std::min<std::size_t>(32, hashes.size()))) {
      auto const leaf = core::to_array<32>(hashes.substr(0, 32));
      whole = whole && leaf.has_value();
      if (leaf) range.append(*leaf);
    }
    return whole;
  });
  if (!visited) return std::unexpected(visited.error());
  return range;
}

bool is_of(std::string_view note, store::FollowedLog const& log, core::Digest const& root) {
  auto const parsed = log::Note::parse(note);
  auto const checkpoint = parsed ? log::parse_checkpoint(parsed->text()) : std::unexpected(parsed.error());
  auto const name = log.log == store::LogName::data ? log.name : log::control_origin(log.name);
  return checkpoint && *checkpoint == log::Checkpoint{name, log.size, root};
}

bool is_empty(store::FollowedVersion const& row) {
  return row.header.empty() && row.header_salt.empty() && row.body_salt.empty() && row.digest.empty();
}

// "": nothing.
std::string mistake_in(store::FollowedVersion const& row) {
  if (row.leaf.empty()) return "is stored, and was not verified";
  if (row.bytes.empty()) return is_empty(row) ? "" : "was erased here, and there is something left of it";
  if (core::view(core::sha256(row.bytes)) != row.digest) return "has bytes that differ from their digest";
  if (!opens(row.header, row.header_salt, row.bytes, row.body_salt, row.leaf))
    return "is not the leaf of the header, body and salts that are stored of it";
  auto const header = log::Header::parse(row.header);
  if (!header || header->origin != row.origin || header->class_sequence != row.class_sequence)
    return "has a header that is not the one of its place";
  return "";
}

}  // namespace

core::Result<std::vector<std::string>> verify_followed(store::LogStore& logs) {
  std::vector<std::string> findings;
  auto const followed = logs.followed();
  if (!followed) return std::unexpected(followed.error());
  for (auto const& log : *followed) {
    bool whole = true;
    auto const range = range_of(logs, log, whole);
    if (!range) return std::unexpected(range.error());
    if (!whole || range->serialise() != log.range || !is_of(log.checkpoint, log, range->root()))
      findings.push_back("what is stored of the leaves of " + name_of(log) + " is not what was verified");
  }
  auto const visited = logs.visit_followed([&](store::FollowedVersion const& row) {
    if (auto const mistake = mistake_in(row); !mistake.empty())
      findings.push_back("leaf " + std::to_string(row.index) + " of the origin " + std::string(row.origin) + " " +
                         mistake);
    return findings.size() < 20;
  });
  if (!visited) return std::unexpected(visited.error());
  return findings;
}

}  // namespace tocsin::ledger
