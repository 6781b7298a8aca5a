// The whole server with a commit that stores nothing and says that all is stored: what a submission costs besides the
// database. Reads, accounts and the rest are the real ones.
//
// usage: commit_stub DIRECTORY ADDRESS:PORT
#include <cstdio>
#include <memory>
#include <utility>

#include "server/app/verbs.hpp"
#include "server/store/database.hpp"

namespace {

using namespace tocsin;

class NoCommits final : public store::CommitStore {
 public:
  core::Result<store::CommitOutcome> commit(std::span<store::CommitPart> parts, store::CommitRules const&,
                                            std::int64_t now_us) override {
    store::CommitOutcome outcome;
    for (store::CommitPart& part : parts) {
      auto& fates = outcome.fates.emplace_back();
      for (std::size_t i = 0; i < part.candidates.size(); ++i) {
        fates.push_back({store::Verdict::Kind::store, ++version_, {}});
        if (part.record != nullptr) part.record->accepted.push_back(version_);
      }
    }
    outcome.last_date_added_us = now_us;
    return outcome;
  }
  core::Result<store::CommitOutcome> deliver(store::Delivery const&, store::CommitRules const&, std::int64_t) override {
    return core::fail(core::Code::unavailable, "Nothing that another instance logged is stored here.");
  }
  core::Result<std::vector<std::int64_t>> withdraw(store::Withdrawal const&) override { return {}; }
  core::Result<store::Retracted> retract(std::span<store::Retraction const>) override { return {}; }
  core::Result<void> keep(store::KeptAnswer const&) override { return {}; }
  void checkpoint(std::int64_t) override {}
  core::Result<std::size_t> log_heads(store::CommitRules const&) override { return 0; }

 private:
  store::RowId version_ = 0;
};

class StubbedDatabase final : public store::Database {
 public:
  explicit StubbedDatabase(std::unique_ptr<store::Database> real) : real_(std::move(real)) {}
  store::CommitStore& commits() override { return commits_; }
  store::ControlStore& control() override { return real_->control(); }
  store::AccountStore& accounts() override { return real_->accounts(); }
  store::AuditStore& audit() override { return real_->audit(); }
  store::RangeStore& ranges() override { return real_->ranges(); }
  store::AllowListStore& allow_lists() override { return real_->allow_lists(); }
  store::MuteStore& mutes() override { return real_->mutes(); }
  store::RelayStore& relays() override { return real_->relays(); }
  store::WitnessStore& witnesses() override { return real_->witnesses(); }
  store::ReleaseStore& releases() override { return real_->releases(); }
  store::PeerStore& peers() override { return real_->peers(); }
  store::WaitingStore& waiting() override { return real_->waiting(); }
  store::RecallStore& recalls() override { return real_->recalls(); }
  store::OriginStore& origins() override { return real_->origins(); }
  core::Result<std::unique_ptr<store::ReadStore>> open_reader() override { return real_->open_reader(); }
  core::Result<std::unique_ptr<store::LogStore>> open_log() override { return real_->open_log(); }

 private:
  std::unique_ptr<store::Database> real_;
  NoCommits commits_;
};

core::Result<std::unique_ptr<store::Database>> open_stubbed(store::DatabaseOptions const& options) {
  auto real = store::open_sqlite(options);
  if (!real) return std::unexpected(real.error());
  return std::make_unique<StubbedDatabase>(*std::move(real));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  return app::serve({argv[1]}, argv[2], open_stubbed);
}
