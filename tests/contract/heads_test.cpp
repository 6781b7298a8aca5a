// Numberings of the data log: numbers without a gap, heads that say how far they have come, and whom both are opened
// to.
#include <sqlite3.h>

#include "schema/core/digest.hpp"
#include "schema/log/header.hpp"
#include "schema/log/numbering.hpp"
#include "tests/contract/delivery_world.hpp"

using namespace tocsin;
using test::make_candidate;
using World = test::DeliveryWorld;
using Op = log::Header::Op;

namespace {

constexpr access::ClassFacts kGreen{stix::Tlp::green, false}, kAmber{stix::Tlp::amber, false};
constexpr store::RowId kMember = 1, kNetwork = 1, kTools = 2;

store::Candidate object(access::ClassFacts const& facts) {
  return make_candidate(kMember, core::random_uuid(), 10, facts);
}

void run(World& world, std::string const& sql) {
  world.database.reset();
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((world.folder / "db").c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  world.reopen();
}

std::size_t log_heads(World& world) { return world.database->commits().log_heads(world.rules).value(); }

// What a peer that sees every class is shown, in these collections.
std::vector<log::OpenedEntry> opened(World& world, std::vector<std::pair<store::RowId, std::string>> collections) {
  store::OpeningWindow window{{}, 1'000, std::move(collections)};
  for (auto const& row : world.database->accounts().classes().value()) window.classes.insert(row.row);
  return world.database->open_reader().value()->openings().data({0, 1'000, 1'000, 1 << 20}, window).value().entries;
}

log::Header header_of(log::OpenedEntry const& entry) { return log::Header::parse(entry.header).value(); }

// As a follower that is shown these.
std::vector<log::FollowedNumbering::Found> follow(std::vector<log::OpenedEntry> const& entries) {
  std::map<core::Uuid, log::FollowedNumbering> numberings;
  std::vector<log::FollowedNumbering::Found> out;
  for (auto const& entry : entries) {
    auto const header = header_of(entry);
    auto& numbering = numberings[header.class_token];
    auto const found = header.op == Op::head ? numbering.compare(entry.index, log::Head::parse(entry.body).value())
                                             : numbering.add(entry.index, header.class_sequence, entry.leaf());
    if (found) out.push_back(*found);
  }
  return out;
}

}  // namespace

TEST_CASE("a head is logged of each numbering that has grown, and of no other", "[store][heads]") {
  World world;
  CHECK(log_heads(world) == 0);
  world.commit({object(kGreen), object(kGreen), object(kAmber)});
  CHECK(log_heads(world) == 2);
  CHECK(log_heads(world) == 0);
  CHECK(world.own_size() == 5);
  world.reopen();
  CHECK(log_heads(world) == 0);
  world.commit({object(kAmber)}, kTools);
  world.commit({object(kGreen)});
  CHECK(log_heads(world) == 2);
  CHECK(world.own_size() == 9);
  CHECK(world.published().size() == 4);  // no head is an object
  CHECK(world.findings() == std::vector<std::string>());
}

TEST_CASE("who sees classes in a collection is shown numbers without a gap there, and heads that fit",
          "[store][heads]") {
  World world;
  for (int i = 0; i < 6; ++i) {
    world.commit({object(kGreen), object(kAmber)}, i % 2 == 0 ? kNetwork : kTools);
    if (i % 3 == 2) log_heads(world);
    world.reopen();
  }
  auto const both = opened(world, {{kNetwork, "network"}, {kTools, "tools"}});
  CHECK(both.size() == 12 + 8);
  CHECK(follow(both).empty());
  auto const one = opened(world, {{kTools, "tools"}});
  CHECK(one.size() == 6 + 4);
  CHECK(follow(one).empty());
  CHECK(world.findings() == std::vector<std::string>());
}

TEST_CASE("of what is published no more the header is opened, and of what was erased nothing", "[store][heads]") {
  World world;
  auto const ended = object(kGreen), erased = object(kGreen);
  world.commit({object(kGreen), ended, erased, object(kGreen)});
  log_heads(world);
  REQUIRE(world.database->commits().withdraw({kNetwork, ended.type, ended.uuid, {}, std::nullopt}).has_value());
  auto entries = opened(world, {{kNetwork, "network"}});
  REQUIRE(entries.size() == 5);
  CHECK(entries[1].is_closed());
  CHECK(entries[1].collections.empty());
  CHECK(header_of(entries[1]).class_sequence == 2);
  CHECK(follow(entries).empty());
  CHECK(opened(world, {{kTools, "tools"}}).empty());
  log::Openings const answer{"test/log", {}, 0, 5, entries};
  CHECK(log::parse_openings(log::format_openings(answer)).value() == answer);
  REQUIRE(world.database->control().erase({kMember, erased.type, erased.uuid}, world.entry_for()).has_value());
  entries = opened(world, {{kNetwork, "network"}});
  CHECK(entries.size() == 4);
  CHECK(follow(entries) == std::vector{log::FollowedNumbering::Found{log::Flaw::gap, 2, 3, 1}});
}

TEST_CASE("a transaction that is taken back takes no number", "[store][heads]") {
  World world;
  world.commit({object(kGreen)});
  std::vector<store::Candidate> both(2, object(kGreen));
  both[1].digest = core::sha256("the same version with other content");
  store::CommitPart part{kNetwork, both, nullptr, true};
  part.whole = true;
  auto const outcome = world.database->commits().commit({&part, 1}, world.rules, world.now_us).value();
  REQUIRE(outcome.fates.front().back().kind == store::Verdict::Kind::refuse);
  world.commit({object(kGreen)});
  log_heads(world);
  auto const entries = opened(world, {{kNetwork, "network"}});
  CHECK(entries.size() == 3);
  CHECK(follow(entries).empty());
}

TEST_CASE("the check finds a head that says something else, and a numbering that has lost its place",
          "[store][heads]") {
  for (char const* damage : {"UPDATE heads SET body = replace(body, '\"count\":2', '\"count\":1')", "DELETE FROM heads",
                             "UPDATE heads SET numbering = 7", "UPDATE numberings SET count = 3",
                             "UPDATE numberings SET token = zeroblob(16)", "UPDATE numberings SET last = 0"}) {
    World world;
    world.commit({object(kGreen), object(kGreen)});
    log_heads(world);
    REQUIRE(world.findings().empty());
    run(world, damage);
    CAPTURE(damage);
    CHECK_FALSE(world.findings().empty());
  }
}

TEST_CASE("entries from before numberings keep their numbers, and new ones begin at 1", "[store][heads]") {
  World world;
  world.commit({object(kGreen), object(kGreen)});
  run(world,
      "UPDATE classes SET token = (SELECT token FROM numberings), next_sequence = 3;"
      "UPDATE versions SET numbering = NULL; DELETE FROM numberings;");
  CHECK(world.findings() == std::vector<std::string>());
  world.commit({object(kGreen)});
  CHECK(log_heads(world) == 1);
  CHECK(world.findings() == std::vector<std::string>());
  auto const entries = opened(world, {{kNetwork, "network"}});
  REQUIRE(entries.size() == 4);
  CHECK(header_of(entries[2]).class_sequence == 1);
  CHECK(header_of(entries[2]).class_token != header_of(entries[1]).class_token);
  CHECK(follow(entries).empty());
}
