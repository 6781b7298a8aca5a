// How what an organisation shared was received, as far as it may see: its indicators by kind, whose values others share
// too, and what others say of them. Reader threads.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "schema/core/result.hpp"
#include "server/access/directory.hpp"
#include "server/store/read_store.hpp"

namespace tocsin::catalog {

struct ReportQuery {
  store::Sight all;  // what the caller is shown
  store::Sight own;  // of that what its organisation asserted
  std::int64_t since_us = 0;
  access::Directory const& directory;  // who is one party with it is not another
};

struct SharingReport {
  struct OfKind {
    std::size_t live = 0;      // neither revoked nor past their end
    std::size_t over = 0;      // the others
    std::size_t shared = 0;    // live, and another organisation has a live one with a value of it
    std::size_t disputed = 0;  // another organisation disagrees with it
  };
  std::map<std::string, OfKind> kinds;
  std::map<std::string, std::size_t> sightings;  // of others, by outcome; "" says none
  std::map<std::string, std::size_t> opinions;   // of others
  std::set<store::RowId> classes;                // of the own indicators
  // Where these are published: by collection, ascending sequences. And since when.
  std::map<store::RowId, std::vector<std::int64_t>> places;
  std::int64_t first_us = 0;
  bool complete = true;  // false: there is more than one answer looks at
};

// Newest versions that were published since. Errors: storage_failed.
[[nodiscard]] core::Result<SharingReport> sharing_report(store::ReadStore& reader, ReportQuery const& query,
                                                         std::int64_t now_us);

}  // namespace tocsin::catalog
