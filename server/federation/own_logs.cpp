#include "server/federation/own_logs.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "schema/log/checkpoint.hpp"
#include "schema/log/manifest.hpp"
#include "schema/log/tile.hpp"
#include "server/federation/peer_request.hpp"

namespace tocsin::federation {
namespace {

using core::Code;

constexpr std::chrono::seconds kTimeout{60};
constexpr std::size_t kHashBytes = 32, kTileBytes = kHashBytes * log::kTileWidth;
// One entry may be larger than what an answer holds.
constexpr std::size_t kMostBytes = log::kMostOpenedBytes + (18u << 20);

std::unexpected<core::Error> not_held(std::string const& what) {
  return core::fail(Code::not_found, "The peer does not hold " + what + ".");
}

}  // namespace

std::string OwnLogs::path(store::LogName name) const {
  return "/witness/" + log::origin_hash(name == store::LogName::data ? origin_ : log::control_origin(origin_)) + "/";
}

core::Result<std::optional<std::string>> OwnLogs::get(std::string const& target, std::size_t most_bytes) {
  auto answer = transport_.get(target, most_bytes, kTimeout);
  if (!answer) return std::unexpected(std::move(answer.error()));
  if (answer->status == 404) return std::nullopt;
  auto body = body_of(*std::move(answer), target);
  if (!body) return std::unexpected(std::move(body.error()));
  return *std::move(body);
}

core::Result<std::optional<std::string>> OwnLogs::checkpoint(store::LogName name) {
  return get(path(name) + "checkpoint", log::kMaxNoteBytes);
}

core::Result<std::string> OwnLogs::leaves(store::LogName name, std::uint64_t first, std::uint64_t end) {
  std::string out;
  while (first < end) {
    std::uint64_t const index = first / log::kTileWidth, begins = index * log::kTileWidth;
    auto const width = static_cast<unsigned>(std::min<std::uint64_t>(log::kTileWidth, end - begins));
    log::TilePath const tile{log::TilePath::Kind::hashes, 0, index, width};
    auto const bytes = get(path(name) + log::format_tile_path(tile), kTileBytes);
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes) return not_held("leaves of the log up to " + std::to_string(end));
    if ((*bytes)->size() != width * kHashBytes)
      return core::fail(Code::log_inconsistent, "A tile that the peer keeps has another number of hashes.");
    out += (*bytes)->substr((first - begins) * kHashBytes);
    first = begins + width;
  }
  return out;
}

core::Result<std::vector<log::OpenedEntry>> OwnLogs::control(std::uint64_t first, std::uint64_t end) {
  std::vector<log::OpenedEntry> out;
  while (first < end) {
    auto const to = std::min<std::uint64_t>(end, first + log::kMostOpened);
    auto const bytes =
        get(path(store::LogName::control) + "openings?from=" + std::to_string(first) + "&to=" + std::to_string(to),
            kMostBytes);
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes) return not_held("entry " + std::to_string(first) + " of the control log");
    auto openings = log::parse_openings(**bytes);
    if (!openings) return std::unexpected(openings.error());
    auto& entries = openings->entries;
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (entries[i].index != first + i || entries[i].index >= to) entries.clear();
    if (openings->origin != log::control_origin(origin_) || entries.empty())
      return core::fail(Code::openings_malformed, "The peer gave back other entries than were asked for.");
    first += entries.size();
    std::ranges::move(entries, std::back_inserter(out));
  }
  return out;
}

}  // namespace tocsin::federation
