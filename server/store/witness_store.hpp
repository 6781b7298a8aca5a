// What shows that a peer's log was signed in two ways that contradict each other, and what witnesses cosigned of the
// logs of peers. Commit thread only, on the one writing connection.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"

namespace tocsin::store {

struct KeptEvidence {
  std::string origin;  // of the log, data or control
  bool one_size = false;
  // SHA-256 of the text of the statement that the log as it was verified here does not agree with. What was kept of one
  // is not kept once more.
  core::Digest said{};
  std::string text;  // log::Evidence
  std::int64_t found_us = 0;
};

// Of an origin's data log.
struct Witnessed {
  std::string origin;
  std::string key;  // verifier key of the witness
  std::uint64_t size = 0;
  std::uint64_t time_s = 0;

  friend bool operator==(Witnessed const&, Witnessed const&) = default;
};

class WitnessStore {
 public:
  virtual ~WitnessStore() = default;

  // Keeps evidence and quarantines the peer, in one transaction that the audit trail has too. False when it is kept
  // already: whoever lifted the quarantine has seen it, and nothing changes. Errors: not_found, also of a removed peer;
  // storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<bool> quarantine(std::string const& peer, KeptEvidence const& evidence,
                                                      std::string const& reason) = 0;
  // Against a peer, the oldest first; of removed ones too.
  [[nodiscard]] virtual core::Result<std::vector<KeptEvidence>> evidence(std::string const& peer) = 0;

  // Takes the place of a smaller size of the same witness, or of an earlier time. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> witnessed(Witnessed const& witnessed) = 0;
  [[nodiscard]] virtual core::Result<std::vector<Witnessed>> witnessed() = 0;  // by origin and key

  // The newest checkpoint of an origin's data log that is cosigned for whoever handed it in: a note; "" for none.
  // Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<std::string> cosigned(std::string const& origin) = 0;
  [[nodiscard]] virtual core::Result<void> cosigned(std::string const& origin, std::string const& note) = 0;
};

}  // namespace tocsin::store
