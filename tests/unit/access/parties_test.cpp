#include "server/access/parties.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin;

namespace {

store::Organisation organisation(store::RowId row, store::RowId origin = 0, store::RowId party = 0) {
  store::Organisation out;
  out.row = row;
  out.origin = origin;
  out.party = party;
  return out;
}

using Parties = std::map<store::RowId, store::RowId>;

}  // namespace

TEST_CASE("who speaks here is a party alone, and all who speak at one instance are one", "[access][parties]") {
  std::vector const all{organisation(1), organisation(2), organisation(5, 1), organisation(3, 1), organisation(4, 2)};
  CHECK(access::parties_of(all) == Parties{{1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 3}});
}

TEST_CASE("an agreement joins all of an instance with a member, or with all of another instance", "[access][parties]") {
  std::vector const member{organisation(1), organisation(2), organisation(3, 1, 2), organisation(4, 1)};
  CHECK(access::parties_of(member) == Parties{{1, 1}, {2, 2}, {3, 2}, {4, 2}});
  std::vector const peer{organisation(3, 1, 5), organisation(4, 1), organisation(5, 2), organisation(6, 2)};
  CHECK(access::parties_of(peer) == Parties{{3, 3}, {4, 3}, {5, 3}, {6, 3}});
}

TEST_CASE("two that name each other are one party, and one that is not there joins nobody", "[access][parties]") {
  std::vector const both{organisation(3, 1, 4), organisation(4, 2, 3), organisation(5, 3, 99)};
  CHECK(access::parties_of(both) == Parties{{3, 3}, {4, 3}, {5, 5}});
}
