// Allow lists: what indicators are held against before they are taken. Each change stands in the audit trail by the
// list's name and numbers, never by its entries, in the same transaction. Commit thread only, on the one writing
// connection.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/core/result.hpp"

namespace tocsin::store {

// Stored, so their numbers never change. Domains: names that many use. Mail: where anybody gets an address.
// Organisations: names that no text should blame. Prompts: fingerprints of what honest users ask.
enum class AllowKind : std::uint8_t { ranges = 0, domains = 1, mail = 2, organisations = 3, prompts = 4 };

struct AllowList {
  std::string name;  // unique
  AllowKind kind = AllowKind::ranges;
  std::int64_t changed_us = 0;
  std::vector<std::string> entries{};  // canonical, ascending, each once
};

class AllowListStore {
 public:
  virtual ~AllowListStore() = default;

  [[nodiscard]] virtual core::Result<std::vector<AllowList>> lists() = 0;  // by name

  // Adds the entries that are not there yet, to a list that is made when there is none of its name. `replace`: those
  // are all it has from now on. Returns how many were added, and removed. Errors: conflict when the list is of another
  // kind, or there would be more entries than `most` in all lists; storage_full, storage_failed.
  struct Change {
    std::size_t added = 0, removed = 0;
  };
  [[nodiscard]] virtual core::Result<Change> write(AllowList const& list, bool replace, std::size_t most) = 0;

  // Removes these entries of a list, or the whole list when there are none. Error, besides the two above: not_found.
  [[nodiscard]] virtual core::Result<Change> remove(std::string const& name, std::vector<std::string> const& entries,
                                                    std::int64_t now_us) = 0;
};

}  // namespace tocsin::store
