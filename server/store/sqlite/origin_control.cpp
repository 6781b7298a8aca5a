// What control logs of other instances say: the part of Commits that carries it out on what came from them.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {
namespace {

using Effect = ControlDelivery::Effect;
using Said = Recalls::Said;
using State = Recalls::State;

constexpr std::int64_t kDataLog = 0, kControlLog = 1;
constexpr std::uint64_t kBetweenS = kBetweenRecallsUs / 1'000'000;

// What becomes of a target; nullopt: nothing, because what was said before does not let it.
std::optional<State> next_state(std::optional<Said> const& before, ControlDelivery::Entry const& entry) {
  State const now = before ? before->state : State::shown;
  if (now == State::erased) return std::nullopt;
  if (entry.effect == Effect::erase) return State::erased;
  if (now == State::withdrawn) return std::nullopt;
  // To hide something is never too early: the same entry may be recalled with one object, and then with another.
  if (entry.effect == Effect::restore)
    return now == State::suppressed && entry.said_s >= before->said_s + kBetweenS ? std::optional(State::shown)
                                                                                  : std::nullopt;
  State const next = entry.effect == Effect::withdraw ? State::withdrawn : State::suppressed;
  return next == now ? std::nullopt : std::optional(next);
}

void add(ShownChange& sum, ShownChange const& more) {
  sum.touched_sequences.insert(sum.touched_sequences.end(), more.touched_sequences.begin(),
                               more.touched_sequences.end());
  std::set<RowId> collections(sum.collections.begin(), sum.collections.end());
  collections.insert(more.collections.begin(), more.collections.end());
  sum.collections.assign(collections.begin(), collections.end());
  sum.new_corners.insert(sum.new_corners.end(), more.new_corners.begin(), more.new_corners.end());
  sum.ended += more.ended;
}

// What was kept of an erased entry to show who withheld or handed on something: that it was so stays.
void forget_shown(Connection& connection, ControlDelivery const& delivery) {
  bool const erases =
      std::ranges::any_of(delivery.entries, [](auto const& entry) { return entry.effect == Effect::erase; });
  if (!erases) return;
  connection
      .prepare(
          "UPDATE origin_flaws SET opening = x'' WHERE origin = ?1 AND EXISTS (SELECT 1 FROM origin_recalls r "
          "WHERE r.origin = ?1 AND r.position = origin_flaws.shown AND r.state = 3)")
      .start()
      .bind(delivery.origin)
      .run();
  connection
      .prepare(
          "DELETE FROM misrelayed WHERE origin = ?2 AND EXISTS (SELECT 1 FROM origin_recalls r "
          "WHERE r.origin = ?1 AND r.position = misrelayed.position AND r.state = 3)")
      .start()
      .bind(delivery.origin)
      .bind_text(delivery.name)
      .run();
}

}  // namespace

