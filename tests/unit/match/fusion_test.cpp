#include "server/match/fusion.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin::match;

namespace {

Weighed hit(Evidence evidence, double confidence, Action action, double score = 1) {
  return {evidence, score, confidence, action};
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
