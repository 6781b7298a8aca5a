#include "server/app/witnessing.hpp"

#include <utility>

#include "schema/log/manifest.hpp"
#include "server/app/log_keys.hpp"

namespace tocsin::app {
namespace {

federation::Perform on_the_commit_thread(ledger::GroupCommit& ledger) {
  return [&ledger](std::function<void()> job) { ledger.perform(std::move(job)); };
}

}  // namespace

Witnessing::Witnessing(Parts parts)
    : parts_(std::move(parts)),
      trees_(parts_.database.origins(), on_the_commit_thread(parts_.ledger)),
      keeper_({parts_.peering, parts_.database.origins(), parts_.database.witnesses(), trees_,
               on_the_commit_thread(parts_.ledger), parts_.clock, parts_.log}),
      witness_({parts_.peering, parts_.database.origins(), parts_.database.witnesses(), trees_, keeper_,
                on_the_commit_thread(parts_.ledger), parts_.clock,
                [this] { return cosigner(parts_.witness_key, log::witness_name(parts_.origin)); }}),
      exchange_({parts_.peering, parts_.database.origins(), parts_.database.witnesses(), trees_, keeper_, own_log(),
                 on_the_commit_thread(parts_.ledger), parts_.log}) {}

void Witnessing::begin(federation::WitnessRounds::Connect connect) {
  rounds_.reset();
  rounds_.emplace(parts_.peering, exchange_, std::move(connect));
}

federation::OwnLog Witnessing::own_log() {
  return {[this]() -> std::shared_ptr<std::string const> {
            auto const* log = parts_.logs.find("data");
            return log != nullptr ? log->checkpoint() : nullptr;
          },
          [this](log::TilePath const& path) { return own_tile(path); },
          [this]() -> core::Result<log::VerifierKey> {
            auto key = read_signer(parts_.log_key);
            if (!key) return std::unexpected(key.error());
            return key->verifier();
          }};
}

core::Result<std::string> Witnessing::own_tile(log::TilePath const& path) {
  std::lock_guard lock(reading_);
  if (!reader_) {
    auto opened = parts_.database.open_reader();
    if (!opened) return std::unexpected(opened.error());
    reader_ = *std::move(opened);
  }
  return parts_.logs.find("data")->tile(reader_->leaves(), path);
}

}  // namespace tocsin::app