core::Result<AppliedControl> Commits::apply(ControlDelivery const& delivery, CommitListener const& listener) {
  try {
    load();
    Transaction transaction(connection_);
    if (!advance_control(delivery))
      return core::fail(core::Code::conflict, "The control log of " + delivery.name + " was applied meanwhile.");
    publications_.begin(delivery.now_us);
    AppliedControl out;
    for (auto const& entry : delivery.entries) {
      if (entry.lost_before > 0) settle_numberings(delivery.origin, entry.lost_before);
      auto const before = out.change.ended;
      auto const void_because =
          entry.void_because.empty() ? carry_out(delivery.origin, entry, out) : entry.void_because;
      auto const recalled = entry.effect == Effect::erase ? 0 : out.change.ended - before;
      recalls_.keep(delivery.origin, entry, void_because, recalled, delivery.now_us);
      if (!void_because.empty()) out.void_entries.emplace_back(entry.position, void_because);
    }
    forget_shown(connection_, delivery);
    audit_.note("peer.control", {{"origin", delivery.name},
                                 {"from", delivery.from},
                                 {"to", delivery.to},
                                 {"erased", out.erased},
                                 {"ended", out.ended},
                                 {"restored", out.restored},
                                 {"void", out.void_entries.size()}});
    save_counters();
    announce_and_commit(transaction, out.change, listener);
    chains_.committed();
    return out;
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

bool Commits::advance_control(ControlDelivery const& delivery) {
  Statement change = connection_.prepare(
      "UPDATE origin_logs SET applied = ? WHERE origin = ? AND log = ? AND applied = ? AND size >= ?");
  auto const to = static_cast<std::int64_t>(delivery.to);
  change.start().bind(to).bind(delivery.origin).bind(kControlLog).bind(static_cast<std::int64_t>(delivery.from));
  change.bind(to).run();
  return connection_.changes() == 1;
}

// Nobody waits for heads of numberings that the origin lost count of.
void Commits::settle_numberings(RowId origin, std::uint64_t lost_before) {
  Statement change = connection_.prepare("UPDATE origins SET lost_before = max(lost_before, ?) WHERE origin = ?");
  change.start().bind(static_cast<std::int64_t>(lost_before)).bind(origin).run();
}

// Returns why it counts for nothing, or not for all of its targets; "": it counts.
std::string Commits::carry_out(RowId origin, ControlDelivery::Entry const& entry, AppliedControl& out) {
  if (entry.effect == Effect::none) return "";
  std::vector<RowId> versions;
  std::size_t left_out = 0;
  for (std::uint64_t const index : entry.indices) {
    auto const before = recalls_.said(origin, index);
    auto const next = next_state(before, entry);
    if (!next) {
      ++left_out;
      continue;
    }
    recalls_.say(origin, index, {*next, std::max(entry.said_s, before ? before->said_s : 0)});
    if (auto const version = version_at(origin, index))
      versions.push_back(*version);
    else if (entry.effect == Effect::restore)
      read_again(origin, index);
  }
  if (entry.effect == Effect::restore) {
    add(out.change, show_recalled(versions));
    out.restored += versions.size();
  } else {
    add(out.change, end_versions(versions, entry.effect == Effect::suppress));
    (entry.effect == Effect::erase ? out.erased : out.ended) += versions.size();
    if (entry.effect == Effect::erase) erase_versions(versions);
  }
  if (left_out == 0 || entry.effect == Effect::erase) return "";
  return std::to_string(left_out) + " of " + std::to_string(entry.indices.size()) +
         " entries are so already, were changed less than an hour before they are restored, or are not to be changed "
         "any more";
}

// An entry that was recalled when it was to be read was closed then, and is open now: the data log is read from its
// beginning, where the cursor is beyond it.
void Commits::read_again(RowId origin, std::uint64_t index) {
  Statement change =
      connection_.prepare("UPDATE origin_logs SET applied = 0 WHERE origin = ? AND log = ? AND applied > ?");
  change.start().bind(origin).bind(kDataLog).bind(static_cast<std::int64_t>(index)).run();
  if (connection_.changes() == 0) return;
  connection_.prepare("UPDATE origins SET terms = NULL WHERE origin = ?").start().bind(origin).run();
}

// Those whose publications ended already.
void Commits::erase_versions(std::vector<RowId> const& versions) {
  Statement facts = connection_.prepare("SELECT asserter, type, uuid, modified FROM versions WHERE version = ?");
  std::set<std::pair<RowId, ChainIndex::Id>> chains;
  std::vector<std::uint64_t> leaves;  // of the origin: no entry of a log here names them
  for (RowId const version : versions) {
    if (!facts.start().bind(version).step()) continue;
    RowId const asserter = facts.integer(0);
    ChainIndex::Id const id{core::to_array<16>(facts.text(2)).value(), facts.integer(1)};
    std::int64_t const modified = facts.integer(3);
    facts.reset();
    overwrite(version, leaves);
    forget_version(version);
    chains_.remove({id, asserter, modified});
    chains.emplace(asserter, id);
  }
  std::set<core::Uuid> objects;
  for (auto const& [asserter, id] : chains) {
    if (!chains_.chain(id, asserter).empty()) continue;
    claims_.forget_bonds(asserter, id.uuid);
    forget_mutes(id, asserter);
    if (is_named_in_answers(id)) objects.insert(id.uuid);
  }
  if (!objects.empty()) answers_.forget(objects);
}

// Nobody submits here for who speaks elsewhere: answers that are kept name what members responded to. All of them are
// looked through, for which commits wait, so a peer must not have it done at will; and what a member's own object of
// the same id was answered stays hers.
bool Commits::is_named_in_answers(ChainIndex::Id const& id) {
  if (!chains_.asserters(id).empty()) return false;
  Statement response = connection_.prepare(
      "SELECT 1 FROM responses WHERE subject = (SELECT text FROM names WHERE name = ?) || '--' || ? LIMIT 1");
  return response.start().bind(id.type).bind_text(core::to_text(id.uuid)).step();
}

}  // namespace tocsin::store::sqlite
