// What a store keeps of the heads of an origin, answers to who asks what came after one, and makes of those that others
// show.
#include <algorithm>
#include <set>

#include "schema/core/digest.hpp"
#include "schema/log/openings.hpp"
#include "tests/contract/delivery_world.hpp"

using namespace tocsin;
using World = test::DeliveryWorld;
using store::HeadVerdict;

namespace {

constexpr core::Uuid kToken{7}, kOther{8};

// An origin's log of numberings, of which some entries and heads are shown.
struct Heads {
  World world;
  std::map<core::Uuid, log::Head> now;
  std::vector<store::NumberedEntry> shown;

  struct Made {
    log::OpenedEntry opened;
    store::ShownHead shown;  // as another member shows it
  };

  void entry(bool show, core::Uuid const& token) {
    auto const index = world.other.size();
    auto const leaf = core::sha256(std::to_string(index));
    world.other.log(leaf);
    auto& at = now[token];
    at = {at.count + 1, index, log::roll(at.rolling, leaf)};
    if (show) shown.push_back({index, token, at.count, leaf, std::nullopt, "shows it"});
  }
  // Of an entry and all before it.
  Made head(bool show = true, core::Uuid const& token = kToken) {
    entry(show, token);
    auto const index = world.other.size();
    auto const& at = now[token];
    log::Header const header{world.other.name(), token, at.count, 0, log::Header::Op::head};
    log::OpenedEntry const opened{index, header.text(), core::random_salt(), core::random_salt(), {}, at.text()};
    world.other.log(opened.leaf());
    if (show) shown.push_back({index, token, at.count, opened.leaf(), at, alone(opened)});
    return {opened, {index, token, at.count, opened.leaf(), "shows it"}};
  }
  std::string alone(log::OpenedEntry const& entry) const {
    return log::format_openings({world.other.name(), {}, entry.index, entry.index + 1, {entry}});
  }
  void take() {
    world.verify();
    store::Delivery const delivery{
        {world.origin, world.read, world.other.size(), World::kTerms, {}}, {}, std::exchange(shown, {})};
    REQUIRE(world.database->commits().deliver(delivery, world.rules, world.now_us).has_value());
    world.read = world.other.size();
  }
  HeadVerdict compare(store::ShownHead const& head) {
    return world.database->origins().compare_heads(world.origin, {head}).value().front();
  }
  store::Completeness found() { return world.database->origins().completeness(world.origin, world.now_us).value(); }
  std::vector<core::Salt> salts(std::size_t most = 100) {
    return world.database->origins().opened_heads(world.origin, most).value();
  }
  // Indices of the answers to who asks by these salts.
  std::vector<std::uint64_t> answered(std::set<core::Salt> const& asked, std::size_t most = 100) {
    auto const is_asked = [&](core::Salt const& salt) { return asked.contains(salt); };
    std::vector<std::uint64_t> out;
    auto const reader = world.database->open_reader().value();
    for (auto const& opening : reader->openings().later_heads(world.origin, is_asked, most).value())
      out.push_back(log::parse_openings(opening).value().entries.front().index);
    return out;
  }
};

}  // namespace

TEST_CASE("a head that another member was shown and we were not is told, once", "[store][completeness][heads]") {
  Heads origin;
  origin.head();
  auto const withheld = origin.head(false);
  origin.take();
  CHECK(origin.found() == store::Completeness{.numberings = 1});  // nothing of it shows by itself
  CHECK(origin.compare(withheld.shown) == HeadVerdict::unshown);
  CHECK(origin.found() == store::Completeness{.numberings = 1, .unshown = 1});
  CHECK(origin.found().flaws() == 1);
  CHECK(origin.compare(withheld.shown) == HeadVerdict::known);
  CHECK(origin.found().unshown == 1);
  SECTION("also after a restart") {
    origin.world.reopen();
    CHECK(origin.found().unshown == 1);
  }
  SECTION("unless the log is read again from its beginning") {
    origin.world.begin_again();
    CHECK(origin.found() == store::Completeness{});
    CHECK(origin.salts().empty());
    CHECK(origin.compare(withheld.shown) == HeadVerdict::fits);
  }
}

TEST_CASE("a head in the midst of others that we were shown is told too", "[store][completeness][heads]") {
  Heads origin;
  origin.head();
  auto const withheld = origin.head(false);
  origin.head();
  origin.take();
  CHECK(origin.compare(withheld.shown) == HeadVerdict::unshown);
}

