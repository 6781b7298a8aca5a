// What was read, in memory, until it is recorded: one range for each reader, collection and filter, however many
// requests it took. Owned by ReadAudit; any thread, with one short lock a call.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "server/store/audit_store.hpp"

namespace tocsin::ledger {

// One answer to a pull. Views live during the call.
struct ReadNote {
  std::int64_t principal = 0;                 // row of the credential
  std::string_view organisation, credential;  // as the entry names them
  std::uint64_t epoch = 0;                    // of access, when it was decided
  std::string_view collection;                // its id
  std::string_view what;                      // objects, manifest, versions, stream, openings …
  std::string_view filters;                   // canonical text
  std::int64_t after = 0;                     // the page began behind this sequence
  std::int64_t first = 0, last = 0;           // sequences of what was shown; 0: nothing
  std::uint64_t objects = 0;                  // sent; 0 also when the reader had them already
};

// An entry of the trail with what it stands for.
struct RecordedReads {
  store::AuditEntry entry;
  std::uint64_t requests = 0;
};

class ReadRanges {
 public:
  // `key` makes digests of filters that nobody outside the instance can test guesses with.
  explicit ReadRanges(core::Digest const& key) : key_(key) {}

  // False: there is no room, and nothing was remembered.
  [[nodiscard]] bool add(ReadNote const& note, std::int64_t now_us);

  // Everything so far, as entries; from now on there is nothing.
  [[nodiscard]] std::vector<RecordedReads> take();

  // One answer alone.
  [[nodiscard]] RecordedReads entry_of(ReadNote const& note, std::int64_t now_us) const;

 private:
  struct KeyView {
    std::int64_t principal;
    std::uint64_t epoch;
    std::string_view collection, what, filters;
    friend bool operator==(KeyView const&, KeyView const&) = default;
  };
  struct Key {
    std::int64_t principal;
    std::uint64_t epoch;
    std::string collection, what, filters;
    [[nodiscard]] KeyView view() const { return {principal, epoch, collection, what, filters}; }
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(KeyView const& key) const;
    std::size_t operator()(Key const& key) const { return operator()(key.view()); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(Key const& a, Key const& b) const { return a.view() == b.view(); }
    bool operator()(KeyView const& a, Key const& b) const { return a == b.view(); }
    bool operator()(Key const& a, KeyView const& b) const { return a.view() == b; }
  };
  struct Range {
    store::Actor by;
    std::int64_t from_us = 0, until_us = 0;
    std::vector<std::pair<std::int64_t, std::int64_t>> stretches;  // of sequences
    std::uint64_t objects = 0, requests = 0;

    void add(ReadNote const& note, std::int64_t now_us);
  };
  struct Shard {
    std::mutex mutex;
    std::unordered_map<Key, Range, Hash, Equal> ranges;
    std::size_t bytes = 0;
  };
  static constexpr std::size_t kShards = 8;

  [[nodiscard]] RecordedReads entry_of(KeyView const& key, Range const& range) const;

  core::Digest const key_;
  std::array<Shard, kShards> shards_;
};

}  // namespace tocsin::ledger
