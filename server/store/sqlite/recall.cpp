// Recalling what was logged here: the part of Commits that ends publications for as long as a recall holds.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "schema/log/control.hpp"
#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {

core::Result<Recalled> Commits::recall(RecallOrder const& order, EntryFor const& entry_for,
                                       CommitListener const& listener) {
  try {
    load();
    auto const type = find_name(order.type);
    if (!type || chains_.chain({order.uuid, *type}, order.asserter).empty())
      return core::fail(core::Code::not_found, "There is no such object.");
    auto const last = recalls_.latest(order.asserter, *type, order.uuid);
    if (auto good = check_order(order, last); !good) return std::unexpected(good.error());
    auto leaves = order.action == log::RecallAction::restore ? leaves_recalled(*last) : leaves_of(order);
    if (!leaves) return std::unexpected(leaves.error());
    auto const entry = entry_for(*leaves);
    if (!entry) return std::unexpected(entry.error());
    Transaction transaction(connection_);
    publications_.begin(order.now_us);
    Recalled out;
    out.change = order.action == log::RecallAction::restore ? publish_again(order, *leaves) : end(order);
    insert_control(*entry);
    out.made = {static_cast<std::uint64_t>(log_.control_size - 1),
                order.asserter,
                order.type,
                order.uuid,
                order.action,
                order.reason,
                leaves->size(),
                order.now_us,
                order.deadline_us};
    recalls_.keep(out.made, *type, out.change.ended);
    note(out);
    save_counters();
    announce_and_commit(transaction, out.change, listener);
    return out;
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

void Commits::note(Recalled const& recalled) {
  nlohmann::json collections = nlohmann::json::array();
  for (RowId collection : recalled.change.collections) collections.push_back(audit_.collection_id(collection));
  audit_.note("recall", {{"organisation", audit_.organisation_name(recalled.made.asserter)},
                         {"change", log::name(recalled.made.action)},
                         {"because", log::name(recalled.made.reason)},
                         {"position", recalled.made.position},
                         {"leaves", recalled.made.leaves},
                         {"collections", std::move(collections)}});
}

// All versions that the log has, whether or not they are still published here: peers may show what was deleted.
core::Result<std::vector<std::uint64_t>> Commits::leaves_of(RecallOrder const& order) {
  std::vector<std::uint64_t> leaves;
  Statement look = connection_.prepare(
      "SELECT origin_index FROM versions WHERE version = ? AND origin = 0 AND origin_index IS NOT NULL");
  for (RowId const version : versions_of(order))
    if (look.start().bind(version).step()) leaves.push_back(static_cast<std::uint64_t>(look.integer(0)));
  if (leaves.empty()) return std::unexpected(nothing_logged());
  if (leaves.size() > kMostRecalled)
    return core::fail(core::Code::recall_invalid,
                      "The object has more than " + std::to_string(kMostRecalled) + " entries in the log.", "",
                      "Ask the operator to erase it.");
  std::ranges::sort(leaves);
  leaves.erase(std::ranges::unique(leaves).begin(), leaves.end());
  return leaves;
}

// Those that the recall named: versions that came since were never recalled.
core::Result<std::vector<std::uint64_t>> Commits::leaves_recalled(MadeRecall const& made) {
  Statement look = connection_.prepare("SELECT body FROM control_entries WHERE position = ?");
  if (!look.start().bind(static_cast<std::int64_t>(made.position)).step())
    return core::fail(core::Code::log_inconsistent, "The control log lacks the entry of a recall.");
  auto statement = log::open_recall(look.text(0));
  if (!statement) return std::unexpected(statement.error());
  return std::move(statement->indices);
}

std::vector<RowId> Commits::versions_of(RecallOrder const& order) {
  std::vector<RowId> versions;
  for (auto const& [type, uuid] : order.objects)
    if (auto const row = find_name(type))
      for (auto const& entry : chains_.chain({uuid, *row}, order.asserter)) versions.push_back(entry.at.version);
  if (!leaves_revocations(order)) return versions;
  Statement revoked = connection_.prepare("SELECT revoked FROM versions WHERE version = ?");
  std::erase_if(versions,
                [&](RowId version) { return revoked.start().bind(version).step() && revoked.integer(0) != 0; });
  return versions;
}

ShownChange Commits::end(RecallOrder const& order) {
  bool const for_good = order.action == log::RecallAction::withdraw;
  if (for_good && order.type == "indicator") {
    for (auto const& entry : chains_.chain({order.uuid, *find_name(order.type)}, order.asserter))
      claims_.release(entry.at.version);
    waiting_.forget(order.asserter, order.type, order.uuid);
  }
  return end_versions(versions_of(order), !for_good);
}

// And what went with them that is in no log.
ShownChange Commits::publish_again(RecallOrder const& order, std::vector<std::uint64_t> const& leaves) {
  std::vector<RowId> versions;
  for (std::uint64_t const index : leaves)
    if (auto const version = version_at(0, index)) versions.push_back(*version);
  Statement unlogged = connection_.prepare("SELECT 1 FROM versions WHERE version = ? AND origin_index IS NULL");
  for (RowId const version : versions_of(order))
    if (unlogged.start().bind(version).step()) versions.push_back(version);
  return show_recalled(versions);
}

std::optional<RowId> Commits::version_at(RowId origin, std::uint64_t index) {
  Statement look =
      connection_.prepare("SELECT version FROM versions WHERE origin = ? AND origin_index = ? AND length(bytes) > 0");
  if (!look.start().bind(origin).bind(static_cast<std::int64_t>(index)).step()) return std::nullopt;
  return look.integer(0);
}

// Wherever they stand. `held`: it is remembered where.
ShownChange Commits::end_versions(std::vector<RowId> const& versions, bool held) {
  using Chain = std::pair<RowId, ChainIndex::Id>;             // asserter and id
  std::map<std::pair<RowId, Chain>, std::set<RowId>> ending;  // by collection and chain
  Statement standing = connection_.prepare(
      "SELECT p.collection, v.asserter, v.uuid, v.type FROM publications p JOIN versions v ON v.version = p.version "
      "WHERE p.version = ? AND p.place < 4");
  for (RowId const version : versions) {
    if (!held) recalls_.forget(version);
    for (standing.start().bind(version); standing.step();) {
      Chain chain{standing.integer(1), {core::to_array<16>(standing.text(2)).value(), standing.integer(3)}};
      ending[{standing.integer(0), std::move(chain)}].insert(version);
    }
  }
  CommitOutcome outcome;
  std::set<RowId> collections;
  for (auto const& [where, which] : ending) {
    auto const& [collection, chain] = where;
    if (held)
      for (RowId const version : which) recalls_.hold(version, collection);
    publications_.end({collection, chain.first, chain.second}, which, outcome);
    collections.insert(collection);
  }
  return {std::move(outcome.touched_sequences), {collections.begin(), collections.end()}, {}, ending.size()};
}

// Where it is remembered that they stood; but for what a release took the place of meanwhile. Between begin() of
// publications and the end of the transaction.
ShownChange Commits::show_recalled(std::vector<RowId> const& versions) {
  CommitOutcome outcome;
  std::set<RowId> collections;
  Statement facts =
      connection_.prepare("SELECT asserter, type, uuid, modified, class, kind FROM versions WHERE version = ?");
  for (RowId const version : versions) {
    auto const where = recalls_.held(version);
    recalls_.forget(version);
    if (where.empty() || !facts.start().bind(version).step()) continue;
    Candidate candidate;
    candidate.asserter = facts.integer(0);
    candidate.uuid = core::to_array<16>(facts.text(2)).value();
    candidate.modified_ns = facts.integer(3);
    Publication publication{0, version, facts.integer(4), candidate.asserter, facts.integer(1), facts.integer(5)};
    facts.reset();
    auto const newest = chains_.newest({candidate.uuid, publication.type}, candidate.asserter);
    if (!newest || newest->at.class_row != publication.class_row) continue;
    for (RowId const collection : where) {
      publication.collection = collection;
      if (publications_.publish(publication, candidate, true, outcome)) collections.insert(collection);
    }
  }
  publications_.finish(outcome);
  return {
      std::move(outcome.touched_sequences), {collections.begin(), collections.end()}, std::move(outcome.new_corners)};
}

core::Result<void> Commits::keep(Receipt const& receipt) {
  try {
    Transaction transaction(connection_);
    if (!recalls_.keep(receipt)) return {};
    audit_.note("receipt", {{"peer", audit_.organisation_name(receipt.organisation)}, {"size", receipt.size}});
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Commits::keep(SaidOfDependents const& said) {
  try {
    Transaction transaction(connection_);
    recalls_.keep(said);
    audit_.note("dependents", {{"peer", audit_.organisation_name(said.organisation)}});
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
