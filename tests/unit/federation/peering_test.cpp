// Two real sides with a database each: what one makes the other takes, and nothing else.
#include "server/federation/peering.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "schema/core/digest.hpp"
#include "server/federation/following_thread.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/federation/side.hpp"

namespace tocsin::federation {
namespace {

using core::Code;
using store::PeerState;
using test::kNow;
using test::OtherInstance;
using test::Side;

constexpr char kCurlew[] = "identity--3f0c2a4e-90d3-4c57-8d52-2a1f6f0d8b11";
constexpr std::int64_t kSecond = 1'000'000, kHour = 3'600 * kSecond;

TEST_CASE("an invitation and its answer make both sides peers that see one fingerprint", "[federation][peering]") {
  Side a("a.example"), b("b.example");
  auto const answered = b.accept(a.invite());
  REQUIRE(answered.has_value());
  auto const done = a.accept(answered->reply);
  REQUIRE(done.has_value());
  CHECK(done->reply.empty());
  CHECK(done->peer.fingerprint == answered->peer.fingerprint);
  CHECK(done->peer.fingerprint.size() == 8 * 5 + 7);
  CHECK(a.peering->peers().at(0).peer.name == "b.example");
  CHECK(b.peering->peers().at(0).manifest == a.instance.manifest());
  for (auto* side : {&a, &b}) CHECK(side->peering->peers().at(0).peer.state == PeerState::paused);
}

TEST_CASE("a peer is let in once it is resumed, and no more when it is paused, quarantined or removed",
          "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  CHECK_FALSE(a.lets_in(b));
  for (auto const state : {PeerState::active, PeerState::paused, PeerState::active, PeerState::quarantined,
                           PeerState::active, PeerState::removed}) {
    REQUIRE(a.peering->set_state("b.example", state, "why", kNow).has_value());
    CHECK(a.lets_in(b) == (state == PeerState::active));
  }
  CHECK(a.peering->set_state("b.example", PeerState::active, "", kNow).error().code == Code::not_found);
  CHECK_FALSE(a.lets_in(b));
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());  // invited anew
  REQUIRE(a.peering->set_state("b.example", PeerState::active, "", kNow).has_value());
  CHECK(a.lets_in(b));
}

TEST_CASE("who comes back under a removed peer's name has its root key and no older manifest",
          "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example"), other("b.example");
  b.manifest().version = 2;
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  REQUIRE(a.peering->set_state("b.example", PeerState::removed, "", kNow).has_value());
  CHECK(a.refused(other.acceptance(a.invite())) == Code::conflict);
  b.manifest().version = 1;
  CHECK(a.refused(b.acceptance(a.invite())) == Code::conflict);
  CHECK(a.accept(b.acceptance(a.invite()), kNow, "b2").error().code == Code::conflict);
  b.manifest().version = 2;
  CHECK(a.accept(b.acceptance(a.invite())).has_value());
}

TEST_CASE("a token of a peer's organisation ends with the peer, and does not come back with it",
          "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  store::Credential token;
  token.token_id = "0123456789abcdef";
  token.organisation = a.registry.current()->organisation(std::string_view("b.example"))->row;
  token.roles = base::Roles{base::Role::auditor}.bits();
  REQUIRE(a.database->accounts().add(token).has_value());
  auto const works = [&] { return !a.registry.current()->session(token.token_id)->disabled; };
  REQUIRE(a.peering->set_state("b.example", PeerState::active, "", kNow).has_value());
  CHECK(works());
  REQUIRE(a.peering->set_state("b.example", PeerState::removed, "", kNow).has_value());
  CHECK_FALSE(works());
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  REQUIRE(a.peering->set_state("b.example", PeerState::active, "", kNow).has_value());
  CHECK(a.lets_in(b));
  CHECK_FALSE(works());
}

TEST_CASE("what was agreed with a peer ends with it, and does not come back with it", "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  auto const agreement = [&] { return a.peering->peers().at(0).agreement; };
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  std::string const ours = "max_tlp = \"amber\"\n";
  REQUIRE(a.agree("b.example", ours) == 0);
  REQUIRE(a.peering->write_template("b.example").has_value());  // a peer keeps its file
  CHECK(a.agreed("b.example.toml") == ours);
  auto const read_before = a.peering->read_agreements();
  REQUIRE(a.peering->set_state("b.example", PeerState::removed, "", kNow).has_value());
  CHECK(agreement() == nullptr);
  REQUIRE(a.peering->take(read_before).has_value());
  CHECK(agreement() == nullptr);
  for (int i = 0; i < 2; ++i) REQUIRE(a.peering->write_template("b.example").has_value());  // a line that failed once
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  CHECK(agreement() == nullptr);
  REQUIRE(a.peering->take(a.peering->read_agreements()).has_value());
  REQUIRE(agreement() != nullptr);
  CHECK(agreement()->max_tlp == stix::Tlp::clear);
  CHECK(a.agreed("b.example.toml") == agreement_template("b.example"));
  CHECK(a.agreed("b.example.toml.removed") == ours);
}

