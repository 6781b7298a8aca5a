// The allow lists of the instance, in memory and in the store. Owned by app.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/admission/harm/allow_lists.hpp"

namespace tocsin::admission::harm {

inline constexpr std::size_t kMostEntries = 250'000;  // of all lists

class AllowListRegistry {
 public:
  explicit AllowListRegistry(store::AllowListStore& store) : store_(store) {}

  // As they are now, never null. Any thread.
  [[nodiscard]] std::shared_ptr<AllowLists const> current() const;

  // What there is, without the entries. Any thread.
  struct Summary {
    std::string name;
    store::AllowKind kind = store::AllowKind::ranges;
    std::int64_t changed_us = 0;
    std::size_t entries = 0;
  };
  [[nodiscard]] std::vector<Summary> summaries() const;

  // A list as it is kept, each entry once. Any thread. Errors: bad_parameter, with the place at /name, /kind or
  // /entries/N. `kind`: ranges, domains, mail,
  // organisations or prompts; "" is that of the list of this name, or ranges.
  [[nodiscard]] core::Result<store::AllowList> parse(std::string const& name, std::string const& kind,
                                                     std::vector<std::string> const& entries) const;

  // The rest is for the commit thread, with lists that `parse` made; a change is in force when they return. Errors:
  // those of the store.
  [[nodiscard]] core::Result<void> load();
  [[nodiscard]] core::Result<store::AllowListStore::Change> write(store::AllowList const& list, bool replace);
  // Of these entries as they were sent, or of the whole list when there are none.
  [[nodiscard]] core::Result<store::AllowListStore::Change> remove(std::string const& name,
                                                                   std::vector<std::string> const& entries,
                                                                   std::int64_t now_us);

 private:
  [[nodiscard]] store::AllowKind kind_of(std::string const& name) const;
  [[nodiscard]] core::Result<store::AllowListStore::Change> changed(core::Result<store::AllowListStore::Change> change);

  store::AllowListStore& store_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::shared_ptr<AllowLists const> current_ = std::make_shared<AllowLists const>();
  std::vector<Summary> summaries_;
};

[[nodiscard]] std::string_view name_of(store::AllowKind kind);

}  // namespace tocsin::admission::harm
