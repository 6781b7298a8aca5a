#include "server/ledger/rules.hpp"

#include "schema/log/commitment.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using store::Verdict;
using test::make_candidate;

namespace {

store::ChainState::Version stored(store::Candidate const& candidate) {
  return {1, candidate.modified_ns, candidate.class_key, candidate.revoked, candidate.creator, candidate.digest};
}

core::Code refusal(store::Candidate const& candidate, store::ChainState const& chain) {
  auto verdict = test::real_rules().judge(candidate, chain);
  REQUIRE(verdict.kind == Verdict::Kind::refuse);
  CHECK_FALSE(verdict.error.detail.empty());
  CHECK_FALSE(verdict.error.remedy.empty());
  return verdict.error.code;
}

}  // namespace

TEST_CASE("the first version of a chain is stored", "[ledger][rules]") {
  auto candidate = make_candidate(1, {}, 10, {stix::Tlp::green, false});
  CHECK(test::real_rules().judge(candidate, {}).kind == Verdict::Kind::store);
}

TEST_CASE("the same version with the same bytes is unchanged and with others a conflict", "[ledger][rules]") {
  auto candidate = make_candidate(1, {}, 10, {stix::Tlp::green, false});
  store::ChainState chain{stored(candidate), stored(candidate)};
  CHECK(test::real_rules().judge(candidate, chain).kind == Verdict::Kind::unchanged);
  CHECK(refusal(make_candidate(1, {}, 10, {stix::Tlp::green, false}, "indicator", "x"), chain) ==
        core::Code::version_conflict);
}

TEST_CASE("nothing follows a revocation but what came before may still arrive", "[ledger][rules]") {
  auto revoked = make_candidate(1, {}, 10, {stix::Tlp::green, false});
  revoked.revoked = true;
  store::ChainState chain{stored(revoked), {}};
  CHECK(refusal(make_candidate(1, {}, 11, {stix::Tlp::green, false}), chain) == core::Code::chain_revoked);
  // A revocation that arrives late would end a chain that goes on.
  revoked.revoked = false;
  chain.newest = stored(revoked);
  auto late = make_candidate(1, {}, 9, {stix::Tlp::green, false});
  late.revoked = true;
  CHECK(refusal(late, chain) == core::Code::version_conflict);
  CHECK(test::real_rules().judge(make_candidate(1, {}, 9, {stix::Tlp::green, false}), chain).kind ==
        Verdict::Kind::store);
}

TEST_CASE("a chain keeps its creator", "[ledger][rules]") {
  store::ChainState chain{stored(make_candidate(1, {}, 10, {stix::Tlp::green, false})), {}};
  auto other = make_candidate(1, {}, 11, {stix::Tlp::green, false});
  other.creator = "identity--x";
  CHECK(refusal(other, chain) == core::Code::creator_changed);
}

TEST_CASE("who submitted the stored one without being named is told to do so again, and the other way round",
          "[ledger][rules]") {
  constexpr char kInstance[] = "identity--0c5c6d5e-0000-4000-8000-000000000001";
  auto remedy = [](char const* before, char const* now, std::int64_t modified) {
    auto first = make_candidate(1, {}, 10, {stix::Tlp::green, false});
    auto second = make_candidate(1, {}, modified, {stix::Tlp::green, false}, "indicator", "x");
    first.creator = before;
    second.creator = now;
    store::ChainState chain{stored(first), {}};
    if (modified == 10) chain.same = stored(first);
    auto verdict = test::real_rules().judge(second, chain);
    REQUIRE(verdict.kind == Verdict::Kind::refuse);
    return verdict.error.remedy;
  };
  for (std::int64_t modified : {10, 11}) {
    CHECK_THAT(remedy(kInstance, "identity--a", modified),
               Catch::EndsWith("with --as-member: submit this one so too."));
    CHECK_THAT(remedy("identity--a", kInstance, modified),
               Catch::EndsWith("without --as-member: submit this one so too."));
    CHECK_THAT(remedy("identity--a", "identity--b", modified), !Catch::Contains("--as-member"));
  }
  CHECK_THAT(remedy(kInstance, kInstance, 10), !Catch::Contains("--as-member"));
}