TEST_CASE("what is in force is asked for by the organisation of an active peer", "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  CHECK(a.agree("b.example", "max_tlp = \"green\"\n") == 0);
  auto const row = a.registry.current()->organisation(std::string_view("b.example"))->row;
  CHECK(a.peering->agreement_of(row) == nullptr);  // paused
  for (auto const state : {PeerState::active, PeerState::paused, PeerState::quarantined, PeerState::active}) {
    REQUIRE(a.peering->set_state("b.example", state, "why", kNow).has_value());
    CHECK((a.peering->agreement_of(row) != nullptr) == (state == PeerState::active));
  }
  CHECK(a.peering->agreement_of(row)->max_tlp == stix::Tlp::green);
  for (auto const other : {store::RowId{0}, row + 1}) CHECK(a.peering->agreement_of(other) == nullptr);
  REQUIRE(a.peering->set_state("b.example", PeerState::removed, "", kNow).has_value());
  CHECK(a.peering->agreement_of(row) == nullptr);
}

TEST_CASE("enabling the organisation of a peer does not resume the peer", "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  auto const row = a.registry.current()->organisation(std::string_view("b.example"))->row;
  REQUIRE(a.database->accounts().set_disabled(row, false).has_value());
  REQUIRE(a.registry.reload(a.database->accounts()).has_value());
  CHECK_FALSE(a.lets_in(b));
}

TEST_CASE("an invitation works once, on either side", "[federation][peering]") {
  Side a("a.example"), b("b.example");
  OtherInstance c("c.example");
  auto const line = a.invite();
  auto const reply = b.accept(line)->reply;
  CHECK(b.refused(line) == Code::conflict);
  REQUIRE(a.accept(reply).has_value());
  CHECK(a.refused(reply) == Code::conflict);
  CHECK(a.refused(c.acceptance(line)) == Code::conflict);
  CHECK(a.peering->peers().size() == 1);
}

