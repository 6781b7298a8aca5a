// What a peer is answered below /log/: openings as far as was agreed, and checkpoints that it need not wait for.
#include <nlohmann/json.hpp>
#include <thread>

#include "schema/core/digest.hpp"
#include "schema/log/openings.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"

using namespace tocsin;
using namespace tocsin::test;
using federation::Agreement;
using federation::Direction;
using stix::Tlp;

namespace {

constexpr char const* kPeer = "ibis.example";

nlohmann::json marked(int number, Tlp level) {
  auto out = indicator(number);
  out["object_marking_refs"] = {std::string(stix::tlp2_id(level))};
  return out;
}

// A hub with an active peer, with which nothing is agreed yet.
struct Shared : Hub {
  Shared() {
    world.add_peer(kPeer);
    set_state(store::PeerState::active);
    world.publish_logs();
  }

  endpoints::Context& context() { return world.instance().context(); }

  void set_state(store::PeerState state) {
    context().ledger.perform([&] { REQUIRE(context().peering.set_state(kPeer, state, "why", 1).has_value()); });
  }
  void agree(Agreement const& agreement) {
    std::vector<federation::Peering::ReadAgreement> const read{
        {kPeer, core::sha256("file " + std::to_string(++files_)), std::make_shared<Agreement const>(agreement), {}}};
    context().ledger.perform([&] { REQUIRE(context().peering.take(read).has_value()); });
  }
  static Agreement agreement(Direction direction = Direction::out, Tlp level = Tlp::green) {
    Agreement out;
    out.direction = direction;
    out.collections = {"network"};
    out.max_tlp = level;
    return out;
  }

  // Stores them, and waits until a checkpoint covers `size` entries.
  void submit(std::vector<nlohmann::json> const& objects, std::uint64_t size) {
    store(objects);
    while (context().logs.data->size() < size) std::this_thread::yield();
  }

  Answer ask(std::string const& target) {
    Call call;
    call.target = target;
    call.door = Door::mtls;
    call.certificate = base::ClientCertificate{context().peering.peers().at(0).manifest.tls_pins.at(0), {}, INT64_MAX};
    return world.ask(call);
  }
  log::Openings openings(std::uint64_t from, std::uint64_t to, std::string const& of = "data") {
    auto const answer = ask("/log/" + of + "/openings?from=" + std::to_string(from) + "&to=" + std::to_string(to));
    CAPTURE(answer.body.substr(0, 500));
    REQUIRE(answer.status == 200);
    CHECK(answer.content_type == "application/octet-stream");
    auto const parsed = log::parse_openings(answer.body);
    REQUIRE(parsed.has_value());
    CHECK(parsed->from == from);
    return *parsed;
  }

  int files_ = 0;  // of the agreement, each with a digest of its own
};

std::vector<std::string> ids_in(log::Openings const& openings) {
  std::vector<std::string> out;
  for (auto const& entry : openings.entries)
    if (!entry.is_closed()) out.push_back(id_of(nlohmann::json::parse(entry.body)));
  return out;
}

}  // namespace

TEST_CASE("a peer is shown what was agreed, each entry as its leaf has it", "[endpoints][peers]") {
  Shared hub;
  hub.submit({marked(1, Tlp::clear), marked(2, Tlp::green), marked(3, Tlp::amber), marked(4, Tlp::amber_strict),
              marked(5, Tlp::red), marked(6, Tlp::green)},
             5);
  hub.agree(Shared::agreement());
  auto const shown = hub.openings(0, 5);
  CHECK(shown.origin == "hub.example/log");
  CHECK(shown.to == 5);
  CHECK(ids_in(shown) == std::vector{id_of(indicator(1)), id_of(indicator(2)), id_of(indicator(6))});
  auto const leaves = hub.ask("/log/data/tile/0/000.p/5").body;
  for (auto const& entry : shown.entries) {
    CHECK(core::view(entry.leaf()) == leaves.substr(static_cast<std::size_t>(entry.index) * 32, 32));
    CHECK(entry.collections == std::vector<std::string>{"network"});
  }
  hub.agree(Shared::agreement(Direction::both, Tlp::amber_strict));
  auto const more = hub.openings(0, 5);
  CHECK(ids_in(more).size() == 4);  // AMBER+STRICT without an audience is nobody's
  CHECK(more.terms != shown.terms);
  CHECK(hub.openings(1, 2).entries.size() == 1);
  CHECK(hub.openings(5, 5).entries.empty());
}

