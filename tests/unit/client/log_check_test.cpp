#include "clients/cpp/log_check.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "schema/log/hash.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using client::LogCheck;
using client::LogReport;

namespace {

// A published log as a folder of files.
struct Folder {
  std::map<std::string, std::string> files;
  log::SignerKey key =
      log::SignerKey::make("log.example/a", log::KeyType::signature, log::SigningKey::generate()).value();
  log::SignerKey freshness =
      log::SignerKey::make("log.example/a/freshness", log::KeyType::cosignature, log::SigningKey::generate()).value();

  explicit Folder(std::uint64_t size) {
    std::string hashes, bundle;
    log::CompactRange range;
    log::UpperTiles upper;
    auto const close = [&](unsigned width) {
      std::uint64_t const index = (range.size() - 1) / log::kTileWidth;
      files[log::format_tile_path({log::TilePath::Kind::hashes, 0, index, width})] = std::exchange(hashes, "");
      files[log::format_tile_path({log::TilePath::Kind::entries, 0, index, width})] = std::exchange(bundle, "");
    };
    while (range.size() < size) {
      auto const entry = "entry " + std::to_string(range.size());
      log::append_to_bundle(bundle, entry);
      hashes += core::view(log::leaf_hash(entry));
      upper.append(log::leaf_hash(entry));
      range.append(log::leaf_hash(entry));
      if (range.size() % log::kTileWidth == 0) close(log::kTileWidth);
    }
    if (!hashes.empty()) close(static_cast<unsigned>(size % log::kTileWidth));
    for (unsigned level = 1; log::tiles_at(level, size) != log::TileCount{}; ++level) {
      auto const [full, partial] = log::tiles_at(level, size);
      for (std::uint64_t i = 0; i < full; ++i) put(upper, {log::TilePath::Kind::hashes, level, i, log::kTileWidth});
      if (partial > 0) put(upper, {log::TilePath::Kind::hashes, level, full, partial});
    }
    auto note = log::sign_checkpoint({"log.example/a", size, range.root()}, key).value();
    REQUIRE(note.add(log::cosign(freshness, note.text(), 77)).has_value());
    files["checkpoint"] = note.format();
  }

  void put(log::UpperTiles const& upper, log::TilePath const& tile) {
    files[log::format_tile_path(tile)] = upper.tile(tile);
  }

  LogReport check() {
    auto source = [this](std::string const& path) -> client::Outcome<std::optional<std::string>> {
      auto const at = files.find(path);
      return at == files.end() ? std::nullopt : std::optional(at->second);
    };
    return LogCheck(source, key.verifier(), freshness.verifier()).run().value();
  }
};

}  // namespace

TEST_CASE("a log of any size is what its checkpoint says", "[client][log]") {
  for (std::uint64_t size : {0, 1, 2, 255, 256, 257, 1'000, 65'536, 65'540}) {
    auto const report = Folder(size).check();
    CAPTURE(size);
    CHECK(report.findings == std::vector<std::string>{});
    CHECK(report.verified);
    CHECK(report.cosigned_s == 77u);
    CHECK(report.checkpoint.size == size);
    CHECK(report.signers.size() == 2);
  }
}

TEST_CASE("a changed byte anywhere in a log is found", "[client][log]") {
  Folder const whole(600);
  REQUIRE(whole.files.size() == 8);
  for (auto const& [path, bytes] : whole.files) {
    if (path == "checkpoint") continue;
    for (std::size_t at : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
      Folder changed = Folder(600);
      changed.files[path][at] = static_cast<char>(changed.files[path][at] ^ 1);
      CAPTURE(path, at);
      auto const findings = changed.check().findings;
      REQUIRE_FALSE(findings.empty());
      CHECK(std::ranges::any_of(findings, [&](auto const& one) { return one.contains(path) || one.contains("root"); }));
    }
  }
}

TEST_CASE("what is missing, short or not signed is named", "[client][log]") {
  Folder log(600);
  log.files.erase("tile/1/000.p/2");
  CHECK(log.check().findings == std::vector<std::string>{"tile/1/000.p/2 is missing."});
  log = Folder(600);
  log.files["tile/0/001"].pop_back();
  CHECK(log.check().findings == std::vector<std::string>{"tile/0/001 has 8191 bytes, and 256 hashes have 8192."});
  log = Folder(600);
  log.files["tile/entries/002.p/88"] += '\0';
  CHECK(log.check().findings == std::vector<std::string>{"tile/entries/002.p/88 is no bundle of 88 entries."});
  log = Folder(3);
  auto other = Folder(3);
  log.files["checkpoint"] = other.files["checkpoint"];
  CHECK(log.check().findings.size() == 2);  // neither key is the one that signed
}

TEST_CASE("entries that are not published are named, and their leaves verified", "[client][log]") {
  Folder log(600);
  log.files.erase("tile/entries/002.p/88");
  auto const report = log.check();
  CHECK(report.findings == std::vector<std::string>{});
  CHECK(report.unpublished == std::vector<std::string>{"tile/entries/002.p/88"});
}

TEST_CASE("of a partial tile that is gone the full one tells", "[client][log]") {
  Folder log(300), later(700);
  for (char const* part : {"tile/0/001", "tile/entries/001"}) {
    log.files.erase(std::string(part) + ".p/44");
    log.files[part] = later.files[part];
  }
  CHECK(log.check().findings == std::vector<std::string>{});
}

TEST_CASE("what is no checkpoint ends the check", "[client][log]") {
  auto run = [](std::optional<std::string> bytes) {
    auto source = [&](std::string const&) -> client::Outcome<std::optional<std::string>> { return bytes; };
    return LogCheck(source, std::nullopt, std::nullopt).run();
  };
  for (auto const& bytes : {std::optional<std::string>(), std::optional<std::string>("<html>"),
                            std::optional<std::string>("a\n\n\u2014 a AAAAAA==\n")}) {
    auto const report = run(bytes);
    REQUIRE_FALSE(report.has_value());
    CHECK(report.error().exit == client::Exit::server);
  }
}