TEST_CASE("what accuses nobody", "[store][completeness][heads]") {
  Heads origin;
  auto const first = origin.head(false), common = origin.head(), ours = origin.head();
  auto const others = origin.head(false, kOther);
  origin.take();
  auto const later = origin.head(false);
  SECTION("a head that we were shown as well") {
    CHECK(origin.compare(common.shown) == HeadVerdict::fits);
    CHECK(origin.compare(ours.shown) == HeadVerdict::fits);
  }
  SECTION("a head from before the first one that we were shown") {
    CHECK(origin.compare(first.shown) == HeadVerdict::fits);
  }
  SECTION("a head of a numbering that is not for us") { CHECK(origin.compare(others.shown) == HeadVerdict::fits); }
  SECTION("a head that was not reached here yet, verified or not") {
    CHECK(origin.compare(later.shown) == HeadVerdict::fits);
    origin.world.verify();
    CHECK(origin.compare(later.shown) == HeadVerdict::fits);
  }
  CHECK(origin.found().flaws() == 0);
}

TEST_CASE("what others show counts by the leaf that was verified, and by nothing else",
          "[store][completeness][heads]") {
  Heads origin;
  origin.head();
  auto withheld = origin.head(false).shown;
  origin.take();
  auto const leaf = std::exchange(withheld.leaf, core::sha256("made up"));
  CHECK(origin.compare(withheld) == HeadVerdict::not_it);
  CHECK(origin.found().flaws() == 0);
  withheld.leaf = leaf;
  CHECK(origin.compare(withheld) == HeadVerdict::unshown);
}

TEST_CASE("an origin accuses itself so often as is kept, and no more", "[store][completeness][heads]") {
  Heads origin;
  origin.head();
  std::vector<store::ShownHead> withheld;
  for (std::uint64_t i = 0; i <= store::kMostFlaws; ++i) withheld.push_back(origin.head(false).shown);
  origin.take();
  auto const verdicts = origin.world.database->origins().compare_heads(origin.world.origin, withheld).value();
  CHECK(static_cast<std::uint64_t>(std::ranges::count(verdicts, HeadVerdict::unshown)) == store::kMostFlaws);
  CHECK(origin.found().unshown == store::kMostFlaws);
}

TEST_CASE("who asks is answered with the head that came next in the numbering", "[store][completeness][heads]") {
  Heads origin;
  auto const first = origin.head(), second = origin.head();
  auto const other = origin.head(true, kOther);
  auto const third = origin.head(), last = origin.head(true, kOther);
  origin.take();
  CHECK(origin.answered({first.opened.body_salt}) == std::vector{second.shown.index});
  CHECK(origin.answered({second.opened.body_salt}) == std::vector{third.shown.index});
  CHECK(origin.answered({other.opened.body_salt}) == std::vector{last.shown.index});
  CHECK(origin.answered({first.opened.body_salt, second.opened.body_salt}, 1) == std::vector{third.shown.index});
  SECTION("and with nothing when there is none, or nobody was shown it here") {
    CHECK(origin.answered({third.opened.body_salt, last.opened.body_salt, core::random_salt()}).empty());
    CHECK(origin.answered({}).empty());
  }
  SECTION("after every head was looked at") {
    std::set<core::Salt> seen;
    auto const look = [&](core::Salt const& salt) { return seen.insert(salt).second && false; };
    REQUIRE(origin.world.database->open_reader().value()->openings().later_heads(origin.world.origin, look, 9));
    CHECK(seen.size() == 5);
  }
}

TEST_CASE("the newest head of each numbering is asked about first", "[store][completeness][heads]") {
  Heads origin;
  for (int i = 0; i < 20; ++i) origin.head();
  auto const newest = origin.head(), other = origin.head(true, kOther);
  origin.take();
  auto const first = origin.salts(2);
  CHECK(std::set(first.begin(), first.end()) == std::set{newest.opened.body_salt, other.opened.body_salt});
  CHECK(origin.salts().size() == 22);
  CHECK(origin.salts(7).size() == 7);
}

TEST_CASE("so many heads are kept, and of each numbering the newest", "[store][completeness][heads]") {
  Heads origin;
  auto const quiet = origin.head(true, kOther);
  auto const oldest = origin.head();
  for (std::uint64_t i = 0; i < store::kMostHeads; ++i) origin.head();
  origin.take();
  auto const salts = origin.salts(2 * store::kMostHeads);
  CHECK(salts.size() == store::kMostHeads + 1);
  CHECK(std::ranges::count(salts, quiet.opened.body_salt) == 1);
  CHECK(std::ranges::count(salts, oldest.opened.body_salt) == 0);
  CHECK(origin.compare(oldest.shown) == HeadVerdict::fits);  // forgotten, and not kept back
}
