// A hall whose member may write to the collections where the kinds go. Used by one test at a time.
#pragma once

#include <string>
#include <vector>

#include "server/admission/drafts.hpp"

namespace tocsin::test {

struct Lobby {
  Lobby();
  void add_collection(store::RowId row, std::string const& alias);

  // The items of a body, drafted as if `claims` and `links` were stored; without them, nothing is.
  void draft(std::string const& body, std::vector<store::StoredClaim> claims = {},
             admission::Form form = admission::Form::json, bool dry = false);

  [[nodiscard]] admission::Sender sender() const;
  // Of the only draft.
  [[nodiscard]] std::vector<store::Candidate> const& candidates() const;
  [[nodiscard]] store::StoredClaim as_stored() const;

  access::Directory::Tables tables;
  access::StatementMarkings statements;
  access::View view;
  admission::Limits limits;
  admission::Batch batch;
  std::vector<admission::Item>& items = batch.items;
  std::vector<store::StoredClaim> links;
  std::vector<admission::Draft> drafts;
  std::vector<admission::Referring> referring;
  std::size_t slices = 0;  // of one item each
};

}  // namespace tocsin::test
