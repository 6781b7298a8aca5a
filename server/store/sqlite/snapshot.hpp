// One moment of the database for several statements. Only for this folder; the thread that owns the connection.
#pragma once

#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

// A read transaction: every statement of one page sees the same commit.
class Snapshot {
 public:
  Snapshot(Connection& connection, Statement& begin, Statement& end) : connection_(connection), end_(end) {
    begin.start().run();
  }
  ~Snapshot() {
    try {
      end_.start().run();
    } catch (SqliteError const&) {
    }
    connection_.let_go();
  }

 private:
  Connection& connection_;
  Statement& end_;
};

}  // namespace tocsin::store::sqlite
