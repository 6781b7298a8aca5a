// What is said of a statement of a log, case by case, and the evidence that shows it to others.
#include "server/federation/contradiction.hpp"

#include "server/federation/origin_trees.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/federation/followed_log.hpp"

namespace tocsin::federation {
namespace {

using core::Code;
using test::Leaves;

log::SignerKey key(std::uint8_t number, std::string name = "ibis.example/log") {
  log::Seed seed;
  seed.fill(number);
  return log::SignerKey::make(std::move(name), log::KeyType::signature, log::SigningKey::from_seed(seed)).value();
}

void now(std::function<void()> const& job) { job(); }

// Of a log of which 300 leaves were verified here.
struct World {
  Leaves const leaves = test::numbered_leaves(300), other = test::with_another(leaves, 100);
  test::Origins origins;
  store::RowId row = origins.follow(key(1), leaves);
  OriginTrees trees{origins, now};

  core::Result<Judged> judged(std::string const& next) {
    auto const tree = trees.tree(row, store::LogName::data, 300).value();
    return judge(key(1).verifier(), test::note_at(leaves, 300, key(1)), tree, next);
  }
};

TEST_CASE("every statement of a log has its verdict", "[federation][contradiction]") {
  World world;
  auto const mine = key(1), forger = key(2), neighbour = key(1, "magpie.example/log");
  auto const longer = test::numbered_leaves(400);
  struct Case {
    char const* what;
    std::string note;
    Standing standing;
  };
  for (auto const& [what, note, standing] :
       {Case{"the newest again", test::note_at(world.leaves, 300, mine), Standing::agrees},
        Case{"an old one", test::note_at(world.leaves, 101, mine), Standing::agrees},
        Case{"the first one", test::note_at(world.leaves, 1, mine), Standing::agrees},
        Case{"an empty log", test::note_at(world.leaves, 0, mine), Standing::agrees},
        Case{"a longer one", test::note_at(longer, 400, mine), Standing::beyond},
        Case{"a longer one of another tree", test::note_at(test::with_another(longer, 3), 400, mine), Standing::beyond},
        Case{"an old one before they part", test::note_at(world.other, 100, mine), Standing::agrees},
        Case{"an old one of another tree", test::note_at(world.other, 101, mine), Standing::contradicts},
        Case{"of a whole tile of another tree", test::note_at(world.other, 256, mine), Standing::contradicts},
        Case{"one leaf less of another tree", test::note_at(world.other, 299, mine), Standing::contradicts},
        Case{"another root", test::note_at(world.other, 300, mine), Standing::contradicts}}) {
    INFO(what);
    auto const judged = world.judged(note);
    REQUIRE(judged.has_value());
    CHECK(judged->standing == standing);
    CHECK(judged->evidence.has_value() == (standing == Standing::contradicts));
    if (judged->evidence) {
      auto const read = log::Evidence::parse(judged->evidence->text());
      REQUIRE(read.has_value());
      CHECK(log::verify_evidence(*read, mine.verifier()).has_value());
    }
  }
  CHECK(world.judged(test::note_at(world.other, 300, forger)).error().code == Code::note_unverified);
  CHECK(world.judged(test::note_at(world.other, 300, neighbour)).error().code == Code::note_unverified);
  CHECK(world.judged("nothing").error().code == Code::note_malformed);
}

TEST_CASE("one pair of statements has one file, whichever of them came first", "[federation][contradiction]") {
  World world;
  auto const a = test::note_at(world.leaves, 300, key(1)), b = test::note_at(world.other, 300, key(1));
  auto const tree = world.trees.tree(world.row, store::LogName::data, 300).value();
  CHECK(judge(key(1).verifier(), a, tree, b)->evidence == judge(key(1).verifier(), b, tree, a)->evidence);
}

TEST_CASE("a damaged copy here is no evidence against the log", "[federation][contradiction]") {
  World world;
  test::Origins damaged;
  auto const row = damaged.follow(key(1), test::with_another(world.leaves, 7));
  OriginTrees trees(damaged, now);
  auto const tree = trees.tree(row, store::LogName::data, 300).value();
  auto const stored = test::note_at(world.leaves, 300, key(1)), old = test::note_at(world.leaves, 200, key(1));
  CHECK(judge(key(1).verifier(), stored, tree, old).error().code == Code::log_inconsistent);
}

TEST_CASE("what a key of before signed is not held against the one of now", "[federation][contradiction]") {
  World world;
  auto const tree = world.trees.tree(world.row, store::LogName::data, 300).value();
  auto const stored = test::note_at(world.leaves, 300, key(1)), next = test::note_at(world.other, 300, key(2));
  CHECK(judge(key(2).verifier(), stored, tree, next).error().code == Code::note_unverified);
}

TEST_CASE("a verified tree is read once, and its roots at every size are those of its leaves",
          "[federation][contradiction]") {
  World world;
  for (std::size_t const size : {300, 1, 2, 255, 256, 257, 300}) {
    auto const tree = world.trees.tree(world.row, store::LogName::data, 300).value();
    CHECK(log::tree_root(tree, size).value() == log::tree_root(log::reader_of(world.leaves), size).value());
  }
  CHECK(world.origins.read < 300 + 7 * 2 * 256);
  auto const longer = test::numbered_leaves(700);
  world.origins.grow(world.row, key(1), longer);
  auto const tree = world.trees.tree(world.row, store::LogName::data, 700).value();
  CHECK(log::tree_root(tree, 700).value() == log::tree_root(log::reader_of(longer), 700).value());
  CHECK(world.trees.tree(world.row, store::LogName::data, 701).error().code == Code::log_inconsistent);
}

}  // namespace
}  // namespace tocsin::federation
