// What is stored of the heads of another instance's log and was changed is found out: the database is written to behind
// the store's back.
#include "server/ledger/verify_heads.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "schema/log/numbering.hpp"
#include "schema/log/openings.hpp"
#include "server/ledger/verify.hpp"
#include "server/store/backup.hpp"
#include "tests/contract/delivery_world.hpp"

using namespace tocsin;

namespace {

constexpr core::Uuid kToken{7}, kOther{8};

// Two numberings of another instance's log, of which three heads and one were opened here.
struct World : test::DeliveryWorld {
  std::vector<store::NumberedEntry> shown;
  std::map<core::Uuid, log::Head> now;

  World() {
    for (auto const& token : {kToken, kOther, kToken, kToken}) head(token);
    hand_in();
  }

  // An entry, and a head of it and all before.
  void head(core::Uuid const& token) {
    auto const leaf = core::sha256(std::to_string(other.size()));
    auto& at = now[token];
    at = {at.count + 1, other.size(), log::roll(at.rolling, leaf)};
    shown.push_back({other.size(), token, at.count, leaf, std::nullopt, "shows it"});
    other.log(leaf);
    log::Header const header{other.name(), token, at.count, 0, log::Header::Op::head};
    log::OpenedEntry const opened{other.size(), header.text(), core::random_salt(), core::random_salt(), {}, at.text()};
    shown.push_back({opened.index, token, at.count, opened.leaf(), at,
                     log::format_openings({other.name(), {}, opened.index, opened.index + 1, {opened}})});
    other.log(opened.leaf());
  }
  void hand_in() {
    verify();
    store::Delivery const delivery{{origin, read, other.size(), kTerms, {}}, {}, std::exchange(shown, {})};
    REQUIRE(database->commits().deliver(delivery, rules, now_us).has_value());
    read = other.size();
  }

  [[nodiscard]] std::vector<std::string> found() const {
    auto const logs = store::open_sqlite_log(folder / "db").value();
    return ledger::verify_heads(*logs).value();
  }
  void run(std::string const& sql) {
    database.reset();
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "db").c_str(), &db) == SQLITE_OK);
    CAPTURE(sql, sqlite3_errmsg(db));
    CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
  }
};

std::string changed(std::string const& what, std::uint64_t index) {
  return "UPDATE origin_heads SET " + what + " WHERE position = " + std::to_string(index);
}

std::string of(std::uint64_t index) { return "head " + std::to_string(index) + " of the origin ibis.example/log "; }

}  // namespace

TEST_CASE("untouched heads of another instance's log have no finding, however it goes on", "[ledger][verify][heads]") {
  World world;
  CHECK(world.found() == std::vector<std::string>());
  world.head(kOther);
  world.hand_in();
  CHECK(world.found() == std::vector<std::string>());
  world.begin_again();
  CHECK(world.found() == std::vector<std::string>());
}

TEST_CASE("whatever is changed of a head of another instance's log is found", "[ledger][verify][heads]") {
  std::string const of_another = "(SELECT opening FROM origin_heads WHERE position = 1)";
  for (auto const& [sql, finding] : std::initializer_list<std::pair<std::string, std::string>>{
           {changed("salt = zeroblob(32)", 5), of(5) + "would be asked for by a salt that is not that of its body"},
           {changed("opening = " + of_another, 5), of(5) + "has an opening that is none of its place"},
           {changed("opening = x'00'", 5), of(5) + "has an opening that is none of its place"},
           {changed("opening = CAST(replace(opening, '\"count\":2', '\"count\":9') AS BLOB)", 5),
            of(5) + "is not the leaf of its opening"},
           {changed("token = x'09000000000000000000000000000000'", 7), of(7) + "is of another numbering"},
           {changed("position = 300", 5), of(300) + "is stored, and was not verified"},
           {changed("rank = 9", 5), of(7) + "is ranked before an older one of its numbering"},
           {"DELETE FROM origin_heads WHERE position = 7",
            of(5) + "is not the newest that was followed of its numbering, which is 7"},
           {"DELETE FROM origin_heads WHERE position = 5",
            "of the newest 4 heads of the origin ibis.example/log 1 are missing"},
           {"UPDATE origin_numberings SET headed = 2 WHERE head = 7",
            of(7) + "is not the newest that was followed of its numbering, which is 7"},
           {"DELETE FROM origin_tiles", of(1) + "is stored, and was not verified"}}) {
    World world;
    world.run(sql);
    auto const found = world.found();
    CAPTURE(sql, found);
    CHECK(std::ranges::find(found, finding) != found.end());
  }
}

TEST_CASE("a head that is no longer what it was is told by the check of the whole log", "[ledger][verify][heads]") {
  World world;
  world.run(changed("salt = zeroblob(32)", 3));
  auto const logs = store::open_sqlite_log(world.folder / "db").value();
  CHECK(ledger::verify_log(*logs, std::nullopt)->findings ==
        std::vector<std::string>{of(3) + "would be asked for by a salt that is not that of its body"});
}

TEST_CASE("at most twenty heads are told, and a database of before any was kept has no finding",
          "[ledger][verify][heads]") {
  World world;
  for (int i = 0; i < 30; ++i) world.head(kToken);
  world.hand_in();
  world.run("UPDATE origin_heads SET salt = zeroblob(32)");
  CHECK(world.found().size() == 20);
  world.run("DROP TABLE origin_heads");
  CHECK(world.found() == std::vector<std::string>());
}
