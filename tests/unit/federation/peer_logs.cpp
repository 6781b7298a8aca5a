#include "tests/unit/federation/peer_logs.hpp"

#include "schema/core/digest.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/tile.hpp"

namespace tocsin::test {
namespace {

constexpr std::uint64_t kYear2090 = 3'786'912'000;

log::SignerKey key(std::string name, log::KeyType type) {
  return log::SignerKey::make(std::move(name), type, log::SigningKey::generate()).value();
}
log::VerifierKey cosigner(std::string name) { return key(std::move(name), log::KeyType::cosignature).verifier(); }

std::uint64_t number(std::string const& target, std::string const& name) {
  return std::stoull(target.substr(target.find(name + "=") + name.size() + 1));
}

federation::PeerAnswer found(std::string body) { return {200, std::move(body)}; }

}  // namespace

PeerLogs::PeerLogs(std::string const& host)
    : terms(core::random_uuid()),
      log_(key(host + "/log", log::KeyType::signature)),
      freshness_(key(log::freshness_name(host + "/log"), log::KeyType::cosignature)),
      manifest_{1,
                kYear2090,
                log_.verifier(),
                freshness_.verifier(),
                cosigner(log::witness_name(host + "/log")),
                cosigner(log::applied_name(host + "/log")),
                "https://" + host,
                {core::random_salt()},
                {"identity--" + core::to_text(core::random_uuid())}} {}

void PeerLogs::add(std::string body, bool shown, std::uint64_t control_size, std::string const& origin) {
  std::uint64_t const index = data_.entries.size();
  log::Header const header{origin.empty() ? this->origin() : origin, core::random_uuid(), index + 1, control_size};
  data_.entries.push_back(
      {index, header.text(), core::random_salt(), core::random_salt(), {"indicators"}, std::move(body)});
  data_.leaves.push_back(data_.entries.back().leaf());
  data_.shown.push_back(shown);
}

void PeerLogs::add_head(core::Uuid const& token, log::Head const& head) {
  log::Header const header{origin(), token, head.count, 0, log::Header::Op::head};
  data_.entries.push_back(
      {data_.entries.size(), header.text(), core::random_salt(), core::random_salt(), {}, head.text()});
  data_.leaves.push_back(data_.entries.back().leaf());
  data_.shown.push_back(true);
}

void PeerLogs::close(std::size_t index) {
  auto& entry = data_.entries.at(index);
  entry.body_salt = log::commit_body(entry.body_salt, entry.body);
  entry.body.clear();
  entry.collections.clear();
}

void PeerLogs::cut(std::size_t size) {
  data_.entries.resize(size);
  data_.leaves.resize(size);
  data_.shown.resize(size);
}

void PeerLogs::add_control(std::string body) {
  control_.entries.push_back(
      {control_.entries.size(), "{}", core::random_salt(), core::random_salt(), {}, std::move(body)});
  control_.leaves.push_back(control_.entries.back().leaf());
  control_.shown.push_back(true);
}

std::string PeerLogs::checkpoint(std::string const& name) const {
  bool const is_data = name == "data";
  auto const& log = of(name);
  log::CompactRange range;
  for (std::size_t i = 0; i < log.entries.size(); ++i) range.append(log.leaves[i]);
  auto const signer = is_data ? log_.named(origin()) : log_.named(log::control_origin(origin()));
  auto note = log::sign_checkpoint({signer->verifier().name(), range.size(), range.root()}, *signer).value();
  if (!note.add(log::cosign(freshness_, note.text(), now_s)).has_value()) throw std::logic_error("no cosignature");
  return note.format();
}

std::string PeerLogs::tile(OneLog const& log, std::string const& path) const {
  auto const wanted = log::parse_tile_path(path).value();
  auto const nodes = log::reader_of(log.leaves);
  std::string out;
  for (std::uint64_t i = 0; i < wanted.width; ++i)
    out += core::view(nodes({8 * wanted.level, wanted.index * log::kTileWidth + i}).value());
  return out;
}

std::string PeerLogs::openings(std::string const& name, std::uint64_t from, std::uint64_t to) const {
  auto const& log = of(name);
  bool const is_data = name == "data";
  log::Openings out{is_data ? origin() : log::control_origin(origin()), is_data ? terms : core::Uuid{}, from, to, {}};
  for (auto i = from; i < to; ++i)
    if (log.shown.at(i)) out.entries.push_back(log.entries.at(i));
  return log::format_openings(out);
}

core::Result<federation::PeerAnswer> PeerLogs::get(std::string const& target, std::size_t most_bytes,
                                                   std::chrono::milliseconds) {
  asked.push_back(target);
  if (instead)
    if (auto answer = instead(target)) return *answer;
  std::string const name = target.starts_with("/log/data/") ? "data" : "control";
  std::string const rest = target.substr(std::string("/log//").size() + name.size());
  std::string body;
  if (rest.starts_with("checkpoint")) body = checkpoint(name);
  if (rest.starts_with("tile/")) body = tile(of(name), rest);
  if (rest.starts_with("openings")) body = openings(name, number(rest, "from"), number(rest, "to"));
  if (body.size() > most_bytes) return core::fail(core::Code::io_failed, "Too large.");
  return found(std::move(body));
}

core::Result<federation::PeerAnswer> PeerLogs::post(std::string const&, std::string const&, std::string const&,
                                                    std::size_t, std::chrono::milliseconds) {
  return federation::PeerAnswer{204, ""};
}

}  // namespace tocsin::test
