// Those who read logs of other instances through this one, and what it tells each origin of them: the origin does not
// know all of them, and what it recalls is with them too. Owned by the relayed logs; any thread but the commit thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "schema/core/result.hpp"
#include "schema/log/dependents.hpp"
#include "schema/log/keys.hpp"
#include "server/base/clock.hpp"
#include "server/federation/origin_trees.hpp"
#include "server/federation/peering.hpp"
#include "server/federation/receipt_retry.hpp"
#include "server/federation/transport.hpp"
#include "server/store/origin_store.hpp"
#include "server/store/relay_store.hpp"

namespace tocsin::federation {

class Dependents {
 public:
  struct Parts {
    std::string own;  // the origin of this instance's data log
    Peering const& peering;
    store::RelayStore& relays;  // on the commit thread
    Perform perform;
    base::Clock const& clock;
    std::function<core::Result<log::SignerKey>()> applied_key;
    std::function<double()> random;  // from [0, 1), from any thread
  };
  explicit Dependents(Parts parts) : parts_(std::move(parts)) {}

  // `receiver`, the origin of a data log, is about to be shown entries of `origin`: it is named from now on. Stored
  // before this ends. Errors: those of the store.
  [[nodiscard]] core::Result<void> shown(store::RowId origin, std::string const& receiver);
  // Its receipt for the first `size` entries of the control log came. Errors: those of the store.
  [[nodiscard]] core::Result<void> acknowledged(store::RowId origin, std::string const& receiver, std::uint64_t size);
  // It says, as a relay, what it knows of those behind it. Errors: those of the store.
  [[nodiscard]] core::Result<void> said(store::RowId origin, std::string const& receiver, std::string const& note);

  // Everybody behind this instance but peers that were removed; of a relay among them also those behind it, 100 at
  // most: of whom this instance knows itself, nobody else is believed. What `but_for`, a log, said is left out, and
  // itself: nobody is told what came from him. kMostDependents at most, those that are known here first. Errors: those
  // of the store; note_malformed when what is stored is damaged.
  [[nodiscard]] core::Result<log::Dependents> of(store::Origin const& origin, std::string const& but_for = {});

  // Tells whoever the transport leads to, when it was told otherwise before or the control log grew: nothing, where
  // there was never anybody. What is not taken is tried again, at most an hour later. Errors: those of `of`, of keys
  // and of the transport; unavailable with the refusal, until it is taken.
  [[nodiscard]] core::Result<void> hand_in(store::Origin const& origin, Transport& transport);

 private:
  struct Told {
    std::string text;          // that was taken last
    std::uint64_t size = 0;    // of the control log then
    std::string tried;         // that was not taken
    std::uint64_t number = 0;  // of what was tried
    std::optional<ReceiptRetry> retry;
  };
  using Way = std::pair<store::RowId, std::string>;  // the origin, and a relay or nobody

  // What is stored of an origin's is known from then on: nobody else writes it.
  [[nodiscard]] core::Result<void> load(store::RowId origin);
  void learn(store::RowId origin, store::Dependent const& dependent);
  [[nodiscard]] core::Result<void> keep(store::RowId origin, store::Dependent const& dependent);
  // What is left to do: nullopt, or the outcome when there is nothing now.
  [[nodiscard]] std::optional<core::Result<void>> settled(Way const& way, std::string const& text, std::uint64_t size);
  [[nodiscard]] core::Result<void> answered(Way const& way, std::string const& text, std::uint64_t size, int status);

  Parts const parts_;
  std::mutex mutex_;
  // Guarded by mutex_: by origin, and by the log of each.
  std::map<store::RowId, std::map<std::string, store::Dependent>> known_;
  std::map<Way, Told> told_;  // guarded by mutex_
};

}  // namespace tocsin::federation
