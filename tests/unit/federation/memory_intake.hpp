// What followers of a peer hand in, kept in memory with the promises of the store. Owned by a test; one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/federation/control_sink.hpp"
#include "server/federation/intake.hpp"
#include "server/federation/misbehaviour.hpp"

namespace tocsin::test {

class MemoryIntake : public federation::Intake {
 public:
  store::Origin stored;
  std::map<std::uint64_t, std::string> taken;  // by index: the body
  std::map<std::uint64_t, std::string> refused;
  std::vector<std::string> told;  // what was done, in order
  bool full = false;              // the store is
  std::vector<store::NumberedEntry> numbered;
  store::Completeness whole;

  core::Result<store::Origin> origin(std::string const& name) override {
    stored.row = 7;
    stored.name = name;
    stored.refused = refused.size();
    return stored;
  }
  core::Result<void> verified(store::RowId, store::LogName name, store::OriginLog const& log,
                              std::string_view hashes) override {
    auto& known = name == store::LogName::data ? stored.data : stored.control;
    auto& kept = hashes_[name];
    if (hashes.size() / 32 != log.size - known.size) return core::fail(core::Code::log_inconsistent, "Not as many.");
    auto const applied = known.applied;
    known = log;
    known.applied = applied;
    kept += hashes;
    return {};
  }
  core::Result<void> begin_again(store::RowId) override {
    stored.data.applied = 0;
    stored.terms.reset();
    told.emplace_back("again");
    return {};
  }
  core::Result<std::string> hashes(store::RowId, store::LogName name, std::uint64_t first,
                                   std::uint64_t count) override {
    return hashes_[name].substr(first * 32, count * 32);
  }
  core::Result<Judge> judge(store::Origin const&) override {
    return [](log::OpenedEntry const& entry,
              log::Header const&) -> std::expected<store::ForeignObject, std::vector<core::Error>> {
      if (entry.body == "bad")
        return std::unexpected(std::vector{core::Error{core::Code::not_canonical, "It is bad.", "", ""}});
      store::ForeignObject object;
      object.candidate.bytes = entry.body;
      object.candidate.foreign = store::Candidate::Foreign{7, entry.index, entry.header, 0};
      return object;
    };
  }
  core::Result<std::vector<store::Fate>> deliver(store::Delivery delivery) override {
    if (full) return core::fail(core::Code::storage_full, "There is no room.");
    auto const& applied = delivery.applied;
    if (applied.from != stored.data.applied || applied.to > stored.data.size)
      return core::fail(core::Code::conflict, "It was applied to elsewhere.");
    std::vector<store::Fate> fates;
    for (auto const& object : delivery.objects) {
      bool const is_new = taken.emplace(object.candidate.foreign->index, object.candidate.bytes).second;
      fates.push_back({});
      fates.back().kind = is_new ? store::Verdict::Kind::store : store::Verdict::Kind::unchanged;
    }
    for (auto const& one : applied.refused) refused.emplace(one.index, one.code);
    numbered.insert(numbered.end(), delivery.numbered.begin(), delivery.numbered.end());
    stored.data.applied = applied.to;
    stored.terms = applied.terms;
    told.push_back("data " + std::to_string(applied.to));
    return fates;
  }
  core::Result<store::Completeness> completeness(store::RowId) override { return whole; }

 private:
  std::map<store::LogName, std::string> hashes_;
};

class MemoryControl final : public federation::ControlSink {
 public:
  explicit MemoryControl(MemoryIntake& intake) : intake_(intake) {}
  core::Result<void> apply(store::Origin const& origin, log::Openings const& openings) override {
    if (openings.from != intake_.stored.control.applied || origin.row != intake_.stored.row)
      return core::fail(core::Code::conflict, "It was applied to elsewhere.");
    intake_.stored.control.applied = openings.to;
    intake_.told.push_back("control " + std::to_string(openings.to));
    return {};
  }

 private:
  MemoryIntake& intake_;
};

class MemoryMisbehaviour final : public federation::Misbehaviour {
 public:
  struct Report {
    std::string origin;
    core::Code verdict{};
    std::string stored, next;
  };
  std::vector<Report> reports;
  void report(std::string const& origin, core::Code verdict, std::string const& stored_note,
              std::string const& new_note) override {
    reports.push_back({origin, verdict, stored_note, new_note});
  }
  std::vector<std::pair<std::string, log::Evidence>> shown;
  void report(std::string const& origin, log::Evidence const& evidence) override {
    shown.emplace_back(origin, evidence);
  }
};

}  // namespace tocsin::test
