#include "server/catalog/mute_registry.hpp"

#include <utility>

namespace tocsin::catalog {

std::shared_ptr<Mutes const> MuteRegistry::of(store::RowId organisation) const {
  static std::shared_ptr<Mutes const> const kNone = std::make_shared<Mutes const>();
  std::lock_guard lock(mutex_);
  auto const found = mutes_.find(organisation);
  return found == mutes_.end() ? kNone : found->second;
}

core::Result<void> MuteRegistry::load() {
  auto rows = store_.mutes();
  if (!rows) return std::unexpected(rows.error());
  std::map<store::RowId, std::shared_ptr<Mutes const>> mutes;
  for (auto& [organisation, own] : *rows) mutes.emplace(organisation, std::make_shared<Mutes const>(std::move(own)));
  std::lock_guard lock(mutex_);
  mutes_ = std::move(mutes);
  return {};
}

core::Result<void> MuteRegistry::add(store::RowId organisation, store::Mute const& mute) {
  if (auto added = store_.add(organisation, mute, kMostMutes); !added) return added;
  return reload(organisation);
}

core::Result<bool> MuteRegistry::remove(store::RowId organisation, std::string const& subject) {
  auto const removed = store_.remove(organisation, subject);
  if (!removed || !*removed) return removed;
  if (auto loaded = reload(organisation); !loaded) return std::unexpected(loaded.error());
  return true;
}

core::Result<void> MuteRegistry::reload(store::RowId organisation) {
  auto rows = store_.mutes_of(organisation);
  if (!rows) return std::unexpected(rows.error());
  auto own = std::make_shared<Mutes const>(*std::move(rows));
  std::lock_guard lock(mutex_);
  mutes_[organisation] = std::move(own);
  return {};
}

}  // namespace tocsin::catalog
