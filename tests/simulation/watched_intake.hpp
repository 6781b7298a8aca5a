// The intake and the control sink of an instance, watched: each cursor may only move on, nothing is applied that was
// not verified, and nothing of the data log before the control log that it names. They crash where the mesh says so,
// and have the faults that are planted. Owned by the running instance; its thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/federation/control_sink.hpp"
#include "server/federation/intake.hpp"
#include "server/store/database.hpp"
#include "tests/simulation/history.hpp"
#include "tests/simulation/planted_fault.hpp"

namespace tocsin::simulation {

struct Watching {
  std::string name;  // of the instance
  store::Database& database;
  History& history;
  PlantedFault fault;
  std::function<void(std::string const& where)> may_crash;
  std::function<bool(std::string const& origin)> is_honest;
};

// The cursors of an origin that an instance ever had. They outlive its crashes.
struct Cursors {
  std::uint64_t verified = 0, applied = 0, control_verified = 0, control_applied = 0;
};
using CursorsByOrigin = std::map<std::string, Cursors>;

class WatchedIntake final : public federation::Intake {
 public:
  WatchedIntake(federation::Intake& inner, Watching watching, CursorsByOrigin& cursors)
      : inner_(inner), watching_(std::move(watching)), cursors_(cursors) {}

  core::Result<store::Origin> origin(std::string const& name) override;
  core::Result<void> verified(store::RowId origin, store::LogName name, store::OriginLog const& log,
                              std::string_view hashes) override;
  core::Result<void> begin_again(store::RowId origin) override;
  core::Result<std::string> hashes(store::RowId origin, store::LogName name, std::uint64_t first,
                                   std::uint64_t count) override {
    return inner_.hashes(origin, name, first, count);
  }
  core::Result<Judge> judge(store::Origin const& origin) override { return inner_.judge(origin); }
  core::Result<std::vector<store::Fate>> deliver(store::Delivery delivery) override;

  // After whatever may have moved a cursor.
  void look_at_cursors();

 private:
  [[nodiscard]] store::Origin stored(store::RowId origin) const;
  void check_order(store::Delivery const& delivery) const;
  void withdraw_newer(std::vector<store::ForeignObject> const& objects);

  federation::Intake& inner_;
  Watching const watching_;
  CursorsByOrigin& cursors_;
  std::size_t heads_ = 0;                     // of the planted fault that needs it: how many were opened
  std::map<core::Uuid, std::int64_t> first_;  // of the planted fault that needs it: the version that came first
};

class WatchedControl final : public federation::ControlSink {
 public:
  WatchedControl(federation::ControlSink& inner, WatchedIntake& intake, Watching watching)
      : inner_(inner), intake_(intake), watching_(std::move(watching)) {}
  core::Result<void> apply(store::Origin const& origin, log::Openings const& openings) override;

 private:
  federation::ControlSink& inner_;
  WatchedIntake& intake_;
  Watching const watching_;
};

}  // namespace tocsin::simulation
