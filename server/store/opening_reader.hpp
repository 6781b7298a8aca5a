// What entries of the published logs were made of, by their places: what a peer is shown of them. Of the reader whose
// connection it uses, on its thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/openings.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// Entries [from, to) of a log, up to so many as an answer holds: one that is larger than `most_bytes` is alone.
struct OpeningRange {
  std::uint64_t from = 0, to = 0;
  std::size_t most = 0, most_bytes = 0;
};

// Which entries of the data log are shown: those of versions that are published in one of the collections, and of one
// of the classes. Of those that are numbered in such a class and collection and published there no more, the header
// alone, unless they were erased; and the heads of such numberings, which are published nowhere.
struct OpeningWindow {
  ClassSet classes;
  RowId classes_through = 0;                               // what has a later class is not considered, nor what follows
  std::vector<std::pair<RowId, std::string>> collections;  // rows and aliases
};

struct OpenedRange {
  std::vector<log::OpenedEntry> entries;
  std::vector<std::pair<RowId, std::int64_t>> places;  // collections and sequences of their publications there
  std::uint64_t to = 0;                                // entries [from, to) were considered
};

class OpeningReader {
 public:
  virtual ~OpeningReader() = default;

  // Of this instance's own data log. What was erased is not shown. Each entry was held against its leaf. Errors:
  // log_inconsistent when one is not that of its leaf; storage_failed.
  [[nodiscard]] virtual core::Result<OpenedRange> data(OpeningRange const& range, OpeningWindow const& window) = 0;
  // Of its control log: every entry. Errors: likewise, also when one is missing.
  [[nodiscard]] virtual core::Result<OpenedRange> control(OpeningRange const& range) = 0;

  // Which bodies of what another instance logged may be handed on, besides those that the window leaves out.
  using MayBeRelayed = std::function<bool(std::string_view body)>;
  // Of an origin's data log, as far as it was applied here. Errors: as those of `data`.
  [[nodiscard]] virtual core::Result<OpenedRange> relayed_data(RowId origin, OpeningRange const& range,
                                                               OpeningWindow const& window,
                                                               MayBeRelayed const& may) = 0;
  // Of its control log: every entry. Errors: likewise; unavailable when one was applied before such entries were kept.
  [[nodiscard]] virtual core::Result<OpenedRange> relayed_control(RowId origin, OpeningRange const& range) = 0;

  // Whether a head is asked for, by the salt of its body.
  using IsAsked = std::function<bool(core::Salt const& body_salt)>;
  // Of an origin's heads that were opened here, those that came next in their numberings after the ones that are asked
  // for, the newest of them at most, each as it was opened alone (log::format_openings). Every head is held against the
  // question, whatever is found. Error: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<std::string>> later_heads(RowId origin, IsAsked const& is_asked,
                                                                           std::size_t most) = 0;
};

}  // namespace tocsin::store
