#include "server/match/fusion.hpp"

#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"

using namespace tocsin::match;

namespace {

Weighed said(Party party, Evidence evidence, double confidence, Action action, double score = 1) {
  return {evidence, party, score, confidence, action};
}
// Each kind by a party of its own.
Weighed hit(Evidence evidence, double confidence, Action action, double score = 1) {
  return said(1 + static_cast<Party>(evidence), evidence, confidence, action, score);
}

Suggestion of(std::vector<Weighed> const& hits) { return weigh(hits); }

}  // namespace

TEST_CASE("nothing is suggested where nothing is hit", "[match]") {
  auto const suggestion = of({});
  CHECK(suggestion.action == Action::none);
  CHECK(suggestion.confidence == 0);
  CHECK(suggestion.evidence.empty());
}

TEST_CASE("what nothing is left of is no evidence, and suggests nothing", "[match]") {
  auto const suggestion = of({hit(Evidence::network, 0, Action::block), hit(Evidence::client, 0.9, Action::block)});
  CHECK(suggestion.action == Action::none);
  CHECK(suggestion.evidence == std::vector{Evidence::client});
}

TEST_CASE("however many hits of one evidence there are, no action is suggested", "[match]") {
  std::vector<Weighed> const hits(50, hit(Evidence::network, 0.9, Action::block));
  CHECK(of(hits).action == Action::none);
  CHECK(of(hits).confidence == Approx(0.9));  // they count once
  CHECK(of(hits).evidence == std::vector{Evidence::network});
}

TEST_CASE("two independent kinds of evidence add up, and suggest what both do", "[match]") {
  auto const suggestion =
      of({hit(Evidence::network, 0.5, Action::block), hit(Evidence::client, 0.5, Action::challenge)});
  CHECK(suggestion.confidence == Approx(0.75));
  CHECK(suggestion.action == Action::challenge);
  CHECK(of({hit(Evidence::network, 0.5, Action::block), hit(Evidence::client, 0.5, Action::none)}).action ==
        Action::none);
  CHECK(of({hit(Evidence::network, 0.5, Action::block), hit(Evidence::client, 0.5, Action::observe),
            hit(Evidence::name, 0.5, Action::rate_limit)})
            .action == Action::rate_limit);
}

TEST_CASE("what one party says by several kinds of evidence is one evidence", "[match]") {
  auto const suggestion =
      of({said(1, Evidence::network, 0.5, Action::block), said(1, Evidence::client, 0.6, Action::block),
          said(1, Evidence::name, 0.4, Action::block)});
  CHECK(suggestion.action == Action::none);
  CHECK(suggestion.confidence == Approx(0.6));
  CHECK(suggestion.evidence == std::vector{Evidence::network, Evidence::name, Evidence::client});
}

TEST_CASE("two parties agree where one speaks by one kind and the other by another, whatever else they say",
          "[match]") {
  auto const both = of({said(1, Evidence::network, 0.5, Action::block), said(1, Evidence::client, 0.9, Action::block),
                        said(2, Evidence::client, 0.8, Action::verify)});
  CHECK(both.action == Action::verify);
  CHECK(both.confidence == Approx(0.9));  // 1 - 0.5 * 0.2
  // By one kind alone however many agree on it do not.
  CHECK(of({said(1, Evidence::client, 0.9, Action::block), said(2, Evidence::client, 0.9, Action::block)}).action ==
        Action::none);
  CHECK(of({said(1, Evidence::client, 0.9, Action::block), said(2, Evidence::client, 0.8, Action::block)}).confidence ==
        Approx(0.9));
}

TEST_CASE("who is not named may be anybody who is, and is independent of none of them", "[match]") {
  auto const beside =
      of({said(1, Evidence::network, 0.5, Action::block), said(kUnnamed, Evidence::client, 0.6, Action::block)});
  CHECK(beside.action == Action::none);
  CHECK(beside.confidence == Approx(0.6));
  CHECK(
      of({said(kUnnamed, Evidence::network, 0.5, Action::block), said(kUnnamed, Evidence::client, 0.6, Action::block)})
          .action == Action::none);
}

TEST_CASE("what the asker says herself counts by each kind, and beside anybody", "[match]") {
  auto const own = of(
      {said(kOneself, Evidence::network, 0.5, Action::block), said(kOneself, Evidence::client, 0.5, Action::verify)});
  CHECK(own.action == Action::verify);
  CHECK(own.confidence == Approx(0.75));
  CHECK(of({said(kOneself, Evidence::network, 0.5, Action::block),
            said(kUnnamed, Evidence::client, 0.5, Action::observe)})
            .action == Action::observe);
}

TEST_CASE("what is suggested is what a pass over all pairs and all ways to speak finds", "[match]") {
  tocsin::test::Random random;
  for (int round = 0; round < 2'000; ++round) {
    std::vector<Weighed> hits(random.below(7));
    for (auto& one : hits)
      one = said(static_cast<Party>(1 + random.below(3)), static_cast<Evidence>(random.below(3)),
                 static_cast<double>(1 + random.below(99)) / 100, static_cast<Action>(random.below(6)));
    auto agreed = Action::none;
    for (auto const& one : hits)
      for (auto const& other : hits)
        if (one.party != other.party && one.evidence != other.evidence)
          agreed = std::max(agreed, std::min(one.suggested, other.suggested));
    double most = 0;
    for (unsigned chosen = 0; chosen < 1U << hits.size(); ++chosen) {
      double nothing = 1;
      std::set<Party> parties;
      std::set<Evidence> kinds;
      bool allowed = true;
      for (std::size_t at = 0; at < hits.size(); ++at)
        if ((chosen >> at & 1) != 0) {
          allowed = parties.insert(hits[at].party).second && kinds.insert(hits[at].evidence).second && allowed;
          nothing *= 1 - hits[at].confidence;
        }
      if (allowed) most = std::max(most, 1 - nothing);
    }
    auto const suggestion = of(hits);
    REQUIRE(suggestion.action == agreed);
    REQUIRE(suggestion.confidence == Approx(most));
  }
}

TEST_CASE("how well it matched weighs as much as how much it is believed", "[match]") {
  CHECK(of({hit(Evidence::client, 0.8, Action::none, 0.5)}).confidence == Approx(0.4));
}

TEST_CASE("an address and its autonomous system are one evidence", "[match]") {
  CHECK(evidence_of(Field::address) == evidence_of(Field::asn));
  CHECK(evidence_of(Field::ja4) == evidence_of(Field::user_agent));
  CHECK(evidence_of(Field::email_domain) != evidence_of(Field::address));
}

TEST_CASE("actions are named as in the data model", "[match]") {
  for (auto const action : {Action::observe, Action::challenge, Action::verify, Action::rate_limit, Action::block})
    CHECK(action_of(name(action)) == action);
  CHECK(action_of("destroy") == Action::none);
}
