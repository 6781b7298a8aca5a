// The commit store of a world on a faulty disk. It remembers what was done, so that a twin on a sound disk can be told
// the same, and notices answers that do not fit what the disk did. Owned by the world; commit thread, and the test's
// own while the commit thread is idle.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/store/database.hpp"
#include "tests/support/faulty_disk.hpp"

namespace tocsin::test {

using Deed = std::function<void(store::Database&)>;

class Recorder final : public store::CommitStore {
 public:
  explicit Recorder(FaultyDisk& disk) : disk_(disk) {}

  void attach(store::Database* database) { database_ = database; }

  core::Result<store::CommitOutcome> commit(std::span<store::CommitPart> parts, store::CommitRules const& rules,
                                            std::int64_t now_us) override;
  core::Result<store::CommitOutcome> deliver(store::Delivery const& delivery, store::CommitRules const& rules,
                                             std::int64_t now_us) override;
  core::Result<std::vector<std::int64_t>> withdraw(store::Withdrawal const& withdrawal) override;
  core::Result<store::Retracted> retract(std::span<store::Retraction const> retractions) override;
  core::Result<void> keep(store::KeptAnswer const& answer) override;
  void checkpoint(std::int64_t pages) override;
  core::Result<std::size_t> log_heads(store::CommitRules const& rules) override;
  void change_account(std::function<core::Result<void>(store::AccountStore&)> const& change);
  core::Result<void> change_origins(std::function<core::Result<void>(store::OriginStore&)> const& change);

  // What was acknowledged since the last call, in order.
  [[nodiscard]] std::vector<Deed> take_done() { return std::exchange(done_, {}); }
  // What failed after it had begun to write, and nothing was acknowledged since: it may be there after a power cut.
  [[nodiscard]] std::vector<Deed> take_unsettled() { return std::exchange(unsettled_, {}); }
  // Answers that were wrong; one sentence each.
  [[nodiscard]] std::vector<std::string> take_complaints() { return std::exchange(complaints_, {}); }
  void complain(std::string sentence) { complaints_.push_back(std::move(sentence)); }

 private:
  template <class T>
  core::Result<T> record(std::function<core::Result<T>()> const& act, Deed deed);

  FaultyDisk& disk_;
  store::Database* database_ = nullptr;
  std::vector<Deed> done_, unsettled_;
  std::vector<std::string> complaints_;
};

}  // namespace tocsin::test
