// What becomes of reports on a peer: its own contradictions quarantine it, all else changes nothing.
#include "server/federation/evidence_keeper.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <memory>

#include "server/base/files.hpp"
#include "server/store/database.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/other_instance.hpp"
#include "tests/unit/federation/followed_log.hpp"

namespace tocsin::federation {
namespace {

using core::Code;
using store::PeerState;
using test::OtherInstance;

constexpr std::int64_t kNow = 1'790'000'000'000'000;

struct StillClock final : base::Clock {
  [[nodiscard]] std::int64_t now_us() const override { return kNow; }
};

// Heron, whose peer is Ibis, of whose log 300 leaves were verified.
class World {
  test::Folder folder_;

 public:
  World() : descriptor_(::open((folder_ / "log").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600)), log_(descriptor_) {
    REQUIRE(store::migrate_sqlite(folder_ / "db").has_value());
    database = store::open_sqlite({folder_ / "db", 8, 8}).value();
    REQUIRE(registry_.reload(database->accounts()).has_value());
    OtherInstance heron("heron.example");
    REQUIRE(base::write_file(folder_ / "manifest", heron.note(), 0600).has_value());
    auto key = std::make_shared<log::SignerKey>(log::SignerKey::parse(heron.log_key().text()).value());
    peering = std::make_unique<Peering>(
        database->peers(), database->accounts(), registry_,
        Own{folder_ / "manifest", folder_ / "peers", [key] { return log::SignerKey::parse(key->text()); },
            [root = heron.root()] { return core::Result<log::VerifierKey>(root); }});
    auto const received = peering->receive(ibis.invitation(kNow / 1'000'000 + 3'600), "ibis", kNow);
    REQUIRE(received.has_value());
    REQUIRE(peering->take(*received, kNow).has_value());
    resume();
    origins.follow(ibis.log_key(), leaves);
    trees = std::make_unique<OriginTrees>(origins, perform());
    keeper = std::make_unique<EvidenceKeeper>(
        EvidenceKeeper::Parts{*peering, origins, database->witnesses(), *trees, perform(), clock_, log_});
  }
  ~World() { ::close(descriptor_); }

  static Perform perform() {
    return [](std::function<void()> const& job) { job(); };
  }
  void resume() { REQUIRE(peering->set_state("ibis", PeerState::active, "", kNow).has_value()); }
  [[nodiscard]] std::string signed_at(test::Leaves const& of, std::size_t size) const {
    return test::note_at(of, size, ibis.log_key());
  }
  void report(std::string const& next, Code verdict = Code::log_forked) {
    keeper->report("ibis.example/log", verdict, signed_at(leaves, 300), next);
  }
  [[nodiscard]] PeerState state() const { return peering->peers().at(0).peer.state; }
  [[nodiscard]] std::string told() const { return base::read_file(folder_ / "log", 1 << 20).value_or(""); }

  OtherInstance ibis{"ibis.example"};
  test::Leaves const leaves = test::numbered_leaves(300), other = test::with_another(leaves, 100);
  test::Origins origins;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<Peering> peering;
  std::unique_ptr<OriginTrees> trees;
  std::unique_ptr<EvidenceKeeper> keeper;

 private:
  int descriptor_;
  base::Log log_;
  StillClock clock_;
  access::Registry registry_;
};

TEST_CASE("two roots of one size quarantine a peer, with the file that shows it", "[federation][evidence]") {
  World world;
  world.report(world.signed_at(world.other, 300));
  CHECK(world.peering->quarantined("ibis") == "its log was signed with two roots at size 300");
  CHECK(world.told().find("\"event\":\"federation.quarantined\"") != std::string::npos);
  auto const kept = world.database->witnesses().evidence("ibis").value();
  REQUIRE(kept.size() == 1);
  auto const evidence = log::Evidence::parse(kept[0].text);
  REQUIRE(evidence.has_value());
  CHECK(log::verify_evidence(*evidence, world.ibis.log_key().verifier()).has_value());
  CHECK(kept[0].found_us == kNow);
}

TEST_CASE("a shorter log is a contradiction only when it is of another tree", "[federation][evidence]") {
  World world;
  world.report(world.signed_at(world.leaves, 200), Code::log_rollback);
  CHECK(world.state() == PeerState::active);
  CHECK(world.told().find("\"event\":\"federation.stale\"") != std::string::npos);
  world.report(world.signed_at(world.other, 200), Code::log_rollback);
  CHECK(world.peering->quarantined("ibis") == "its log was rewritten below size 200");
}

TEST_CASE("what the peer's own key has not signed changes nothing and is told", "[federation][evidence]") {
  World world;
  OtherInstance forger("ibis.example"), neighbour("magpie.example");
  for (auto const& note :
       {test::note_at(world.other, 300, forger.log_key()), test::note_at(world.other, 300, neighbour.log_key()),
        std::string("nothing"), world.signed_at(world.leaves, 300), world.signed_at(test::numbered_leaves(301), 301)})
    world.report(note);
  CHECK(world.state() == PeerState::active);
  CHECK(world.database->witnesses().evidence("ibis").value().empty());
  CHECK(world.told().find("\"event\":\"federation.unproven\"") != std::string::npos);
  CHECK(world.told().find("quarantined") == std::string::npos);
}

TEST_CASE("a quarantine that was lifted does not come back with the same evidence", "[federation][evidence]") {
  World world;
  auto const forked = world.signed_at(world.other, 300);
  world.report(forked);
  CHECK(world.peering->set_state("ibis", PeerState::paused, "", kNow).error().code == Code::conflict);
  world.resume();
  world.report(forked);
  CHECK(world.state() == PeerState::active);
  world.report(world.signed_at(world.other, 150), Code::log_rollback);
  CHECK(world.state() == PeerState::quarantined);
}

TEST_CASE("what is reported of nobody's log is nothing", "[federation][evidence]") {
  World world;
  world.keeper->report("magpie.example/log", Code::log_forked, world.signed_at(world.leaves, 300),
                       world.signed_at(world.other, 300));
  CHECK(world.state() == PeerState::active);
  CHECK(world.told().empty());
}

}  // namespace
}  // namespace tocsin::federation
