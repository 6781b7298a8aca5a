// Proposals to show an object to more readers. They are made and taken back on the commit thread, on the one writing
// connection; a commit that carries one out takes it away, in its own transaction (Candidate::release). Each reader
// thread reads with its own ReleaseReader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

struct ReleaseProposal {
  core::Uuid id{};
  RowId organisation = 0;
  RowId version = 0;   // the very one
  RowId proposer = 0;  // credential
  std::string target;
  std::string class_key;  // that the released version has
  std::int64_t created_us = 0;
  // Of the version; not given when it is proposed.
  std::string type{};
  core::Uuid uuid{};
};

// Of one organisation that are not too old.
inline constexpr std::size_t kMostProposals = 100;

class ReleaseStore {
 public:
  virtual ~ReleaseStore() = default;

  // A later proposal of the same version takes the place of an earlier one; what was created before `since_us` is
  // forgotten. Errors: conflict when the organisation has kMostProposals; storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> propose(ReleaseProposal const& proposal, std::int64_t since_us) = 0;

  // Errors: not_found, also when it is another organisation's; storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> refuse(core::Uuid const& proposal, RowId organisation) = 0;
};

class ReleaseReader {
 public:
  virtual ~ReleaseReader() = default;

  // In the order in which they were made; of versions that were not erased. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<ReleaseProposal>> proposals(RowId organisation) = 0;
};

}  // namespace tocsin::store
