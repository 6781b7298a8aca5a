#include "tests/simulation/liar.hpp"

#include <algorithm>

#include "schema/core/digest.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/openings.hpp"
#include "schema/log/tile.hpp"

namespace tocsin::simulation {
namespace {

using store::LogName;

constexpr std::size_t kHash = 32;
constexpr std::size_t kOften = 25;  // percent of the answers
constexpr std::uint64_t kHuge = std::uint64_t{1} << 60;

core::Digest other() { return core::sha256("another entry"); }

core::Result<log::Checkpoint> checkpoint_in(std::string const& note) {
  auto const parsed = log::Note::parse(note);
  if (!parsed) return std::unexpected(parsed.error());
  return log::parse_checkpoint(parsed->text());
}

}  // namespace

std::string Liar::note(LogName name, std::uint64_t size, core::Digest const& root) const {
  auto const origin = founder_.manifest.origin();
  auto const key = must(founder_.log.named(name == LogName::data ? origin : log::control_origin(origin)));
  return must(log::sign_checkpoint({key.verifier().name(), size, root}, key)).format();
}

core::Digest Liar::root(Asked const& asked, std::uint64_t size, bool split) const {
  if (size == 0) return log::CompactRange().root();
  auto const hashes = must(asked.leaves.hashes(asked.name, 0, size));
  log::CompactRange range;
  for (std::size_t at = 0; at + kHash < hashes.size(); at += kHash)
    range.append(core::to_array<kHash>(std::string_view(hashes).substr(at, kHash)).value());
  range.append(split ? other() : core::to_array<kHash>(std::string_view(hashes).substr(hashes.size() - kHash)).value());
  return range.root();
}

void Liar::answer(std::size_t peer, std::string const& target, store::LeafReader& leaves,
                  federation::PeerAnswer& answer) {
  Asked const asked{peer, target, leaves, target.starts_with("/log/data/") ? LogName::data : LogName::control};
  if (answer.status != 200) return;
  split(asked, answer.body);
  if (random_.chance(kOften)) lie(asked, answer);
}

void Liar::hand_on(std::size_t peer, std::string const& target, federation::PeerAnswer& answer) {
  if (answer.status != 200) return;
  bool const shows = target.contains("/checkpoint");
  if (shows) old_.try_emplace(target.substr(0, target.find('?')), answer.body);
  if (!random_.chance(kOften)) return;
  history_.note("the liar lies to n" + std::to_string(peer) + " about the log of another");
  if (shows && random_.chance(60)) {
    answer.body = old_.at(target.substr(0, target.find('?')));
  } else if (target.contains("/openings") && random_.chance(80)) {
    if (random_.chance(20)) return reorder(answer.body);
    if (!lie_about_openings(answer.body)) lie_about_bytes(answer);
  } else {
    lie_about_bytes(answer);
  }
}

void Liar::reorder(std::string& body) {
  auto openings = log::parse_openings(body);
  if (!openings) return;
  std::ranges::reverse(openings->entries);
  body = log::format_openings(*openings);
}

// To this peer, for a while, the entry at one place is another one, in its tile and under its root alike.
void Liar::split(Asked const& asked, std::string& body) const {
  auto const found = split_at_.find(asked.peer);
  if (found == split_at_.end() || asked.name != LogName::data) return;
  if (asked.target.contains("/checkpoint")) {
    auto const said = checkpoint_in(body);
    if (said && said->size == found->second) body = note(asked.name, said->size, root(asked, said->size, true));
  } else if (asked.target.contains("/tile/") && body.size() == found->second * kHash) {
    body.replace(body.size() - kHash, kHash, std::string(core::view(other())));
  }
}

void Liar::lie(Asked const& asked, federation::PeerAnswer& answer) {
  history_.note("the liar lies to n" + std::to_string(asked.peer) + " about " + asked.target);
  if (asked.target.contains("/checkpoint") && random_.chance(70) && lie_about_checkpoint(asked, answer.body)) return;
  if (asked.target.contains("/openings") && random_.chance(80) && lie_about_openings(answer.body)) return;
  lie_about_bytes(answer);
}

bool Liar::lie_about_checkpoint(Asked const& asked, std::string& body) {
  auto const said = checkpoint_in(body);
  if (!said || said->size == 0) return false;
  auto const shorter = random_.below(said->size);
  switch (random_.below(6)) {
    case 0:
      body = note(asked.name, said->size, other());
      break;
    case 1:
      body = note(asked.name, shorter, other());
      break;
    case 2:
      body = note(asked.name, shorter, root(asked, shorter, false));
      break;
    case 3:
      body = note(asked.name, kHuge, other());
      break;
    case 4:
      body = note(asked.name == LogName::data ? LogName::control : LogName::data, said->size, said->root);
      break;
    default:
      if (!split_at_.erase(asked.peer)) split_at_[asked.peer] = said->size;
  }
  return true;
}

bool Liar::lie_about_openings(std::string& body) {
  auto openings = log::parse_openings(body);
  if (!openings) return false;
  auto& entries = openings->entries;
  auto const lie = random_.below(6);
  if (entries.empty() && lie < 4) return false;
  switch (lie) {
    case 0:
      entries.pop_back();
      break;
    case 1:
      entries.back().body += " ";
      break;
    case 2:
      std::swap(entries.front().body, entries.back().body);
      break;
    case 3:
      std::swap(entries.front().header, entries.back().header_salt == entries.front().header_salt
                                            ? entries.back().body
                                            : entries.back().header);
      break;
    case 4:
      openings->origin = "n9.example/log";
      break;
    default:
      openings->terms = core::Uuid{1};
  }
  body = log::format_openings(*openings);
  return true;
}

void Liar::lie_about_bytes(federation::PeerAnswer& answer) {
  auto& body = answer.body;
  switch (random_.below(4)) {
    case 0:
      if (!body.empty()) body[random_.below(body.size())] ^= static_cast<char>(1 + random_.below(255));
      break;
    case 1:
      body.resize(body.size() / 2);
      break;
    case 2:
      body.clear();
      break;
    default:
      answer = {random_.chance(50) ? 500 : 403, ""};
  }
}

}  // namespace tocsin::simulation
