// What the database can do with nothing around it: the same rows as the server's submissions, into one table with
// UNIQUE(org, id, modified), WAL and synchronous=FULL. Prints one line of JSON.
//
// usage: raw_sqlite FILE ROWS ROWS_A_TRANSACTION [SECONDS_AT_MOST]
#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace {

sqlite3* database = nullptr;

void check(int status) {
  if (status == SQLITE_OK || status == SQLITE_DONE) return;
  std::fprintf(stderr, "raw_sqlite: %s\n", sqlite3_errmsg(database));
  std::exit(1);
}

void run(char const* sql) { check(sqlite3_exec(database, sql, nullptr, nullptr, nullptr)); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  long rows = std::atol(argv[2]), batch = std::atol(argv[3]);
  double most = argc > 4 ? std::atof(argv[4]) : 1e9;
  check(sqlite3_open(argv[1], &database));
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-262144");
  run("CREATE TABLE objects (row INTEGER PRIMARY KEY, org INTEGER NOT NULL, id BLOB NOT NULL, modified INTEGER NOT "
      "NULL, bytes BLOB NOT NULL,"
      " UNIQUE (org, id, modified))");
  sqlite3_stmt* insert = nullptr;
  check(sqlite3_prepare_v2(database, "INSERT INTO objects (org, id, modified, bytes) VALUES (1, ?, ?, ?)", -1, &insert,
                           nullptr));
  std::mt19937_64 random(20260301);
  std::string body(684, 'x');
  auto started = std::chrono::steady_clock::now();
  auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count(); };
  long done = 0;
  while (done < rows && seconds() < most) {
    run("BEGIN IMMEDIATE");
    for (long i = 0; i < batch && done < rows; ++i, ++done) {
      std::uint64_t id[2] = {random(), random()};
      check(sqlite3_bind_blob(insert, 1, id, sizeof id, SQLITE_TRANSIENT));
      check(sqlite3_bind_int64(insert, 2, 1'772'359'200'000'000'000));
      check(sqlite3_bind_blob(insert, 3, body.data(), static_cast<int>(body.size()), SQLITE_STATIC));
      check(sqlite3_step(insert));
      check(sqlite3_reset(insert));
    }
    run("COMMIT");
  }
  double took = seconds();
  std::printf("result {\"rows\":%ld,\"seconds\":%.6f}\n", done, took);
  sqlite3_finalize(insert);
  sqlite3_close(database);
}
