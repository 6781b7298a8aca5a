// What members of a class ask each other of heads, what they answer, and what is made of the answers.
#include "server/federation/head_exchange.hpp"

#include <utility>

#include "schema/core/digest.hpp"
#include "schema/log/numbering.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/federation/followed_world.hpp"

namespace tocsin::federation {
namespace {

constexpr auto kOrigin = "ibis.example/log", kOwn = "heron.example/log", kPeer = "magpie.example/log";

log::OpenedEntry head(std::uint64_t index, std::uint64_t count, core::Salt const& salt) {
  log::Header const header{kOrigin, {7}, count, 0, log::Header::Op::head};
  return {index, header.text(), {1}, salt, {}, log::Head{count, index - 1, {}}.text()};
}

// Heads of one numbering as they are kept, oldest first; what follows one that is asked for is the next.
class Kept final : public store::OpeningReader {
 public:
  core::Result<store::OpenedRange> data(store::OpeningRange const&, store::OpeningWindow const&) override {
    return unused();
  }
  core::Result<store::OpenedRange> control(store::OpeningRange const&) override { return unused(); }
  core::Result<store::OpenedRange> relayed_data(store::RowId, store::OpeningRange const&, store::OpeningWindow const&,
                                                MayBeRelayed const&) override {
    return unused();
  }
  core::Result<store::OpenedRange> relayed_control(store::RowId, store::OpeningRange const&) override {
    return unused();
  }
  core::Result<std::vector<std::string>> later_heads(store::RowId, IsAsked const& is_asked, std::size_t) override {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < heads.size(); ++i)
      if (is_asked(heads[i].body_salt) && i + 1 < heads.size())
        out.push_back(log::format_openings({kOrigin, {}, heads[i + 1].index, heads[i + 1].index + 1, {heads[i + 1]}}));
    return out;
  }
  std::vector<log::OpenedEntry> heads;

 private:
  static std::unexpected<core::Error> unused() {
    return core::fail(core::Code::internal, "Nobody is shown entries here.");
  }
};

// Magpie answers by what it keeps; or something else, when a test says so.
class Answering final : public Transport {
 public:
  core::Result<PeerAnswer> get(std::string const&, std::size_t, std::chrono::milliseconds) override {
    return core::fail(core::Code::internal, "Heads are asked for with a body.");
  }
  core::Result<PeerAnswer> post(std::string const& target, std::string const&, std::string const& body, std::size_t,
                                std::chrono::milliseconds) override {
    asked.push_back(target);
    if (!reachable) return core::fail(core::Code::io_failed, "The peer cannot be reached.");
    auto const heads = later_heads(kept, 1, log::parse_head_question(body).value(), {kOrigin, asker, kPeer}).value();
    return PeerAnswer{status, said.value_or(log::format_later_heads(heads))};
  }
  void stop() override {}

  Kept kept;
  std::string asker = kOwn;
  std::optional<std::string> said;
  int status = 200;
  bool reachable = true;
  std::vector<std::string> asked;
};

// Of two heads that Ibis logged, Heron was opened the first, and Magpie both.
struct World : test::FollowedWorld {
  World() {
    magpie_says.kept.heads = {head(20, 3, {3}), head(40, 5, {5})};
    origins.salts = {{3}};
  }
  void exchange() {
    auto const with = perform();
    auto const peers = peering->peers();
    HeadExchange({*peering, origins, with, log}).exchange(peers.at(1), kOwn, magpie_says);
  }
  Answering magpie_says;
};

TEST_CASE("a peer is asked about the logs of others, and shows the head that came next", "[federation][heads]") {
  World world;
  world.exchange();
  CHECK(world.magpie_says.asked == std::vector<std::string>{"/witness/" + log::origin_hash(kOrigin) + "/heads"});
  REQUIRE(world.origins.compared.size() == 1);
  auto const& shown = world.origins.compared.front();
  CHECK(shown.index == 40);
  CHECK(shown.number == 5);
  CHECK(shown.token == core::Uuid{7});
  CHECK(shown.leaf == world.magpie_says.kept.heads.back().leaf());
  CHECK_FALSE(shown.opening.contains(core::view(core::Salt{5})));
  CHECK_FALSE(world.told().contains("federation."));
}

TEST_CASE("what was not opened here is told with who was shown it", "[federation][heads]") {
  World world;
  world.origins.verdict = store::HeadVerdict::unshown;
  world.exchange();
  CHECK(world.told().contains("federation.unshown"));
  CHECK(world.told().contains(R"("seen_by":"magpie")"));
  CHECK(world.told().contains(R"("position":40)"));
  CHECK(world.state() == store::PeerState::active);
}

TEST_CASE("what was told before is not told again", "[federation][heads]") {
  World world;
  world.origins.verdict = store::HeadVerdict::known;
  world.exchange();
  CHECK_FALSE(world.told().contains("federation."));
}

TEST_CASE("a head that nobody logged accuses who shows it", "[federation][heads]") {
  World world;
  world.origins.verdict = store::HeadVerdict::not_it;
  world.exchange();
  CHECK(world.told().contains("federation.heads_refused"));
  CHECK(world.told().contains(R"("peer":"magpie")"));
  CHECK_FALSE(world.told().contains("federation.unshown"));
}

TEST_CASE("an answer that is none is refused, and nothing of it looked at", "[federation][heads]") {
  World world;
  for (auto const& said : {std::string(), std::string("tocsin.later-heads/v1\nx"),
                           log::format_openings({kOrigin, {}, 40, 41, {head(40, 5, {5})}})}) {
    world.magpie_says.said = said;
    world.exchange();
  }
  CHECK(world.origins.compared.empty());
  CHECK(world.told().contains("federation.heads_refused"));
}

TEST_CASE("who cannot answer is asked another time", "[federation][heads]") {
  World world;
  SECTION("as one that knows of no such question") { world.magpie_says.status = 404; }
  SECTION("as one that cannot be reached") { world.magpie_says.reachable = false; }
  world.exchange();
  CHECK(world.magpie_says.asked.size() == 1);
  CHECK(world.origins.compared.empty());
  CHECK_FALSE(world.told().contains("federation."));
}

TEST_CASE("whatever there is no answer to is answered alike", "[federation][heads]") {
  World world;
  auto& kept = world.magpie_says.kept;
  auto const answer = [&](core::Salt const& salt, log::HeadParties const& by) {
    auto const question = log::ask_for_heads({salt}, by);
    return log::format_later_heads(later_heads(kept, 1, question, {kOrigin, kOwn, kPeer}).value());
  };
  log::HeadParties const heron{kOrigin, kOwn, kPeer};
  auto const nothing = log::format_later_heads({});
  CHECK(answer({3}, heron) != nothing);
  CHECK(answer({9}, heron) == nothing);                                 // nobody was opened it
  CHECK(answer({5}, heron) == nothing);                                 // none came after it
  CHECK(answer({3}, {kOrigin, "wren.example/log", kPeer}) == nothing);  // somebody else's question
  CHECK(answer({3}, {kOrigin, kOwn, "wren.example/log"}) == nothing);   // asked of somebody else
  CHECK(answer({3}, {"wren.example/log", kOwn, kPeer}) == nothing);     // of another log
  kept.heads.clear();
  CHECK(answer({3}, heron) == nothing);
}

}  // namespace
}  // namespace tocsin::federation
