// The mutes of every organisation, in memory and in the store. Nobody but the organisation itself is told them. Owned
// by app.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

#include "server/catalog/mutes.hpp"
#include "server/store/mute_store.hpp"

namespace tocsin::catalog {

inline constexpr std::size_t kMostMutes = 10'000;  // of one organisation

class MuteRegistry {
 public:
  explicit MuteRegistry(store::MuteStore& store) : store_(store) {}

  // As they are now, never null. Any thread.
  [[nodiscard]] std::shared_ptr<Mutes const> of(store::RowId organisation) const;

  // The rest is for the commit thread; a change is in force when they return. Errors: those of the store.
  [[nodiscard]] core::Result<void> load();
  [[nodiscard]] core::Result<void> add(store::RowId organisation, store::Mute const& mute);
  [[nodiscard]] core::Result<bool> remove(store::RowId organisation, std::string const& subject);

 private:
  [[nodiscard]] core::Result<void> reload(store::RowId organisation);

  store::MuteStore& store_;
  mutable std::mutex mutex_;
  std::map<store::RowId, std::shared_ptr<Mutes const>> mutes_;  // guarded by mutex_
};

}  // namespace tocsin::catalog