TEST_CASE("a chain keeps its class in both directions", "[ledger][rules]") {
  store::ChainState chain{stored(make_candidate(1, {}, 10, {stix::Tlp::green, false})), {}};
  CHECK(refusal(make_candidate(1, {}, 11, {stix::Tlp::amber, false}), chain) == core::Code::visibility_narrowed);
  CHECK(refusal(make_candidate(1, {}, 11, {stix::Tlp::green, true}), chain) == core::Code::visibility_narrowed);
  CHECK(refusal(make_candidate(1, {}, 11, {stix::Tlp::clear, false}), chain) == core::Code::visibility_widened);
}

TEST_CASE("a seal reproduces the leaf from header, body and salts", "[ledger][rules]") {
  auto candidate = make_candidate(1, {}, 10, {stix::Tlp::green, false});
  candidate.header_salt = core::random_salt();
  candidate.body_salt = core::random_salt();
  candidate.body_commitment = log::commit_body(candidate.body_salt, candidate.bytes);
  auto seal = test::real_rules().seal(
      {5, core::random_uuid(), 7, 0, log::Header::Op::put, candidate.header_salt, candidate.body_commitment});
  CHECK(seal.leaf == log::leaf(log::entry(log::commit_header(candidate.header_salt, seal.header),
                                          log::commit_body(candidate.body_salt, candidate.bytes))));
  CHECK(seal.header.find("\"class_seq\":7") != std::string::npos);
  CHECK(seal.header.find(core::to_text(candidate.uuid)) == std::string::npos);
}

namespace {

store::Candidate foreign(std::int64_t modified_ns, access::ClassFacts const& facts, std::string const& text = "") {
  auto out = make_candidate(1, {}, modified_ns, facts, "indicator", text);
  out.foreign = store::Candidate::Foreign{1, 7, "{}", 1};
  return out;
}

}  // namespace

TEST_CASE("who sees what another instance logged is decided there, to more readers and to fewer", "[ledger][rules]") {
  auto const green = foreign(10, {stix::Tlp::green, false}), amber = foreign(10, {stix::Tlp::amber, false});
  for (auto const* newest : {&green, &amber}) {
    auto later = newest == &green ? amber : green;
    later.modified_ns = 20;
    auto const verdict = test::real_rules().judge(later, {stored(*newest), {}});
    CHECK(verdict.kind == Verdict::Kind::store);
    CHECK(verdict.replaces);
    later.modified_ns = 5;  // what was shown before comes late
    CHECK(refusal(later, {stored(*newest), {}}) == core::Code::version_conflict);
  }
  auto const same_class = test::real_rules().judge(foreign(20, {stix::Tlp::green, false}), {stored(green), {}});
  CHECK(same_class.kind == Verdict::Kind::store);
  CHECK_FALSE(same_class.replaces);
}

TEST_CASE("what another instance logged keeps its bytes, its creator and its end as what is submitted here",
          "[ledger][rules]") {
  auto const first = foreign(10, {stix::Tlp::green, false});
  store::ChainState const chain{stored(first), stored(first)}, later{stored(first), {}};
  CHECK(test::real_rules().judge(first, chain).kind == Verdict::Kind::unchanged);
  CHECK(refusal(foreign(10, {stix::Tlp::green, false}, "x"), chain) == core::Code::version_conflict);
  auto other = foreign(20, {stix::Tlp::amber, false});
  other.creator = "identity--x";
  CHECK(refusal(other, later) == core::Code::creator_changed);
  auto ended = first;
  ended.revoked = true;
  CHECK(refusal(foreign(20, {stix::Tlp::amber, false}), {stored(ended), {}}) == core::Code::chain_revoked);
}

TEST_CASE("of what another instance logged, a class of later epochs joins its chain", "[ledger][rules]") {
  core::Uuid const group{3};
  auto const at = [&](std::int64_t epoch) {
    access::ClassFacts facts{stix::Tlp::amber, false};
    facts.audiences = {{group, epoch}};
    return facts;
  };
  auto const verdict = test::real_rules().judge(foreign(20, at(2)), {stored(foreign(10, at(1))), {}});
  CHECK(verdict.kind == Verdict::Kind::store);
  CHECK_FALSE(verdict.replaces);
}