TEST_CASE("where nothing is agreed the answer is whole and empty", "[endpoints][peers]") {
  Shared hub;
  hub.submit({indicator(1), indicator(2)}, 2);
  auto const none = hub.openings(0, 2);
  Agreement elsewhere = Shared::agreement();
  elsewhere.collections = {};
  for (auto const& agreed : {Shared::agreement(Direction::in), elsewhere}) {
    hub.agree(agreed);
    CHECK(hub.openings(0, 2) == none);
  }
  CHECK(none.entries.empty());
  CHECK(none.to == 2);
  auto lower = Shared::agreement();
  lower.max_tlp = Tlp::clear;
  hub.agree(lower);
  auto const clear = hub.openings(0, 2);
  CHECK(clear.entries.empty());
  CHECK(clear.terms != none.terms);
}

TEST_CASE("a peer that is stopped is let in no more, and of what was withdrawn only the number is shown",
          "[endpoints][peers]") {
  Shared hub;
  hub.submit({indicator(1), indicator(2)}, 2);
  hub.agree(Shared::agreement());
  CHECK(hub.openings(0, 2).entries.size() == 2);
  REQUIRE(hub.remove(hub.object(id_of(indicator(1))), hub.analyst).status == 200);
  auto const left = hub.openings(0, 2);
  CHECK(ids_in(left) == std::vector{id_of(indicator(2))});
  REQUIRE(left.entries.size() == 2);
  CHECK(left.entries.front().is_closed());
  for (auto const state : {store::PeerState::paused, store::PeerState::quarantined}) {
    hub.set_state(state);
    CHECK(hub.ask("/log/data/openings?from=0&to=2").status == 401);
  }
  hub.set_state(store::PeerState::active);
  CHECK(hub.openings(0, 2) == left);
}

TEST_CASE("the control log is opened whole to every peer", "[endpoints][peers]") {
  Shared hub;
  hub.submit({indicator(1), indicator(2)}, 2);
  for (int number : {1, 2})
    REQUIRE(hub.administer("erasures", R"({"organisation":"Aurora","object":")" + id_of(indicator(number)) + "\"}")
                .status == 200);
  while (hub.context().logs.control->size() < 2) std::this_thread::yield();
  auto const shown = hub.openings(0, 2, "control");
  CHECK(shown.origin == "hub.example/log/control");
  CHECK(shown.terms == core::Uuid{});
  REQUIRE(shown.entries.size() == 2);
  auto const leaves = hub.ask("/log/control/tile/0/000.p/2").body;
  for (auto const& entry : shown.entries) {
    CHECK(core::view(entry.leaf()) == leaves.substr(static_cast<std::size_t>(entry.index) * 32, 32));
    CHECK(entry.body.starts_with("tocsin/erasure/"));
    CHECK_FALSE(entry.body.contains("indicator"));
  }
  hub.agree(Shared::agreement());
  CHECK(hub.openings(0, 2).entries.empty());  // erased
}

TEST_CASE("an answer has at most a thousand entries, and says how far it went", "[endpoints][peers]") {
  Shared hub;
  std::vector<nlohmann::json> many;
  constexpr int kMany = 1'003;
  for (int i = 0; i < kMany; ++i) many.push_back(indicator(i));
  hub.submit(many, kMany);
  hub.agree(Shared::agreement());
  auto const first = hub.openings(0, kMany);
  CHECK(first.entries.size() == log::kMostOpened);
  CHECK(first.to == log::kMostOpened);
  auto const rest = hub.openings(first.to, kMany);
  CHECK(rest.entries.size() == 3);
  CHECK(rest.to == kMany);
}

TEST_CASE("what is asked for in another way is refused with a sentence", "[endpoints][peers]") {
  Shared hub;
  hub.submit({indicator(1)}, 1);
  for (char const* wrong :
       {"", "?from=0", "?to=1", "?from=0&to=1&to=1", "?from=0&to=1&limit=5", "?from=-1&to=1", "?from=0&to=1x",
        "?from=1&to=0", "?from=0&to=65537", "?from=&to=1", "?from=+0&to=1", "?from=0&to=99999999999999999999"}) {
    CAPTURE(wrong);
    auto const answer = hub.ask(std::string("/log/data/openings") + wrong);
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == "bad-parameter");
  }
  CHECK(code_of(hub.ask("/log/data/openings?from=0&to=2")) == "unprocessable");
  CHECK(hub.ask("/log/nothing/openings?from=0&to=0").status == 404);
  for (char const* wrong : {"after=0", "wait=5", "after=0&wait=0", "after=0&wait=31", "after=x&wait=5",
                            "after=0&wait=5&after=0", "after=0&wait=5&size=1"}) {
    CAPTURE(wrong);
    CHECK(code_of(hub.ask("/log/data/checkpoint?" + std::string(wrong))) == "bad-parameter");
  }
  CHECK(code_of(hub.ask("/log/control/checkpoint?after=0&control=0&wait=5")) == "bad-parameter");
}

