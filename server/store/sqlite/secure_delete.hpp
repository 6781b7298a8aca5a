// While this lives, freed space is overwritten. Owned by the frame that destroys something; the commit thread.
#pragma once

#include <sqlite3.h>

#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class SecureDelete {
 public:
  explicit SecureDelete(Connection& connection) : connection_(connection) {
    connection_.execute("PRAGMA secure_delete = ON");
  }
  ~SecureDelete() { sqlite3_exec(connection_.raw(), "PRAGMA secure_delete = OFF", nullptr, nullptr, nullptr); }
  SecureDelete(SecureDelete const&) = delete;
  SecureDelete& operator=(SecureDelete const&) = delete;

 private:
  Connection& connection_;
};

}  // namespace tocsin::store::sqlite
