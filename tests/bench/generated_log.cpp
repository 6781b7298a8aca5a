#include "tests/bench/generated_log.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

#include "schema/log/checkpoint.hpp"
#include "schema/log/hash.hpp"
#include "schema/log/header.hpp"

namespace tocsin::bench {
namespace {

constexpr char const* kBody =
    R"({"created":"2026-03-01T10:00:00.000Z","created_by_ref":"%s","description":"Exit of a residential proxy service )"
    R"(that was seen in a harvesting campaign; see the campaign for the accounts.","id":"indicator--%08x-%04x-4%03x-)"
    R"(9%03x-%08x%04x","indicator_types":["anonymization"],"labels":["distillation","proxy"],"lang":"en","modified":)"
    R"("2026-03-01T10:00:00.000Z","name":"Proxy exit","object_marking_refs":["marking-definition--)"
    R"(bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],"pattern":"[ipv4-addr:value ISSUBSET '100.%u.%u.0/24']","pattern_type":)"
    R"("stix","spec_version":"2.1","type":"indicator","valid_from":"2026-03-01T10:00:00Z","valid_until":)"
    R"("2027-03-01T10:00:00Z"})";

// The same for the same state, and like nothing else: splitmix64.
std::uint64_t next(std::uint64_t& state) {
  std::uint64_t out = state += 0x9E3779B97F4A7C15;
  out = (out ^ out >> 30) * 0xBF58476D1CE4E5B9;
  out = (out ^ out >> 27) * 0x94D049BB133111EB;
  return out ^ out >> 31;
}

core::Salt salt(std::uint64_t& state) {
  core::Salt out;
  for (std::size_t i = 0; i < out.size(); i += 8) {
    auto const bits = next(state);
    for (std::size_t at = 0; at < 8; ++at) out[i + at] = static_cast<std::uint8_t>(bits >> 8 * at);
  }
  return out;
}

std::string body(std::string const& author, std::uint64_t& state) {
  auto const a = next(state), b = next(state), c = next(state);
  std::array<char, 1'024> out{};
  auto const size = std::snprintf(
      out.data(), out.size(), kBody, author.c_str(), static_cast<unsigned>(a), static_cast<unsigned>(a >> 32 & 0xffff),
      static_cast<unsigned>(a >> 48 & 0xfff), static_cast<unsigned>(b & 0xfff), static_cast<unsigned>(b >> 16),
      static_cast<unsigned>(b >> 48), static_cast<unsigned>(64 + c % 64), static_cast<unsigned>(c >> 8 & 0xff));
  return {out.data(), static_cast<std::size_t>(size)};
}

std::uint64_t number(std::string const& target, std::string const& name) {
  return std::stoull(target.substr(target.find(name + "=") + name.size() + 1));
}

std::string note(test::OtherInstance const& of, std::string const& log, log::CompactRange const& range) {
  auto const key = of.log_key().named(log).value();
  return log::sign_checkpoint({log, range.size(), range.root()}, key).value().format();
}

}  // namespace

GeneratedLog::GeneratedLog(std::uint64_t entries)
    : origin_(instance_.manifest().origin()), author_(instance_.manifest().identities.front()) {
  leaves_.reserve(entries);
  for (std::uint64_t i = 0; i < entries; ++i) {
    leaves_.push_back(entry(i).leaf());
    upper_.append(leaves_.back());
    range_.append(leaves_.back());
  }
  data_note_ = note(instance_, origin_, range_);
  control_note_ = note(instance_, log::control_origin(origin_), {});
}

log::OpenedEntry GeneratedLog::entry(std::uint64_t index) const {
  std::uint64_t state = index * 0x100000001B3;
  log::OpenedEntry out;
  out.index = index;
  out.header = log::Header{origin_, core::Uuid{7}, index + 1, 0}.text();
  out.header_salt = salt(state);
  out.body_salt = salt(state);
  out.collections = {"network"};
  out.body = body(author_, state);
  return out;
}

std::string GeneratedLog::openings(std::uint64_t from, std::uint64_t to) const {
  to = std::min(to, from + log::kMostOpened);
  log::Openings out{origin_, {}, from, to, {}};
  for (auto i = from; i < to; ++i) out.entries.push_back(entry(i));
  return log::format_openings(out);
}

std::string GeneratedLog::leaves(std::uint64_t first, std::uint64_t end) const {
  std::string out;
  for (auto i = first; i < end; ++i) out += core::view(leaves_.at(i));
  return out;
}

std::string GeneratedLog::tile(log::TilePath const& path) const {
  if (path.level > 0) return upper_.tile(path);
  return leaves(path.index * log::kTileWidth, path.index * log::kTileWidth + path.width);
}

std::string GeneratedLog::answer(std::string const& target) const {
  constexpr std::string_view kData = "/log/data/";
  if (!target.starts_with(kData)) return control_note_;
  auto const rest = target.substr(kData.size());
  if (rest.starts_with("checkpoint")) return data_note_;
  if (rest.starts_with("openings")) return openings(number(rest, "from"), number(rest, "to"));
  return tile(log::parse_tile_path(rest).value());
}

core::Result<federation::PeerAnswer> GeneratedLog::get(std::string const& target, std::size_t,
                                                       std::chrono::milliseconds) {
  auto const began = std::chrono::steady_clock::now();
  federation::PeerAnswer out{200, answer(target)};
  spent_ += std::chrono::steady_clock::now() - began;
  return out;
}

core::Result<federation::PeerAnswer> GeneratedLog::post(std::string const&, std::string const&, std::string const&,
                                                        std::size_t, std::chrono::milliseconds) {
  throw std::logic_error("nothing is told to a log that is generated");
}

}  // namespace tocsin::bench
