#include "tests/integration/store/recorder.hpp"

#include <memory>
#include <optional>

namespace tocsin::test {
namespace {

// A commit with copies of all it was given.
struct Copy {
  struct Part {
    store::RowId collection = 0;
    std::vector<store::Candidate> candidates;
    std::optional<store::SubmissionRecord> record;
    bool last = true;
  };
  std::vector<Part> parts;
  store::CommitRules const& rules;
  std::int64_t now_us = 0;

  Copy(std::span<store::CommitPart const> from, store::CommitRules const& by, std::int64_t now)
      : rules(by), now_us(now) {
    for (auto const& part : from) {
      auto& copy = parts.emplace_back();
      copy.collection = part.collection;
      copy.candidates.assign(part.candidates.begin(), part.candidates.end());
      if (part.record != nullptr) copy.record = *part.record;
      copy.last = part.last;
    }
  }

  void again(store::Database& database) {
    std::vector<store::CommitPart> spans;
    for (auto& part : parts)
      spans.push_back({part.collection, part.candidates, part.record ? &*part.record : nullptr, part.last});
    (void)database.commits().commit(spans, rules, now_us).value();
  }
};

}  // namespace

template <class T>
core::Result<T> Recorder::record(std::function<core::Result<T>()> const& act, Deed deed) {
  auto changes = disk_.changes(), failures = disk_.failures();
  core::Result<T> result = act();
  if (result && disk_.failures() > failures)
    complain("A call of the disk failed and its caller was told of a success.");
  if (result) {
    done_.push_back(std::move(deed));
    unsettled_.clear();
    return result;
  }
  if (disk_.changes() > changes) unsettled_.push_back(std::move(deed));
  auto want = disk_.is_full() ? core::Code::storage_full : core::Code::storage_failed;
  if (disk_.failures() > failures && result.error().code != want)
    complain("The disk failed and the answer was: " + result.error().detail);
  bool refused = result.error().code == core::Code::storage_full || result.error().code == core::Code::storage_failed;
  if (refused && disk_.failures() == failures && disk_.has_power())
    complain("Refused by a sound disk: " + result.error().detail);
  return result;
}

core::Result<store::CommitOutcome> Recorder::commit(std::span<store::CommitPart> parts, store::CommitRules const& rules,
                                                    std::int64_t now_us) {
  auto copy = std::make_shared<Copy>(parts, rules, now_us);
  return record<store::CommitOutcome>([&] { return database_->commits().commit(parts, rules, now_us); },
                                      [copy](store::Database& database) { copy->again(database); });
}

core::Result<store::CommitOutcome> Recorder::deliver(store::Delivery const& delivery, store::CommitRules const& rules,
                                                     std::int64_t now_us) {
  return record<store::CommitOutcome>([&] { return database_->commits().deliver(delivery, rules, now_us); },
                                      [delivery, &rules, now_us](store::Database& database) {
                                        (void)database.commits().deliver(delivery, rules, now_us).value();
                                      });
}

core::Result<std::vector<std::int64_t>> Recorder::withdraw(store::Withdrawal const& withdrawal) {
  return record<std::vector<std::int64_t>>(
      [&] { return database_->commits().withdraw(withdrawal); },
      [withdrawal](store::Database& database) { (void)database.commits().withdraw(withdrawal).value(); });
}

core::Result<store::Retracted> Recorder::retract(std::span<store::Retraction const> retractions) {
  std::vector<store::Retraction> const copy(retractions.begin(), retractions.end());
  return record<store::Retracted>(
      [&] { return database_->commits().retract(retractions); },
      [copy](store::Database& database) { (void)database.commits().retract(copy).value(); });
}

core::Result<void> Recorder::keep(store::KeptAnswer const& answer) {
  return record<void>([&] { return database_->commits().keep(answer); },
                      [answer](store::Database& database) { database.commits().keep(answer).value(); });
}

void Recorder::checkpoint(std::int64_t pages) { database_->commits().checkpoint(pages); }

core::Result<std::size_t> Recorder::log_heads(store::CommitRules const& rules) {
  return record<std::size_t>(
      [&] { return database_->commits().log_heads(rules); },
      [&rules](store::Database& database) { (void)database.commits().log_heads(rules).value(); });
}

void Recorder::change_account(std::function<core::Result<void>(store::AccountStore&)> const& change) {
  (void)record<void>([&] { return change(database_->accounts()); },
                     [change](store::Database& database) { change(database.accounts()).value(); });
}

core::Result<void> Recorder::change_origins(std::function<core::Result<void>(store::OriginStore&)> const& change) {
  return record<void>([&] { return change(database_->origins()); },
                      [change](store::Database& database) { change(database.origins()).value(); });
}

}  // namespace tocsin::test
