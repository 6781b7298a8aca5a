#include "server/ledger/log_proofs.hpp"

#include <map>

#include "schema/log/checkpoint.hpp"

namespace tocsin::ledger {
namespace {

// Each tile once: the nodes of a proof lie close together.
log::TileSource once_each(log::TileSource const& tiles) {
  return [&tiles,
          read = std::map<std::string, std::string>()](log::TilePath const& path) mutable -> core::Result<std::string> {
    auto const name = log::format_tile_path(path);
    if (auto const found = read.find(name); found != read.end()) return found->second;
    auto bytes = tiles(path);
    if (bytes) read.emplace(name, *bytes);
    return bytes;
  };
}

core::Result<log::Checkpoint> checkpoint_in(std::string const& bytes) {
  auto const note = log::Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  return log::parse_checkpoint(note->text());
}

}  // namespace

// What is handed out is verified first: a proof that does not hold would be taken for misconduct.
core::Result<log::ProofFile> prove(store::LoggedIndicator const& entry, std::string const& checkpoint,
                                   log::TileSource const& tiles) {
  auto const newest = checkpoint_in(checkpoint);
  if (!newest) return std::unexpected(newest.error());
  if (entry.index >= newest->size)
    return core::fail(core::Code::unavailable, "The version is in the log, and no checkpoint covers it yet.", "",
                      "Try again in a moment.");
  auto path = log::inclusion_proof(log::reader_of(once_each(tiles), newest->size), entry.index, newest->size);
  if (!path) return std::unexpected(path.error());
  auto const leaf = log::leaf(entry.opening.entry());
  if (!log::verify_inclusion(leaf, entry.index, {newest->size, newest->root}, *path))
    return core::fail(core::Code::log_inconsistent,
                      "Entry " + std::to_string(entry.index) + " of the log does not agree with what is stored.");
  return log::ProofFile{entry.opening.bytes(), entry.index, *std::move(path), checkpoint};
}

}  // namespace tocsin::ledger
