#include "server/app/recall.hpp"

#include "schema/log/checkpoint.hpp"
#include "schema/log/control.hpp"
#include "server/app/erasure.hpp"
#include "server/app/log_keys.hpp"
#include "server/app/publishing.hpp"
#include "server/ledger/control.hpp"

namespace tocsin::app {
namespace {

core::Result<store::ControlEntry> entry_of(store::RecallOrder const& order, std::vector<std::uint64_t> const& leaves,
                                           log::SignerKey const& signer, log::Tree const& data) {
  constexpr std::int64_t kSecond = 1'000'000;
  if (leaves.back() >= data.size)
    return core::fail(core::Code::unavailable, "The log was not signed as far as the object yet.", "",
                      "Try again in a moment.");
  auto const note = log::sign_recall(
      {signer.verifier(), leaves, order.action, order.reason, static_cast<std::uint64_t>(order.deadline_us / kSecond),
       static_cast<std::uint64_t>(order.now_us / kSecond)},
      signer);
  if (!note) return std::unexpected(note.error());
  return ledger::control_entry("recall", {signer.verifier().name(), data.size, data.root}, *note);
}

// As it was signed last; empty before.
log::Tree signed_tree(ledger::PublishedLogs const& logs) {
  auto const newest = logs.data ? logs.data->checkpoint() : nullptr;
  if (!newest) return {};
  auto const note = log::Note::parse(*newest);
  if (!note) return {};
  auto const checkpoint = log::parse_checkpoint(note->text());
  return checkpoint ? log::Tree{checkpoint->size, checkpoint->root} : log::Tree{};
}

// No page is shown again that was made of what was recalled, and what is shown again is told to who waits for it.
void show(endpoints::Context& context, store::ShownChange const& change) {
  for (std::int64_t sequence : change.touched_sequences) context.generations.touch(sequence);
  for (store::RowId collection : change.collections) context.generations.grow(collection);
  context.bell.ring();
  context.matching.begin_again();
}

}  // namespace

core::Result<store::Recalled> recall(Layout const& layout, store::Database& database,
                                     store::CommitListener const& announced, Perform const& perform,
                                     log::Tree const& data, endpoints::Recalling const& what) {
  auto const signer = read_signer(layout.log_key());
  if (!signer) return std::unexpected(signer.error());
  core::Result<store::Recalled> recalled = core::fail(core::Code::internal, "Nothing was recalled.");
  perform([&] {
    if (auto may = what.may(); !may) {
      recalled = std::unexpected(may.error());
      return;
    }
    store::ActingFor acting(database.audit(), what.by);
    recalled = database.recalls().recall(
        what.order,
        [&](std::vector<std::uint64_t> const& leaves) { return entry_of(what.order, leaves, *signer, data); },
        announced);
  });
  return recalled;
}

void take_up(endpoints::Context& context, store::Database& database, store::AppliedControl const& applied) {
  show(context, applied.change);
  if (applied.erased == 0) return;
  context.pages.forget();
  context.feeds.forget();
  auto const perform = [&](std::function<void()> job) { context.ledger.perform(std::move(job)); };
  if (!empty_write_ahead_log(database, perform))
    context.log.warning("peer.erasure_in_write_ahead_log", {{"remedy", "Something reads the database for long."}});
  perform([&] {
    if (auto loaded = context.mutes.load(); !loaded)
      context.log.error("mutes.not_loaded", {{"mistake", loaded.error().detail}});
  });
}

void count_recalled(endpoints::Context& context, store::Database& database, ledger::RecallAlarm& alarm) {
  auto const reader = database.open_reader();
  if (!reader) {
    context.log.error("recall.not_counted", {{"mistake", reader.error().detail}});
    return;
  }
  alarm.look((*reader)->recalls(), context.clock.now_us());
}

core::Result<log::VerifierKey> control_key(Layout const& layout) {
  auto keys = log_signing_keys(layout);
  if (!keys) return std::unexpected(keys.error());
  return keys->control.verifier();
}

core::Result<store::MadeRecall> Instance::recall_object(Layout const& layout, endpoints::Recalling const& what) {
  std::lock_guard lock(using_log_key_);
  auto perform = [this](std::function<void()> job) { ledger_.perform(std::move(job)); };
  auto recalled = recall(layout, *database_, rules_, perform, signed_tree(logs_), what);
  if (!recalled && recalled.error().code == core::Code::unavailable) {
    auto const data = data_log();  // what was shared a moment ago is signed in the next
    if (!data) return std::unexpected(data.error());
    recalled = recall(layout, *database_, rules_, perform, {data->size, data->root}, what);
  }
  if (!recalled) return std::unexpected(recalled.error());
  if (logs_.control) logs_.control->grown();
  show(context_, recalled->change);
  count_recalled(context_, *database_, recall_alarm_);
  return recalled->made;
}

}  // namespace tocsin::app
