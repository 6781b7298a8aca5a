// What waits for an analyst of the instance. It is kept beside everything that is published: no publication, version,
// claim or leaf knows of it, so that nothing that reads those can show it. A commit keeps it and publishes it, in its
// own transaction (CommitPart::moderated, Candidate::waiting); it is refused and withdrawn here, on the commit thread,
// on the one writing connection. Each reader thread reads with its own WaitingReader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "server/store/claim_store.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// What is published or refused together: the objects of one item, or one object.
struct WaitingEntry {
  enum class State : std::uint8_t { waiting, published, refused, withdrawn } state = State::waiting;

  RowId row = 0;  // in order of arrival
  core::Uuid id{};
  RowId organisation = 0, collection = 0;
  // Of its first object.
  std::string type{};
  core::Uuid uuid{};
  std::string version{};
  std::string kind{};
  std::string class_key{};
  std::int64_t received_us = 0;
  std::size_t objects = 0;
  std::optional<std::int64_t> ended_us{};
  std::string because{};  // why it was refused
};

struct WaitingQuery {
  std::optional<RowId> organisation{};  // absent: all
  std::string type{};                   // of the first object; "": any
  std::optional<core::Uuid> uuid{};     // of the first object, in every organisation or in one
  std::optional<ClaimKey> claim{};      // that one organisation says anew; not with `uuid` or `ended`
  bool ended = false;                   // what was refused or withdrawn too
  RowId after = 0;
  std::size_t limit = 0;
};

// Of one organisation, in all collections: who is not known yet does not fill the disk.
inline constexpr std::int64_t kMostWaitingObjects = 10'000;

class WaitingStore {
 public:
  virtual ~WaitingStore() = default;

  // Ends what waits, and forgets its objects. Errors: not_found, when it does not wait; storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> refuse(core::Uuid const& id, std::string const& because,
                                                  std::int64_t now_us) = 0;
  // Likewise, what the organisation itself submitted.
  [[nodiscard]] virtual core::Result<void> withdraw(core::Uuid const& id, RowId organisation, std::int64_t now_us) = 0;
};

class WaitingReader {
 public:
  virtual ~WaitingReader() = default;

  // In order of arrival; what was published is not among them. Errors of all: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<WaitingEntry>> list(WaitingQuery const& query) = 0;
  // nullopt: it does not wait.
  [[nodiscard]] virtual core::Result<std::optional<WaitingEntry>> find(core::Uuid const& id) = 0;
  // Of what waits: as the door let them in, in the order in which they are to be stored.
  [[nodiscard]] virtual core::Result<std::vector<Candidate>> objects(RowId row) = 0;

  struct Load {
    std::int64_t entries = 0;
    std::optional<std::int64_t> oldest_us;
  };
  [[nodiscard]] virtual core::Result<Load> load() = 0;
};

}  // namespace tocsin::store
