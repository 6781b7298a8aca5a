// The numbers of entries of this instance's data log, by class and collection. Owned by Commits, inside whose
// transactions it writes; commit thread only.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/log/numbering.hpp"
#include "server/store/rows.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Numberings {
 public:
  explicit Numberings(Connection& connection);

  struct Numbering {
    RowId row = 0;
    core::Uuid token{};
    log::Head now{};           // with its latest entry; a count of 0: it has none
    std::uint64_t headed = 0;  // what the newest head says
    bool dirty = false;

    void add(std::uint64_t index, core::Digest const& leaf);
  };
  // Made when there is none. Where it is stays until forget().
  Numbering& of(RowId cls, RowId collection);
  // Those that have grown since their newest head, by row.
  std::vector<Numbering*> growing();
  void keep_head(Numbering& numbering, std::uint64_t position, Seal const& seal, core::Salt const& header_salt,
                 core::Salt const& body_salt, std::string_view body);

  // Nobody knows how far they had come: none of them gets another entry or head, and others begin in their places.
  void retire();

  void save();
  void forget();  // after a rollback: what memory holds may be ahead of the database

 private:
  void load();

  Connection& connection_;
  std::map<std::pair<RowId, RowId>, Numbering> numberings_;  // by class and collection
  bool loaded_ = false;
  Statement insert_, save_, insert_head_;
};

}  // namespace tocsin::store::sqlite
