// The table of sightings and opinions by what they are about. Responses is owned by Commits, inside whose transactions
// it writes; ResponseReads by the reader whose connection it uses. Each on the thread of its owner.
#pragma once

#include <set>
#include <vector>

#include "server/store/read_store.hpp"
#include "server/store/response_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Responses {
 public:
  explicit Responses(Connection& connection);

  void keep(Candidate const& candidate, RowId class_row, RowId version);
  void forget(RowId version);  // that was erased

 private:
  Statement keep_, forget_;
};

// Finds candidates in the table, by their classes; what of them is shown, a page of the reader says.
class ResponseReads final : public ResponseReader {
 public:
  ResponseReads(Connection& connection, ReadStore& reader);

  core::Result<store::Responses> about(ResponseQuery const& query) override;

 private:
  struct Found {
    RowId version = 0;
    core::Uuid uuid{};
    bool opinion = false;
    // The latest first: what an answer leaves out is the oldest.
    friend bool operator<(Found const& a, Found const& b) { return a.version > b.version; }
  };

  std::set<Found> candidates(ResponseQuery const& query, bool& complete);

  Connection& connection_;
  ReadStore& reader_;
  Statement begin_, end_, of_class_, own_;
};

}  // namespace tocsin::store::sqlite
