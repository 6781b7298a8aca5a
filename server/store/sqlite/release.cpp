// Showing an object to more readers: the part of Commits that carries out what two people agreed to.
#include <algorithm>
#include <iterator>
#include <set>

#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {

// The proposal is carried out once. The versions before were for the readers before, and none of them stays published:
// what is published of a chain has one class, and whoever is new cannot tell that there were others.
core::Result<void> Commits::take_place_of_all(Candidate const& released, RowId type, CommitOutcome& outcome) {
  ChainIndex::Id const id{released.uuid, type};
  std::vector<RowId> const ever = collections_of(chains_.chain(id, released.asserter));
  std::set<RowId> live;
  std::ranges::copy_if(ever, std::inserter(live, live.end()), [&](RowId collection) {
    return publications_.is_published({collection, released.asserter, id});
  });
  // What was withdrawn or retracted since the object was read has no later version, and is not brought back.
  if (auto const& read = released.release->collections; live != std::set<RowId>(read.begin(), read.end()))
    return core::fail(core::Code::release_stale,
                      "The object was withdrawn somewhere, or published, at the same moment.", "",
                      "Propose the release of the newest version.");
  Statement take = connection_.prepare("DELETE FROM release_proposals WHERE id = ? AND version = ?");
  take.start().bind_blob(core::view(released.release->proposal)).bind(released.release->version).run();
  if (connection_.changes() == 0)
    return core::fail(core::Code::not_found, "There is no such proposal, or it was decided at the same moment.");
  for (RowId collection : live) publications_.end({collection, released.asserter, id}, Withdrawal(), {}, outcome);
  return {};
}

}  // namespace tocsin::store::sqlite
