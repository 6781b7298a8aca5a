// Logs of other instances as they were verified here, and how far they were applied. Commit thread only, on the one
// writing connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/numbering.hpp"
#include "server/store/leaf_store.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// A log of an origin: verified through `size`, considered through `applied`, which is never beyond it.
struct OriginLog {
  std::uint64_t size = 0, applied = 0;
  std::string range;  // compact range of `size` (log::CompactRange::serialise)
  // The note of that size. In the midst of a long log, which is verified pack by pack, the newest of which all leaves
  // were verified, and "" when there is none.
  std::string checkpoint;
  std::int64_t verified_us = 0;
};

// It is counted on the commit thread, and how much there is to count is for the origin to choose.
inline constexpr std::uint64_t kMostRefusedCounted = 10'000;

struct Origin {
  RowId row = 0;
  std::string name;                 // of its data log
  std::optional<core::Uuid> terms;  // see Applied
  OriginLog data, control;
  std::uint64_t refused = 0;  // entries that it opened and the door refused here; kMostRefusedCounted: or more
};

// What an origin opened and this instance did not take, and why.
struct RefusedEntry {
  std::uint64_t index = 0;
  std::string code;  // as core::Row has it
};

// Entries [from, to) of an origin's data log were considered: what it opened of them is stored in the same transaction.
struct Applied {
  RowId origin = 0;
  std::uint64_t from = 0, to = 0;
  // What the origin says it shows us, as a token that is another one when it shows us something else. Entries behind
  // the cursor may be open by then: whoever reads them begins again at 0, and finds what it has by its index.
  core::Uuid terms{};
  std::vector<RefusedEntry> refused;
};

// An object of an origin, and in which collections here it is published.
struct ForeignObject {
  Candidate candidate;  // with `foreign`
  std::vector<RowId> collections;
};

// An entry that was opened, whatever became of what it holds: its number; or a head.
struct NumberedEntry {
  std::uint64_t index = 0;
  core::Uuid token{};        // of its numbering
  std::uint64_t number = 0;  // of a head the last one before it
  core::Digest leaf{};
  std::optional<log::Head> head{};
  std::string opening{};  // that shows it (log::format_openings), without the object
};

// What one transaction takes of an origin: CommitStore::deliver, through GroupCommit::deliver.
struct Delivery {
  Applied applied;
  std::vector<ForeignObject> objects;     // by ascending index
  std::vector<NumberedEntry> numbered{};  // likewise
};

// Of one object of an origin; what is beyond them is refused, but a revocation. Publishing one, or ending it, looks at
// those that are there, and how many there are is for the origin to choose.
inline constexpr std::size_t kMostForeignVersions = 10'000;

// Whether all is there that an origin has for us, by its numberings. What was erased is no gap, and the control log
// that says so may come after the entries: a gap counts when it is a minute old and unexplained, and only where heads
// show that every entry is for us.
struct Completeness {
  std::uint64_t numberings = 0;  // that heads were opened of
  std::uint64_t overdue = 0;     // of these, with entries that no head has covered for a minute
  std::uint64_t gaps = 0, duplicates = 0, hashes = 0, counts = 0;  // flaws, by kind
  std::uint64_t unshown = 0;  // heads that another member was shown, and we were not

  [[nodiscard]] std::uint64_t flaws() const { return gaps + duplicates + hashes + counts + unshown; }
  friend bool operator==(Completeness const&, Completeness const&) = default;
};
// Of an origin; likewise of numberings that no head was opened of. They are gone through on the commit thread.
inline constexpr std::uint64_t kMostFlaws = 100;
// Of an origin; how many tokens its headers have is for it to choose. What comes beyond is not judged.
inline constexpr std::uint64_t kMostNumberings = 10'000;
// Of an origin: each question of another member goes through all of them.
inline constexpr std::uint64_t kMostHeads = 10'000;

// A head as another member shows it, and what is to be made of it.
struct ShownHead {
  std::uint64_t index = 0;
  core::Uuid token{};        // of its numbering
  std::uint64_t number = 0;  // the last one before it
  core::Digest leaf{};       // that it is the opening of
  std::string opening{};     // without the body (log::format_openings)
};
enum class HeadVerdict : std::uint8_t {
  fits,     // it was opened to us too, was not reached yet, or is of a numbering that is not for us
  unshown,  // it was not opened to us: kept as a flaw
  known,    // likewise, and kept before
  not_it,   // its leaf is not the one that was verified
};

class OriginStore {
 public:
  virtual ~OriginStore() = default;

  [[nodiscard]] virtual core::Result<std::vector<Origin>> origins() = 0;  // by row
  // The one of this name: what a request or an answer is about. nullopt: it is not followed here.
  [[nodiscard]] virtual core::Result<std::optional<Origin>> origin(std::string const& name) = 0;

  // The origin's row, made when there is none. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<RowId> follow(std::string const& name) = 0;

  // A longer log, or a newer note of the same size: `hashes` are leaves [what was verified before, log.size), 32 bytes
  // each, joined. `log.applied` counts for nothing. One transaction. Errors: log_inconsistent when the hashes are not
  // as many or the log is shorter than the stored one; storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> verified(RowId origin, LogName name, OriginLog const& log,
                                                    std::string_view hashes) = 0;

  // The data log is read again from its beginning: other terms. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> begin_again(RowId origin) = 0;

  // Verified leaf hashes [first, first + count), joined. Errors: log_inconsistent when one is missing; storage_failed.
  [[nodiscard]] virtual core::Result<std::string> hashes(RowId origin, LogName name, std::uint64_t first,
                                                         std::uint64_t count) = 0;

  [[nodiscard]] virtual core::Result<Completeness> completeness(RowId origin, std::int64_t now_us) = 0;

  // Salts of the bodies of heads that were opened to us: the newest of each numbering first, then others by chance.
  [[nodiscard]] virtual core::Result<std::vector<core::Salt>> opened_heads(RowId origin, std::size_t most) = 0;
  // What other members show of the origin, one verdict a head. What was lost at the origin it can open to nobody.
  [[nodiscard]] virtual core::Result<std::vector<HeadVerdict>> compare_heads(RowId origin,
                                                                             std::vector<ShownHead> const& heads) = 0;
};

}  // namespace tocsin::store
