#include "server/ledger/verify_followed.hpp"

#include <algorithm>

#include "schema/core/digest.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/hash.hpp"
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

std::string name_in_notes(store::FollowedLog const& log) {
  return log.log == store::LogName::data ? log.name : log::control_origin(log.name);
}

// What a stored note says; none, while the first packs of a long log are taken.
core::Result<log::Checkpoint> said_in(store::FollowedLog const& log) {
  if (log.checkpoint.empty()) return log::Checkpoint{name_in_notes(log), 0, log::empty_root()};
  auto const parsed = log::Note::parse(log.checkpoint);
  return parsed ? log::parse_checkpoint(parsed->text()) : std::unexpected(parsed.error());
}

// What the leaves lead to: at the end, and at the size of the note, which is smaller in the midst of a long log.
struct Led {
  log::CompactRange range;
  core::Digest root_at_note = log::empty_root();
  bool whole = true;  // every tile but the last one is full, and none is missing

  void append(std::string_view hash, std::uint64_t note_size) {
    auto const leaf = core::to_array<32>(hash);
    whole = whole && leaf.has_value();
    if (!leaf) return;
    range.append(*leaf);
    if (range.size() == note_size) root_at_note = range.root();
  }
};

core::Result<Led> led_by(store::LogStore& logs, store::FollowedLog const& log, std::uint64_t note_size) {
  Led out;
  auto visited = logs.visit_tiles(log, [&](std::uint64_t tile, std::string_view hashes) {
    out.whole = out.whole && out.range.size() == tile * log::kTileWidth;
    for (; !hashes.empty(); hashes.remove_prefix(std::min<std::size_t>(32, hashes.size())))
      out.append(hashes.substr(0, 32), note_size);
    return out.whole;
  });
  if (!visited) return std::unexpected(visited.error());
  return out;
}

core::Result<bool> is_what_was_verified(store::LogStore& logs, store::FollowedLog const& log) {
  auto const said = said_in(log);
  auto const led = led_by(logs, log, said ? said->size : 0);
  if (!led) return std::unexpected(led.error());
  return said && led->whole && led->range.serialise() == log.range && said->size <= log.size &&
         *said == log::Checkpoint{name_in_notes(log), said->size, led->root_at_note};
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
    auto const good = is_what_was_verified(logs, log);
    if (!good) return std::unexpected(good.error());
    if (!*good) findings.push_back("what is stored of the leaves of " + name_of(log) + " is not what was verified");
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
