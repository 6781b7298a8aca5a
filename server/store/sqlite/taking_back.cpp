// What a restored instance takes back of its own logs: the part of Commits that appends leaves whose entries are lost,
// and does again what the control log says.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <utility>

#include "schema/log/control.hpp"
#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::int64_t kDataLog = 0;
constexpr std::size_t kLeafBytes = 32;

}  // namespace

core::Result<TakenBack> Commits::take_back(LogBeyond const& beyond, std::int64_t now_us) {
  try {
    load();
    Transaction transaction(connection_);
    publications_.begin(now_us);
    TakenBack out;
    out.lost = beyond.leaves.size() / kLeafBytes;
    append_lost(beyond.leaves);
    for (auto const& entry : beyond.control) {
      insert_control(entry);
      do_again(entry, now_us, out);
    }
    audit_.note("loss.declare", {{"position", log_.control_size - 1},
                                 {"lost", out.lost},
                                 {"erased", out.erased},
                                 {"ended", out.ended},
                                 {"restored", out.restored}});
    save_counters();
    transaction.commit();
    chains_.committed();
    return out;
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

void Commits::append_lost(std::string_view leaves) {
  Statement insert = connection_.prepare("INSERT INTO leaves (log, position, leaf) VALUES (?, ?, ?)");
  if (!leaves.empty()) numberings_.retire();
  for (; !leaves.empty(); leaves.remove_prefix(kLeafBytes))
    insert.start().bind(kDataLog).bind(log_.data_size++).bind_blob(leaves.substr(0, kLeafBytes)).run();
}

// Of what it names and the database has; the rest is lost, and nothing brings it back.
void Commits::do_again(ControlEntry const& entry, std::int64_t now_us, TakenBack& out) {
  if (auto const erasure = log::open_erasure(entry.body)) return erase_again(erasure->indices, out);
  if (auto const recall = log::open_recall(entry.body)) recall_again(*recall, now_us, out);
}

// Chains were erased whole, and what came to them later is lost.
void Commits::erase_again(std::vector<std::uint64_t> const& indices, TakenBack& out) {
  std::set<std::pair<RowId, ChainIndex::Id>> chains;
  Statement asserter = connection_.prepare("SELECT asserter FROM versions WHERE version = ?");
  for (std::uint64_t const index : indices) {
    auto const version = version_at(0, index);
    auto const id = version ? id_of(*version) : std::nullopt;
    if (id && asserter.start().bind(*version).step()) chains.emplace(asserter.integer(0), *id);
  }
  asserter.reset();
  Erasing erasing;
  for (auto const& [row, id] : chains) erase_chain(row, id, erasing);
  if (!erasing.objects.empty()) answers_.forget(erasing.objects);
  out.erased += chains.size();
}

void Commits::recall_again(log::Recall const& recall, std::int64_t now_us, TakenBack& out) {
  auto const order = order_of(recall, now_us);
  if (order.objects.empty()) return;
  bool const back = order.action == log::RecallAction::restore;
  auto const change = back ? publish_again(order, recall.indices) : end(order);
  (back ? out.restored : out.ended) += order.objects.size();
  auto const made_us = static_cast<std::int64_t>(recall.time_s) * 1'000'000;
  recalls_.keep({static_cast<std::uint64_t>(log_.control_size - 1), order.asserter, order.type, order.uuid,
                 order.action, order.reason, recall.indices.size(), made_us, order.deadline_us},
                name_row(order.type), change.ended);
}

// As it was given, as far as the entries tell: an indicator was named, where one is among them.
RecallOrder Commits::order_of(log::Recall const& recall, std::int64_t now_us) {
  RecallOrder out;
  out.action = recall.action;
  out.reason = recall.reason;
  out.now_us = now_us;
  out.deadline_us = static_cast<std::int64_t>(recall.deadline_s) * 1'000'000;
  Statement facts = connection_.prepare(
      "SELECT v.asserter, t.text, v.uuid FROM versions v JOIN names t ON t.name = v.type WHERE v.version = ?");
  for (std::uint64_t const index : recall.indices) {
    auto const version = version_at(0, index);
    if (!version || !facts.start().bind(*version).step()) continue;
    std::pair object{std::string(facts.text(1)), core::to_array<16>(facts.text(2)).value()};
    if (out.objects.empty() || (object.first == "indicator" && out.type != "indicator")) {
      out.asserter = facts.integer(0);
      std::tie(out.type, out.uuid) = object;
    }
    if (std::ranges::find(out.objects, object) == out.objects.end()) out.objects.push_back(std::move(object));
  }
  return out;
}

}  // namespace tocsin::store::sqlite
