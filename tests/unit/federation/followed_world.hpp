// Heron, a real instance but for its network, and its peers Ibis, of whose log 300 leaves were verified here, and
// Magpie. Owned by a test; one thread.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "server/base/files.hpp"
#include "server/federation/evidence_keeper.hpp"
#include "server/store/database.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/other_instance.hpp"
#include "tests/unit/federation/followed_log.hpp"

namespace tocsin::test {

constexpr std::int64_t kNow = 1'790'000'000'000'000;

// Stands still unless it is moved.
struct SetClock final : base::Clock {
  [[nodiscard]] std::int64_t now_us() const override { return at_us; }
  std::int64_t at_us = kNow;
};

class FollowedWorld {
  Folder folder_;
  int descriptor_ = ::open((folder_ / "log").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  access::Registry registry_;

 public:
  FollowedWorld() {
    REQUIRE(store::migrate_sqlite(folder_ / "db").has_value());
    database = store::open_sqlite({folder_ / "db", 8, 8}).value();
    REQUIRE(registry_.reload(database->accounts()).has_value());
    REQUIRE(base::write_file(folder_ / "manifest", heron.note(), 0600).has_value());
    federation::Own own{folder_ / "manifest", folder_ / "peers",
                        [this] { return log::SignerKey::parse(heron.log_key().text()); },
                        [this] { return core::Result<log::VerifierKey>(heron.root()); }};
    peering = std::make_unique<federation::Peering>(database->peers(), database->accounts(), registry_, std::move(own));
    for (auto const& [peer, name] : {std::pair(&ibis, "ibis"), std::pair(&magpie, "magpie")}) {
      auto const received = peering->receive(peer->invitation(kNow / 1'000'000 + 3'600), name, kNow);
      REQUIRE(received.has_value());
      REQUIRE(peering->take(*received, kNow).has_value());
      resume(name);
    }
    row = origins.follow(ibis.log_key(), leaves);
    trees = std::make_unique<federation::OriginTrees>(origins, perform());
    keeper = std::make_unique<federation::EvidenceKeeper>(
        federation::EvidenceKeeper::Parts{*peering, origins, database->witnesses(), *trees, perform(), clock, log});
  }
  ~FollowedWorld() { ::close(descriptor_); }
  FollowedWorld(FollowedWorld const&) = delete;
  FollowedWorld& operator=(FollowedWorld const&) = delete;

  // There is no commit thread here: the test's is the only one.
  static federation::Perform perform() {
    return [](std::function<void()> const& job) { job(); };
  }
  void resume(std::string const& peer = "ibis") {
    REQUIRE(peering->set_state(peer, store::PeerState::active, "", kNow).has_value());
  }
  void agree(std::string const& peer, std::string const& text) { REQUIRE(mistakes(peer, text) == 0); }
  // Of all agreements, with this one.
  std::size_t mistakes(std::string const& peer, std::string const& text) {
    std::filesystem::create_directories(folder_ / "peers");
    REQUIRE(base::write_file(folder_ / "peers" / (peer + ".toml"), text, 0600).has_value());
    auto const read = peering->read_agreements();
    REQUIRE(peering->take(read).has_value());
    std::size_t out = 0;
    for (auto const& one : read) out += one.mistakes.size();
    return out;
  }
  [[nodiscard]] std::string signed_at(Leaves const& of, std::size_t size) const {
    return note_at(of, size, ibis.log_key());
  }
  void report(std::string const& next, core::Code verdict = core::Code::log_forked) {
    keeper->report("ibis.example/log", verdict, signed_at(leaves, 300), next);
  }
  [[nodiscard]] store::PeerState state() const { return peering->peers().at(0).peer.state; }  // of Ibis
  [[nodiscard]] std::string told() const { return base::read_file(folder_ / "log", 1 << 20).value_or(""); }

  OtherInstance heron{"heron.example"}, ibis{"ibis.example"}, magpie{"magpie.example"};
  Leaves const leaves = numbered_leaves(300), other = with_another(leaves, 100);
  SetClock clock;
  base::Log log{descriptor_};
  Origins origins;
  store::RowId row = 0;  // of Ibis
  std::unique_ptr<store::Database> database;
  std::unique_ptr<federation::Peering> peering;
  std::unique_ptr<federation::OriginTrees> trees;
  std::unique_ptr<federation::EvidenceKeeper> keeper;
};

}  // namespace tocsin::test
