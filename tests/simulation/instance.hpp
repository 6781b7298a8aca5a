// An instance of the mesh. What is on its disk outlives a crash: the database and the files of what was signed. The
// rest is made of the server's own parts when it starts, and is gone when it crashes. Owned by the mesh; one thread,
// which is the commit thread and the thread of every follower in turn.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/federation/peer_follower.hpp"
#include "server/federation/transport.hpp"
#include "tests/simulation/founding.hpp"
#include "tests/simulation/history.hpp"
#include "tests/simulation/planted_fault.hpp"
#include "tests/simulation/virtual_time.hpp"
#include "tests/simulation/watched_intake.hpp"
#include "tests/simulation/ways.hpp"

namespace tocsin::simulation {

// Where it stood: whatever was under way unwinds to whoever runs the instance. No std::exception, as Broken.
struct Crashed {};

struct Submitted {
  std::size_t member = 0;
  std::string collection, text;                                  // a STIX object
  std::optional<std::pair<std::string, std::string>> altered{};  // what a liar logs in place of what
};

// Whether what is asked for is another instance's log, as a relay hands it on.
[[nodiscard]] inline bool is_of_relay(std::string const& target) { return target.starts_with("/log/of/"); }

// An instance that keeps all heads of a numbering but the first from one of its peers.
struct Hiding {
  std::size_t by = 0, from = 0;
  friend bool operator==(Hiding const&, Hiding const&) = default;
};

// A publication that readers of an instance are shown, by who said it.
struct Shown {
  store::RowId asserter = 0;
  std::string collection;
  core::Uuid uuid{};
  std::int64_t modified_ns = 0;
  friend auto operator<=>(Shown const&, Shown const&) = default;
};

class Instance {
 public:
  // What the mesh lets happen at places where something was, or was not, written. May throw Crashed.
  struct Surroundings {
    VirtualTime const& time;
    History& history;
    std::function<void(std::size_t one, std::string const& where)> may_crash;
    std::function<std::unique_ptr<federation::Transport>(std::size_t from, std::size_t to)> connect;
    std::function<double()> random;
    std::function<bool(std::size_t)> is_honest;
    PlantedFault fault = PlantedFault::none;
    std::optional<Hiding> hiding;
    Ways const& ways;
  };
  Instance(Founding const& founding, std::size_t number, std::filesystem::path directory, Surroundings const& around);
  ~Instance();
  Instance(Instance const&) = delete;
  Instance& operator=(Instance const&) = delete;

  void start();
  void crash();  // nothing of it may be under way
  [[nodiscard]] bool runs() const { return running_ != nullptr; }

  // What members do.
  void submit(Submitted const& what);
  // Its position in the control log; nullopt: not signed so far, or recalled already.
  std::optional<std::uint64_t> recall(std::size_t member, core::Uuid const& indicator);
  void publish();  // both logs, control after data

  bool log_heads();                      // false: nothing has grown
  void compare_heads(std::size_t peer);  // asks it what came after the heads that were opened here

  // One round with a peer; nullopt: it is not followed.
  std::optional<std::chrono::milliseconds> turn(std::size_t peer);
  [[nodiscard]] bool follows(std::size_t peer) const;
  [[nodiscard]] bool is_quarantined(std::size_t peer) const;
  [[nodiscard]] bool has_caught_up(std::size_t peer) const;  // by what its follower says

  // What it answers a peer.
  core::Result<federation::PeerAnswer> serve(std::size_t peer, std::string const& target);
  struct TakenReceipt {
    int status = 204;
    std::size_t of = 0;         // who signed it
    std::uint64_t through = 0;  // how many entries of the control log
  };
  TakenReceipt take_receipt(std::size_t peer, std::string const& body);
  core::Result<federation::PeerAnswer> take_receipt_for_another(std::size_t peer, std::string const& target,
                                                                std::string const& body);
  core::Result<federation::PeerAnswer> later_heads(std::size_t peer, std::string const& target,
                                                   std::string const& body);

  // What is there, for who checks.
  [[nodiscard]] store::ReadStore& reader() const;
  [[nodiscard]] store::LogStore& logs() const;
  [[nodiscard]] std::vector<Shown> shown() const;                                         // ascending
  [[nodiscard]] store::RowId member_row(std::size_t instance, std::size_t member) const;  // 0: unknown here
  [[nodiscard]] std::uint64_t signed_size(store::LogName name) const;
  [[nodiscard]] store::Origin origin(std::size_t peer) const;
  [[nodiscard]] store::Completeness completeness(std::size_t peer) const;
  // Places of the heads that were opened of a peer's log, by numbering.
  using Heads = std::map<std::string, std::set<std::uint64_t>>;
  [[nodiscard]] Heads heads(std::size_t peer) const;

  [[nodiscard]] std::size_t number() const { return number_; }
  [[nodiscard]] std::string name() const { return "n" + std::to_string(number_); }
  SkewedClock clock;

 private:
  struct Running;
  void say_something();
  core::Result<federation::PeerAnswer> hand_on(std::size_t peer, std::string const& target);

  Founding const& founding_;
  std::size_t const number_;
  std::filesystem::path const directory_;
  Surroundings const& around_;
  std::int64_t said_us_ = 0;  // of the planted fault that needs it
  CursorsByOrigin cursors_;   // that it ever had
  std::unique_ptr<Running> running_;
};

}  // namespace tocsin::simulation