TEST_CASE("nobody but a peer is shown openings", "[endpoints][peers]") {
  Shared hub;
  hub.submit({indicator(1)}, 1);
  for (char const* role : {"submitter", "analyst", "feed", "liaison", "auditor", "admin"})
    for (char const* of : {"data", "control"}) {
      auto const token = hub.world.add_token("Aurora", role);
      CHECK(hub.world.get("/log/" + std::string(of) + "/openings?from=0&to=0", token).status == 403);
    }
  // The role alone is no agreement.
  auto const token = hub.world.add_token("Aurora", "peer");
  auto const answer = hub.world.get("/log/data/openings?from=0&to=1", token);
  CHECK(answer.status == 200);
  CHECK(log::parse_openings(answer.body)->entries.empty());
}

TEST_CASE("a checkpoint that covers more than the caller has is answered at once", "[endpoints][peers]") {
  Shared hub;
  hub.submit({indicator(1)}, 1);
  for (char const* query : {"", "?after=0&wait=30", "?after=0&control=5&wait=30"})
    CHECK(hub.ask("/log/data/checkpoint" + std::string(query)).body.starts_with("hub.example/log\n1\n"));
  REQUIRE(hub.administer("erasures", R"({"organisation":"Aurora","object":")" + id_of(indicator(1)) + "\"}").status ==
          200);
  while (hub.context().logs.control->size() < 1) std::this_thread::yield();
  CHECK_FALSE(hub.ask("/log/data/checkpoint?after=9&control=0&wait=30").body.empty());
  CHECK_FALSE(hub.ask("/log/control/checkpoint?after=0&wait=30").body.empty());
  // These wait: what is sent piece by piece is not followed here.
  CHECK(hub.ask("/log/data/checkpoint?after=1&wait=30").body.empty());
  CHECK(hub.ask("/log/data/checkpoint?after=1&control=1&wait=30").body.empty());
}

TEST_CASE("what a peer is shown stands in the trail, as what a member reads", "[endpoints][peers]") {
  Shared hub;
  hub.submit({indicator(1), indicator(2)}, 2);
  hub.agree(Shared::agreement());
  CHECK(hub.openings(0, 2).entries.size() == 2);
  hub.context().reads.flush();
  auto const trail = hub.world.get("/api/v1/audit/entries?organisation=ibis.example", hub.admin);
  bool told = false;
  for (auto const& row : json_of(trail).at("entries")) {
    auto const entry = nlohmann::json::parse(row.at("entry").get<std::string>());
    if (entry.at("action") != "read") continue;
    told = true;
    CHECK(entry.at("what") == "openings");
    CHECK(entry.at("objects") == 2);
    CHECK(entry.at("collection") == hub.collection);
  }
  CHECK(told);
  auto const path = "/api/v1/collections/network/objects/" + id_of(indicator(1)) + "/readers";
  CHECK(json_of(hub.get(path)).at("organisations") == 1);
  hub.agree(Shared::agreement(Direction::out, Tlp::clear));
  CHECK(json_of(hub.get(path)).at("organisations") == 0);  // who is not shown it now is not counted
}

TEST_CASE("whoever was shown something as a peer counts among its readers, whatever became of the peer",
          "[endpoints][peers]") {
  Shared hub;
  hub.submit({marked(1, Tlp::green), marked(2, Tlp::amber), marked(3, Tlp::red), marked(4, Tlp::green)}, 3);
  auto const readers = [&hub](int number) {
    return json_of(hub.get("/api/v1/collections/network/objects/" + id_of(indicator(number)) + "/readers"))
        .at("organisations")
        .get<int>();
  };
  hub.set_state(store::PeerState::paused);
  hub.agree(Shared::agreement());
  CHECK(readers(1) == 0);  // it asked for nothing
  hub.set_state(store::PeerState::active);
  CHECK(hub.openings(0, 3).entries.size() == 2);
  hub.context().reads.flush();
  for (auto const state : {store::PeerState::active, store::PeerState::paused, store::PeerState::quarantined}) {
    hub.set_state(state);
    CHECK(readers(1) == 1);
    CHECK(readers(2) == 0);
  }
  // Nothing is shared any more: who asked for what lies around it may have read it.
  hub.agree(Shared::agreement(Direction::in));
  CHECK(readers(1) == 1);
  CHECK(readers(2) == 1);
  CHECK(readers(3) == 0);
  hub.set_state(store::PeerState::removed);
  CHECK(readers(1) == 1);
  CHECK(readers(3) == 0);
}
