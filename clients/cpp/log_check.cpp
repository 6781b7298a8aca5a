#include "clients/cpp/log_check.hpp"

#include <algorithm>
#include <utility>

#include "clients/cpp/console.hpp"
#include "schema/log/hash.hpp"

namespace tocsin::client {
namespace {

using Kind = log::TilePath::Kind;
constexpr std::size_t kFindings = 20, kHash = 32;

std::string hex_of(std::uint32_t id) {
  core::Digest bytes{};
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(id >> (24 - 8 * i));
  return core::to_hex(core::view(bytes).substr(0, 4));
}

std::unexpected<Failure> no_checkpoint(std::string sentence) {
  return fail(Exit::server, std::move(sentence), "Check that the URL is that of a log, without /checkpoint.");
}

}  // namespace

LogCheck::LogCheck(LogSource source, std::optional<log::VerifierKey> key, std::optional<log::VerifierKey> freshness)
    : source_(std::move(source)), key_(std::move(key)), freshness_(std::move(freshness)) {}

Outcome<LogReport> LogCheck::run() {
  if (auto read = read_checkpoint(); !read) return std::unexpected(std::move(read.error()));
  if (auto read = read_leaves(); !read) return std::unexpected(std::move(read.error()));
  if (range_.size() != report_.checkpoint.size) return std::move(report_);  // what is missing was said
  if (range_.root() != report_.checkpoint.root)
    finding("The root of the " + std::to_string(range_.size()) + " leaves is " +
            core::to_base64(core::view(range_.root())) + ", and the checkpoint names another.");
  if (auto compared = compare_upper_tiles(); !compared) return std::unexpected(std::move(compared.error()));
  return std::move(report_);
}

Outcome<void> LogCheck::read_checkpoint() {
  auto bytes = source_("checkpoint");
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  if (!*bytes) return no_checkpoint("There is no checkpoint.");
  auto note = log::Note::parse(**bytes);
  if (!note) return no_checkpoint("The checkpoint is no signed note: " + note.error().detail);
  auto checkpoint = log::parse_checkpoint(note->text());
  if (!checkpoint) return no_checkpoint("The signed note is no checkpoint: " + checkpoint.error().detail);
  report_.checkpoint = *std::move(checkpoint);
  for (auto const& line : note->signatures()) report_.signers.push_back(printable(line.name) + "+" + hex_of(line.id));
  verify(*note);
  return {};
}

void LogCheck::verify(log::Note const& note) {
  if (key_) {
    report_.verified = key_->name() == report_.checkpoint.origin && log::verify_note(note, {&*key_, 1}).has_value();
    if (!report_.verified) finding("The checkpoint is not signed by " + printable(key_->text()) + " as that log.");
  }
  if (!freshness_) return;
  auto cosigned = log::verify_note(note, {&*freshness_, 1});
  if (cosigned) report_.cosigned_s = cosigned->front().time_s;
  if (!cosigned) finding("The checkpoint is not cosigned by " + printable(freshness_->text()) + ".");
}

Outcome<void> LogCheck::read_leaves() {
  auto const [full, partial] = log::tiles_at(0, report_.checkpoint.size);
  for (std::uint64_t index = 0; index <= full; ++index) {
    unsigned const width = index < full ? log::kTileWidth : partial;
    if (width == 0) break;
    if (auto read = read_stretch({Kind::hashes, 0, index, width}); !read) return read;
    if (range_.size() != index * log::kTileWidth + width) return {};  // its hashes are missing: there is no root
  }
  return {};
}

Outcome<void> LogCheck::read_stretch(log::TilePath tile) {
  auto leaves = hashes(tile);
  if (!leaves) return std::unexpected(std::move(leaves.error()));
  tile.kind = Kind::entries;
  auto made_of = entries(tile);
  if (!made_of) return std::unexpected(std::move(made_of.error()));
  if (!*leaves) return {};
  for (unsigned i = 0; i < tile.width; ++i) {
    auto const leaf = *core::to_array<kHash>(std::string_view(**leaves).substr(i * kHash, kHash));
    if (*made_of && log::leaf_hash((**made_of)[i]) != leaf)
      finding("Entry " + std::to_string(range_.size()) + " in " + log::format_tile_path(tile) +
              " is not what its leaf is the hash of.");
    range_.append(leaf);
    tiles_.append(leaf);
  }
  return {};
}

Outcome<void> LogCheck::compare_upper_tiles() {
  std::uint64_t const size = report_.checkpoint.size;
  for (unsigned level = 1; log::tiles_at(level, size) != log::TileCount{}; ++level) {
    auto const [full, partial] = log::tiles_at(level, size);
    for (std::uint64_t index = 0; index <= full; ++index) {
      log::TilePath const tile{Kind::hashes, level, index, index < full ? log::kTileWidth : partial};
      if (tile.width == 0) break;
      auto bytes = hashes(tile);
      if (!bytes) return std::unexpected(std::move(bytes.error()));
      if (*bytes && **bytes != tiles_.tile(tile))
        finding(log::format_tile_path(tile) + " is not what the tiles below it give.");
    }
  }
  return {};
}

Outcome<std::optional<std::string>> LogCheck::hashes(log::TilePath tile) {
  auto bytes = fetch(tile);
  if (!bytes || !*bytes) return bytes;
  std::size_t const expected = tile.width * kHash;
  if ((*bytes)->size() == expected) return bytes;
  finding(log::format_tile_path(tile) + " has " + std::to_string((*bytes)->size()) + " bytes, and " +
          std::to_string(tile.width) + " hashes have " + std::to_string(expected) + ".");
  return std::nullopt;
}

Outcome<std::optional<std::vector<std::string>>> LogCheck::entries(log::TilePath tile) {
  auto bytes = fetch(tile);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  if (!*bytes) return std::nullopt;
  auto bundle = log::split_bundle(**bytes);
  if (bundle && bundle->size() == tile.width) return std::vector<std::string>(bundle->begin(), bundle->end());
  finding(log::format_tile_path(tile) + " is no bundle of " + std::to_string(tile.width) + " entries.");
  return std::nullopt;
}

Outcome<std::optional<std::string>> LogCheck::fetch(log::TilePath const& tile) {
  auto const path = log::format_tile_path(tile);
  auto bytes = source_(path);
  if (!bytes || *bytes) return bytes;
  if (tile.width < log::kTileWidth) {  // a log that has grown may have the full one alone
    auto whole = tile;
    whole.width = log::kTileWidth;
    auto full = source_(log::format_tile_path(whole));
    if (!full) return full;
    if (auto part = *full ? log::beginning_of(whole, **full, tile.width) : std::nullopt) return part;
  }
  if (tile.kind != Kind::entries)
    finding(path + " is missing.");
  else if (report_.unpublished.size() < kFindings)
    report_.unpublished.push_back(path);
  return std::nullopt;
}

void LogCheck::finding(std::string sentence) {
  if (report_.findings.size() < kFindings) report_.findings.push_back(std::move(sentence));
}

}  // namespace tocsin::client