TEST_CASE("an invitation that has run out, or holds for too long, is refused on either side", "[federation][peering]") {
  Side a("a.example"), b("b.example");
  OtherInstance c("c.example");
  auto const line = a.invite();
  CHECK(b.refused(line, kNow + 72 * kHour) == Code::conflict);
  CHECK(a.refused(c.acceptance(line), kNow + 72 * kHour) == Code::conflict);
  CHECK(b.accept(line, kNow + 72 * kHour - kSecond).has_value());
  CHECK(b.refused(c.invitation(static_cast<std::uint64_t>(kNow / kSecond) + 73 * 3'600)) == Code::unprocessable);
  // Nor does an answer that names another end make it hold longer.
  auto const opened = log::open_introduction(line).value();
  auto late = c.introduction(opened.introduction.until_s + 3'600);
  late.answers = log::Introduction::Answered{opened.introduction.id, core::sha256(opened.text)};
  CHECK(a.refused(log::write_introduction(late, c.log_key()).value(), kNow + 72 * kHour) == Code::conflict);
}

TEST_CASE("an answer to what was never said, or said otherwise, is refused", "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example"), m("a.example");
  CHECK(a.refused(b.acceptance(m.invitation(kNow / kSecond + 60))) == Code::conflict);
  auto const opened = log::open_introduction(a.invite()).value();
  auto answer = b.introduction(opened.introduction.until_s);
  answer.answers = log::Introduction::Answered{opened.introduction.id, core::sha256("another text")};
  CHECK(a.refused(log::write_introduction(answer, b.log_key()).value()) == Code::conflict);
  CHECK(a.peering->peers().empty());
}

TEST_CASE("an instance is no peer of itself, of one it knows, or of what has expired", "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  CHECK(a.refused(a.invite()) == Code::conflict);
  CHECK(a.accept(a.invite()).error().detail == "The line is of this instance itself.");
  auto const same_origin = a.accept(OtherInstance("a.example").invitation(kNow / kSecond + 60)).error();
  CHECK(same_origin.code == Code::conflict);
  CHECK(same_origin.detail.starts_with("The line is of another instance"));
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  CHECK(a.refused(b.acceptance(a.invite())) == Code::conflict);
  CHECK(a.refused(OtherInstance("b.example").acceptance(a.invite())) == Code::conflict);  // its name
  OtherInstance old("old.example");
  old.manifest().expires_s = kNow / kSecond;
  CHECK(a.refused(old.acceptance(a.invite())) == Code::unprocessable);
  CHECK(a.accept(OtherInstance("c.example").acceptance(a.invite()), kNow, "../c").error().code == Code::bad_parameter);
}

TEST_CASE("a peer is let in for as long as its newest manifest is good", "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  b.manifest().expires_s = kNow / kSecond + 60;
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  REQUIRE(a.peering->set_state("b.example", PeerState::active, "", kNow).has_value());
  CHECK(a.lets_in(b, kNow + 59 * kSecond));
  CHECK_FALSE(a.lets_in(b, kNow + 60 * kSecond));
  b.manifest().version = 2;
  b.manifest().expires_s += 60;
  REQUIRE(a.accept(b.note()).has_value());
  CHECK(a.lets_in(b, kNow + 119 * kSecond));
  CHECK_FALSE(a.lets_in(b, kNow + 120 * kSecond));
}

TEST_CASE("who shows no good manifest invites nobody", "[federation][peering]") {
  Side a("a.example");
  CHECK(a.peering->invitation(kNow).has_value());
  a.instance.manifest().expires_s = kNow / kSecond;
  a.show();
  CHECK(a.peering->invitation(kNow).error().code == Code::unprocessable);
  a.instance.manifest() = OtherInstance("a.example").manifest();  // names another log key
  a.show();
  CHECK(a.peering->invitation(kNow).error().code == Code::unprocessable);
}

TEST_CASE("a newer manifest is taken by its root alone, an older one never, and its pins are let in",
          "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example"), other("b.example");
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  REQUIRE(a.peering->set_state("b.example", PeerState::active, "", kNow).has_value());
  auto const first = b.note();
  auto const old_pin = b.manifest().tls_pins;
  CHECK(a.refused(first) == Code::conflict);
  b.manifest().version = 3;
  b.manifest().tls_pins = {core::random_salt()};
  CHECK_FALSE(a.lets_in(b));
  REQUIRE(a.accept(b.note()).has_value());
  CHECK(a.lets_in(b));
  CHECK(a.peering->peers().at(0).manifest.version == 3);
  CHECK(a.refused(first) == Code::conflict);
  other.manifest().version = 4;
  CHECK(a.refused(other.note()) == Code::note_unverified);
  b.manifest().tls_pins = old_pin;
  CHECK_FALSE(a.lets_in(b));
}

TEST_CASE("A03: an agreement names nothing that is not there, and nobody for whom the peer does not speak",
          "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  auto const agreement = [&] { return a.peering->peers().at(0).agreement; };
  std::string const its_own = "identities = [\"" + b.manifest().identities.front() + "\"]\n";
  CHECK(agreement() == nullptr);
  CHECK(a.agree("b.example", its_own) == 0);
  REQUIRE(agreement() != nullptr);
  CHECK(agreement()->identities == b.manifest().identities);
  // What is wrong is not in force, and what was stays.
  CHECK(a.agree("b.example",
                "identities = [\"identity--00000000-0000-4000-8000-0000000000aa\"]\n"
                "collections = [\"nothing\"]\naudiences = [\"nothing\"]\n") == 3);
  CHECK(agreement()->identities == b.manifest().identities);
  // All is told at once, what nobody may agree to and what is not here.
  CHECK(a.agree("b.example", "collections = [\"netwrk\"]\naudiences = [\"nobody\"]\nmax_tlp = \"red\"\n") == 3);
  CHECK(agreement()->identities == b.manifest().identities);
  // Nor does what was agreed hold for whom a newer manifest leaves out.
  auto const identities = std::exchange(b.manifest().identities, {});
  b.manifest().version = 2;
  REQUIRE(a.accept(b.note()).has_value());
  CHECK(agreement() == nullptr);
  CHECK(a.agree("b.example", its_own) == 1);
  b.manifest().identities = identities;
  b.manifest().version = 3;
  REQUIRE(a.accept(b.note()).has_value());
  CHECK(a.agree("b.example", its_own) == 0);
  CHECK(agreement() != nullptr);
  store::Organisation member{0, "aurora", "lab", 2, kCurlew, "", false, kNow};
  REQUIRE(a.database->accounts().add(member).has_value());
  REQUIRE(a.registry.reload(a.database->accounts()).has_value());
  b.manifest().identities.push_back(kCurlew);
  std::ranges::sort(b.manifest().identities);
  b.manifest().version = 4;
  REQUIRE(a.accept(b.note()).has_value());
  CHECK(a.agree("b.example", "identities = [\"" + std::string(kCurlew) + "\"]\n") == 1);
}

TEST_CASE("who looks while something else is agreed sees that it is another agreement afterwards",
          "[federation][peering]") {
  Side a("a.example");
  OtherInstance b("b.example");
  REQUIRE(a.accept(b.acceptance(a.invite())).has_value());
  REQUIRE(a.agree("b.example", "max_tlp = \"amber\"\n") == 0);
  auto const plan = [&] { return FollowingThread::plan_of(a.peering->peers().at(0)); };
  auto const before = plan();
  std::vector<FollowingThread::Plan> seen;
  a.peering->watch([&] { seen.push_back(plan()); });
  REQUIRE(a.agree("b.example", "max_tlp = \"green\"\n") == 0);
  REQUIRE(seen.size() == 1);  // whoever waits for a change does not find the old agreement
  CHECK(seen.back().agreement->max_tlp == stix::Tlp::green);
  for (auto const& one : seen) CHECK((one == seen.back()) == (one.agreement->max_tlp == stix::Tlp::green));
  CHECK(before != seen.back());
  auto const agreed = seen.back();
  REQUIRE(a.agree("b.example", "max_tlp = \"green\"\n") == 0);
  CHECK(seen.back() == agreed);  // nobody is disturbed by a file that is as it was
}

}  // namespace
}  // namespace tocsin::federation
