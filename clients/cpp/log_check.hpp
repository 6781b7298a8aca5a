// Re-derives a published log (C2SP tlog-tiles) from what anybody is served of it: every hash of every tile from the
// leaves, the leaves from the entries, the root from all of them. Reads through a function; no I/O of its own; one
// thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cpp/outcome.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/tile.hpp"
#include "schema/log/upper_tiles.hpp"

namespace tocsin::client {

// The bytes of a part of the log, by its path; nullopt: there is no such part.
using LogSource = std::function<Outcome<std::optional<std::string>>(std::string const& path)>;

struct LogReport {
  log::Checkpoint checkpoint;
  std::vector<std::string> signers;           // name and number of every line
  bool verified = false;                      // a signature by the key that was given
  std::optional<std::uint64_t> cosigned_s{};  // by that of `freshness`
  std::vector<std::string> unpublished{};     // bundles of entries that are not there, at most 20: their leaves are
  std::vector<std::string> findings{};        // sentences, at most 20; empty: the log is what its checkpoint says
};

class LogCheck {
 public:
  // The checkpoint must be signed by `key`, and cosigned by `freshness`, where they are given.
  LogCheck(LogSource source, std::optional<log::VerifierKey> key, std::optional<log::VerifierKey> freshness);

  // Failures: those of the source; Exit::server when the checkpoint is none, so that there is nothing to check.
  [[nodiscard]] Outcome<LogReport> run();

 private:
  Outcome<void> read_checkpoint();
  void verify(log::Note const& note);
  Outcome<void> read_leaves();
  Outcome<void> read_stretch(log::TilePath tile);
  Outcome<void> compare_upper_tiles();
  // Its whole width; of a partial tile that is gone, the beginning of the full one. nullopt, and a finding: not that.
  Outcome<std::optional<std::string>> hashes(log::TilePath tile);
  Outcome<std::optional<std::vector<std::string>>> entries(log::TilePath tile);
  Outcome<std::optional<std::string>> fetch(log::TilePath const& tile);
  void finding(std::string sentence);

  LogSource source_;
  std::optional<log::VerifierKey> key_, freshness_;
  LogReport report_;
  log::CompactRange range_;
  log::UpperTiles tiles_;
};

}  // namespace tocsin::client
