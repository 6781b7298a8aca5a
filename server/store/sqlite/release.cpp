// Showing an object to more readers: the part of Commits that carries out what two people agreed to.
#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {

// The proposal is carried out once. The versions before were for the readers before, and none of them stays published:
// what is published of a chain has one class, and whoever is new cannot tell that there were others.
core::Result<void> Commits::take_place_of_all(Candidate const& released, RowId type, CommitOutcome& outcome) {
  Statement take = connection_.prepare("DELETE FROM release_proposals WHERE id = ? AND version = ?");
  take.start().bind_blob(core::view(released.release->proposal)).bind(released.release->version).run();
  if (connection_.changes() == 0)
    return core::fail(core::Code::not_found, "There is no such proposal, or it was decided at the same moment.");
  ChainIndex::Id const id{released.uuid, type};
  for (RowId collection : collections_of(chains_.chain(id, released.asserter)))
    publications_.end({collection, released.asserter, id}, Withdrawal(), {}, outcome);
  return {};
}

}  // namespace tocsin::store::sqlite
