// Prompt templates beside the indicators of them: an indicator names its template by the digest alone, and the
// fingerprints stand in an object of their own, which may come before it, with it or later. They belong together when
// one organisation published both in one collection and class: who is told of the one sees the other. One thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "server/match/indicator.hpp"
#include "server/store/indicator_store.hpp"

namespace tocsin::stream {

class Templates {
 public:
  using Take = std::function<void(match::Change change)>;

  // A published object. Takes the indicators of it, as they are with it.
  void add(store::RowId collection, store::PublishedTemplate const& one, Take const& take);
  // Gives an indicator the fingerprints of its template.
  void complete(store::RowId collection, store::ListedIndicator const& one, match::Entry& entry);
  // It hits no more, or is of no template.
  void forget(core::Uuid const& id);
  void clear();

 private:
  using Name =
      std::tuple<store::RowId, store::RowId, store::RowId, std::string>;  // collection, asserter, class, digest
  struct Known {
    std::vector<kinds::Print> prints;
    std::map<core::Uuid, match::Entry> indicators;  // without them
  };
  std::map<Name, Known> known_;
  std::map<core::Uuid, Name> name_of_;  // of an indicator
};

}  // namespace tocsin::stream
