#include "schema/log/numbering.hpp"

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using log::Flaw;
using log::FollowedNumbering;
using log::Head;

namespace {

core::Digest leaf(int number) { return core::sha256(std::to_string(number)); }

// Entries 1 to `count` at every second index, as whoever is shown all of them follows them.
FollowedNumbering followed(int count) {
  FollowedNumbering out;
  for (int i = 1; i <= count; ++i)
    CHECK_FALSE(out.add(2 * static_cast<unsigned>(i), static_cast<unsigned>(i), leaf(i)));
  return out;
}
Head head_of(FollowedNumbering const& numbering) { return {numbering.count, numbering.last, *numbering.rolling}; }

}  // namespace

TEST_CASE("the hash over leaves is that of the one before and the leaf, with a label of its own", "[log][numbering]") {
  core::Digest const zeros{};
  auto const first = log::roll(zeros, leaf(1));
  CHECK(first == core::sha256("fed/class/v1\n" + std::string(core::view(zeros)) + std::string(core::view(leaf(1)))));
  CHECK(log::roll(first, leaf(2)) != log::roll(log::roll(zeros, leaf(2)), leaf(1)));
}

TEST_CASE("a head reads as it is written, and in no other spelling", "[log][numbering]") {
  for (std::uint64_t last : {std::uint64_t{0}, std::uint64_t{17}}) {
    Head const head{3, last, leaf(7)};
    CHECK(Head::parse(head.text()) == head);
  }
  auto const good = Head{3, 17, leaf(7)}.text();
  CHECK(good.starts_with(R"({"count":3,"last":17,"rolling":")"));
  for (std::string const& bad :
       {std::string(), std::string("[]"), std::string("{}"), " " + good, good + " ", Head{0, 17, leaf(7)}.text(),
        std::string(R"({"count":3,"last":-1,"rolling":"00","v":1})"),
        std::string(R"({"count":3.0,"last":17,"rolling":"00","v":1})")})
    CHECK_FALSE(Head::parse(bad));
}

TEST_CASE("whoever is shown every entry finds nothing wrong", "[log][numbering]") {
  auto numbering = followed(3);
  CHECK_FALSE(numbering.compare(9, head_of(numbering)));
  CHECK(numbering.head == 9);
  CHECK_FALSE(numbering.add(10, 4, leaf(4)));
  CHECK(numbering.headed == 3);
  CHECK_FALSE(numbering.compare(11, head_of(numbering)));
  CHECK(numbering.headed == 4);
}

TEST_CASE("a number that is missing is a gap, and the head after it is believed", "[log][numbering]") {
  auto numbering = followed(2);
  CHECK(numbering.add(20, 5, leaf(5)) == FollowedNumbering::Found{Flaw::gap, 5, 20, 2});
  CHECK_FALSE(numbering.rolling);
  Head const said = head_of(followed(5));
  CHECK_FALSE(numbering.compare(30, {5, 20, said.rolling}));
  CHECK(numbering.rolling == said.rolling);
  SECTION("also before the first entry") {
    FollowedNumbering empty;
    CHECK(empty.add(3, 2, leaf(2)) == FollowedNumbering::Found{Flaw::gap, 0, 3, 1});
  }
  SECTION("also behind the last one") {
    CHECK(numbering.compare(40, {7, 35, leaf(0)}) == FollowedNumbering::Found{Flaw::gap, 21, 40, 2});
    CHECK_FALSE(numbering.compare(41, {7, 35, leaf(0)}));
  }
}

TEST_CASE("a number that is given twice, another hash and another count are found, each once", "[log][numbering]") {
  auto numbering = followed(3);
  CHECK(numbering.add(7, 3, leaf(9)) == FollowedNumbering::Found{Flaw::duplicate, 7, 7, 0});
  CHECK(numbering.count == 3);
  auto head = head_of(numbering);
  head.rolling = leaf(0);
  CHECK(numbering.compare(8, head) == FollowedNumbering::Found{Flaw::hash, 8, 8, 0});
  CHECK_FALSE(numbering.compare(9, head));
  --head.count;
  CHECK(numbering.compare(10, head) == FollowedNumbering::Found{Flaw::count, 10, 10, 0});
  ++head.last;
  CHECK(numbering.compare(11, head) == FollowedNumbering::Found{Flaw::count, 11, 11, 0});
}
