// The part of Mesh that says what must hold. What is found is held against what was said (Oracle) and against the logs
// of the origins themselves.
#include <algorithm>

#include "schema/log/openings.hpp"
#include "tests/simulation/mesh.hpp"

namespace tocsin::simulation {
namespace {

constexpr char const* kProven = "nothing is applied without a verified proof";
constexpr char const* kEntitled = "nothing is applied that the receiver is not entitled to";
constexpr char const* kLost = "nothing that a peer is entitled to is lost";
constexpr char const* kStale = "nothing is shown that is no more, or is another";
constexpr char const* kRecalled = "what was recalled is shown by nobody who acknowledged it";
constexpr char const* kHandedOn = "nothing above GREEN is handed on";
constexpr char const* kEndless = "who has nothing to say does not go on asking";

constexpr std::size_t kMostMessages = 60;  // from one to another while nobody says anything

struct Logged {
  std::string header, header_salt, body_salt, bytes;
  friend bool operator==(Logged const&, Logged const&) = default;
};
using Log = std::map<std::uint64_t, Logged>;

Log log_of(Instance const& one) {
  Log out;
  must(one.logs().visit(0, [&](store::LoggedVersion const& version) {
    out[version.index] = {std::string(version.header), std::string(version.header_salt), std::string(version.body_salt),
                          std::string(version.bytes)};
    return true;
  }));
  return out;
}

std::string after(std::string_view bytes, std::string_view name, std::size_t length) {
  auto const found = bytes.find(name);
  return found == std::string_view::npos ? "" : std::string(bytes.substr(found + name.size(), length));
}

bool is_proven(store::FollowedVersion const& version) {
  log::OpenedEntry entry;
  auto const header_salt = core::to_array<32>(version.header_salt), body_salt = core::to_array<32>(version.body_salt);
  if (!header_salt || !body_salt) return false;
  entry.header = version.header;
  entry.header_salt = *header_salt;
  entry.body_salt = *body_salt;
  entry.body = version.bytes;
  return core::view(entry.leaf()) == version.leaf;
}

}  // namespace

// Every version that came from a peer: proven, the one that its origin logged there, once, and meant for this one.
void Mesh::check_stored(Instance const& one) {
  std::map<std::string, std::size_t> origins;
  std::vector<Log> logs;
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    origins[founding_.of(i).manifest.origin()] = i;
    logs.push_back(founding_.are_peers(one.number(), i) ? log_of(*instances_[i]) : Log{});
  }
  std::set<Said const*> found;
  must(one.logs().visit_followed([&](store::FollowedVersion const& version) {
    auto const origin = origins.at(std::string(version.origin));
    auto const where = one.name() + ", entry " + std::to_string(version.index) + " of n" + std::to_string(origin);
    Logged const here{std::string(version.header), std::string(version.header_salt), std::string(version.body_salt),
                      std::string(version.bytes)};
    if (!is_proven(version) || here != logs[origin][version.index]) history_.fail(kProven, where);
    auto const* said =
        oracle_.find(after(here.bytes, "\"id\":\"indicator--", 36), after(here.bytes, "\"modified\":\"", 24));
    if (said == nullptr || said->origin != origin || !oracle_.may_have(one.number(), *said))
      history_.fail(kEntitled, where);
    if (!found.insert(said).second) history_.fail(kStale, where + " is stored twice");
    ++stored_;
    return true;
  }));
  for (auto const& said : oracle_.all())
    if (ways_.is_honest(one.number(), said.origin) && !said.recalled && oracle_.may_have(one.number(), said) &&
        !found.contains(&said))
      history_.fail(kLost, one.name() + " has not " + core::to_text(said.uuid));
}

// What readers are shown of an origin is what it has to show, in its newest version.
void Mesh::check_shown(Instance const& one, std::size_t origin) {
  auto const expected = oracle_.to_be_shown(one.number(), origin);
  Oracle::Versions shown;
  for (std::size_t member = 0; member < kMembers; ++member)
    for (auto const& row : one.shown())
      if (row.asserter != 0 && row.asserter == one.member_row(origin, member))
        shown.emplace(core::to_text(row.uuid), row.modified_ns / 1'000'000);
  for (auto const& version : shown)
    if (!expected.contains(version)) {
      auto const* said = oracle_.find(version.first);
      history_.fail(said != nullptr && said->recalled ? kRecalled : kStale, one.name() + " shows " + version.first);
    }
  for (auto const& version : expected)
    if (!shown.contains(version)) history_.fail(kLost, one.name() + " does not show " + version.first);
}

void Mesh::check_recalled(std::size_t origin, std::size_t peer, std::uint64_t through) {
  if (!is_honest(origin) || !instances_[peer]->runs()) return;
  auto const shown = instances_[peer]->shown();
  for (auto const& one : taken_back_[origin])
    if (one.position < through && std::ranges::find(shown, one.uuid, &Shown::uuid) != shown.end())
      history_.fail(kRecalled, instances_[peer]->name() + " shows " + core::to_text(one.uuid));
}

// By what was said, and not by what is marked.
void Mesh::check_handed_on(std::size_t relay, std::string const& target, federation::PeerAnswer const& answer) {
  if (answer.status != 200 || !target.contains("/data/openings")) return;
  for (auto const& entry : must(log::parse_openings(answer.body)).entries) {
    if (entry.is_closed()) continue;
    auto const* said =
        oracle_.find(after(entry.body, "\"id\":\"indicator--", 36), after(entry.body, "\"modified\":\"", 24));
    if (said == nullptr || said->level > stix::Tlp::green)
      history_.fail(kHandedOn, instances_[relay]->name() + ", entry " + std::to_string(entry.index));
  }
}

// While nobody says anything: long polls, fresh checkpoints and what is compared, with each peer.
void Mesh::check_messages(std::size_t count) {
  std::size_t links = 0;
  for (std::size_t one = 0; one < instances_.size(); ++one)
    for (std::size_t peer = 0; peer < instances_.size(); ++peer) links += founding_.are_peers(one, peer);
  if (count > links * kMostMessages) history_.fail(kEndless, std::to_string(count) + " messages");
}

void Mesh::check_all() {
  stored_ = 0;
  for (auto const& one : instances_) {
    if (!is_honest(one->number())) continue;
    check_stored(*one);
    for (std::size_t origin = 0; origin < instances_.size(); ++origin)
      if (founding_.are_peers(one->number(), origin) && ways_.is_honest(one->number(), origin)) {
        check_shown(*one, origin);
        if (ways_.is_direct(one->number(), origin)) check_heads(*one, origin);
      }
  }
}

// How much there is of everything that could grow. What a liar shows late is still taken.
std::vector<std::uint64_t> Mesh::extents() const {
  std::vector<std::uint64_t> out;
  for (auto const& one : instances_) {
    if (!is_honest(one->number())) continue;
    out.push_back(one->signed_size(store::LogName::data));
    out.push_back(one->signed_size(store::LogName::control));
    if (!scenario_.liar) out.push_back(static_cast<std::uint64_t>(must(one->reader().last_sequence())));
    for (std::size_t peer = 0; peer < instances_.size(); ++peer) {
      if (!ways_.is_honest(one->number(), peer)) continue;
      auto const known = one->origin(peer);
      out.insert(out.end(),
                 {known.data.size, known.data.applied, known.control.size, known.control.applied, known.refused});
    }
  }
  return out;
}

}  // namespace tocsin::simulation
