// Verbs on audiences: who is named by which marking. Checked here, written through the store. Commit thread only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/access/directory.hpp"

namespace tocsin::access {

// Either a group of members, or the authorities of governments that something may be shown to.
struct NewAudience {
  std::string name;
  std::vector<std::string> members;        // names of organisations
  std::vector<std::string> releasable_to;  // authority codes
};

class AudienceAdministration {
 public:
  // How long a proposal can be approved.
  static constexpr std::int64_t kProposalUs = std::int64_t{72} * 3'600 * 1'000'000;

  AudienceAdministration(store::AccountStore& accounts, Registry& registry)
      : accounts_(accounts), registry_(registry) {}

  // Errors of all: bad_parameter (which, and what it may be), not_found, conflict, storage_*. A change is in force when
  // they return.

  // Nothing is marked with a new audience yet: its first members need no second administrator.
  core::Result<store::Audience> add(NewAudience const& given, std::int64_t now_us);

  // `proposer`: the row of the credential, 0 for the operator. A later proposal of the same member takes the place of
  // an earlier one.
  core::Result<core::Uuid> propose(std::string const& audience, std::string const& organisation, store::RowId proposer,
                                   std::int64_t now_us);

  // Besides: forbidden, unless the approver is another than the proposer and was one before the proposal.
  core::Result<void> approve(std::string const& proposal, store::RowId approver, std::int64_t now_us);

  // Ends what the organisation sees of the audience, from the next request on.
  core::Result<void> remove(std::string const& audience, std::string const& organisation);

 private:
  struct Pair {
    store::Audience const* audience;
    store::Organisation const* organisation;
  };
  static core::Result<Pair> find(Directory const& directory, std::string const& audience,
                                 std::string const& organisation);

  store::AccountStore& accounts_;
  Registry& registry_;
};

}  // namespace tocsin::access
