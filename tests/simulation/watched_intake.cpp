#include "tests/simulation/watched_intake.hpp"

#include <algorithm>

#include "tests/simulation/founding.hpp"

namespace tocsin::simulation {
namespace {

void only_moves_on(History& history, std::string const& who, char const* cursor, std::uint64_t& before,
                   std::uint64_t now) {
  if (now < before)
    history.fail("cursors only move on",
                 who + ": " + cursor + " went from " + std::to_string(before) + " back to " + std::to_string(now));
  before = now;
}

}  // namespace

store::Origin WatchedIntake::stored(store::RowId origin) const {
  auto const all = must(watching_.database.origins().origins());
  return *std::ranges::find(all, origin, &store::Origin::row);
}

void WatchedIntake::look_at_cursors() {
  auto const all = must(watching_.database.origins().origins());
  for (auto const& one : all) cursors_.try_emplace(one.name);
  for (auto& [name, before] : cursors_) {
    auto const found = std::ranges::find(all, name, &store::Origin::name);
    auto const now = found == all.end() ? store::Origin{} : *found;
    auto const who = watching_.name + " of " + name;
    only_moves_on(watching_.history, who, "verified", before.verified, now.data.size);
    only_moves_on(watching_.history, who, "applied", before.applied, now.data.applied);
    only_moves_on(watching_.history, who, "control verified", before.control_verified, now.control.size);
    only_moves_on(watching_.history, who, "control applied", before.control_applied, now.control.applied);
    if (now.data.applied > now.data.size || now.control.applied > now.control.size)
      watching_.history.fail("nothing is applied before it is verified", who);
  }
}

core::Result<store::Origin> WatchedIntake::origin(std::string const& name) {
  auto out = inner_.origin(name);
  look_at_cursors();
  if (out && watching_.fault == PlantedFault::control_is_taken_for_applied)
    out->control.applied = out->control.size + 9;
  return out;
}

core::Result<void> WatchedIntake::verified(store::RowId origin, store::LogName name, store::OriginLog const& log,
                                           std::string_view hashes) {
  watching_.may_crash("before it keeps what it verified");
  if (watching_.fault == PlantedFault::what_is_verified_is_not_kept) return {};
  auto done = inner_.verified(origin, name, log, hashes);
  look_at_cursors();
  watching_.history.note(watching_.name + " verified " + std::to_string(log.size) + " of " +
                         (name == store::LogName::data ? "data of " : "control of ") + stored(origin).name);
  watching_.may_crash("after it kept what it verified");
  return done;
}

// Nobody's agreement changes in a mesh: only a liar says that it shows something else now.
core::Result<void> WatchedIntake::begin_again(store::RowId origin) {
  auto const name = stored(origin).name;
  watching_.history.note(watching_.name + " begins again with " + name);
  if (!watching_.is_honest(name)) cursors_[name].applied = 0;
  auto done = inner_.begin_again(origin);
  look_at_cursors();
  return done;
}

void WatchedIntake::check_order(store::Delivery const& delivery) const {
  auto const known = stored(delivery.applied.origin);
  if (delivery.applied.to > known.data.size)
    watching_.history.fail("nothing is applied before it is verified", watching_.name + " of " + known.name);
  for (auto const& object : delivery.objects) {
    auto const header = log::Header::parse(object.candidate.foreign->header);
    if (!header || header->control_size > known.control.applied)
      watching_.history.fail(
          "the control log is applied before the data that name it",
          watching_.name + " of " + known.name + ", entry " + std::to_string(object.candidate.foreign->index));
  }
}

void WatchedIntake::withdraw_newer(std::vector<store::ForeignObject> const& objects) {
  for (auto const& [candidate, collections] : objects) {
    if (first_.emplace(candidate.uuid, candidate.modified_ns).first->second == candidate.modified_ns) continue;
    for (auto const collection : collections)
      must(watching_.database.commits().withdraw(
          {collection, candidate.type, candidate.uuid, {candidate.modified_ns}, std::nullopt}));
  }
}

core::Result<std::vector<store::Fate>> WatchedIntake::deliver(store::Delivery delivery) {
  check_order(delivery);
  auto const what = watching_.name + " applied through " + std::to_string(delivery.applied.to) + " with " +
                    std::to_string(delivery.objects.size()) + " objects, refused " +
                    std::to_string(delivery.applied.refused.size()) + " of " + stored(delivery.applied.origin).name;
  if (!delivery.objects.empty() && watching_.fault == PlantedFault::an_object_is_dropped) delivery.objects.pop_back();
  if (watching_.fault == PlantedFault::a_body_is_changed)
    for (auto& object : delivery.objects) object.candidate.bytes += " ";
  if (watching_.fault == PlantedFault::heads_are_forgotten)
    std::erase_if(delivery.numbered, [&](auto const& one) { return one.head && heads_++ % 2 == 1; });
  auto const objects = delivery.objects;
  watching_.may_crash("before it stores what was opened");
  auto out = inner_.deliver(std::move(delivery));
  if (watching_.fault == PlantedFault::a_newer_version_is_withdrawn) withdraw_newer(objects);
  look_at_cursors();
  watching_.history.note(what + (out ? "" : ": " + out.error().detail));
  watching_.may_crash("after it stored what was opened");
  return out;
}

core::Result<void> WatchedControl::apply(store::Origin const& origin, log::Openings const& openings) {
  watching_.may_crash("before it applies what is taken back");
  core::Result<void> done;
  if (watching_.fault == PlantedFault::recalls_are_only_acknowledged)
    must(watching_.database.recalls().apply({origin.row, origin.name, openings.from, openings.to, {}, 0},
                                            store::CommitListener()));
  else
    done = inner_.apply(origin, openings);
  intake_.look_at_cursors();
  watching_.history.note(watching_.name + " applied control through " + std::to_string(openings.to) + " of " +
                         origin.name + (done ? "" : ": " + done.error().detail));
  watching_.may_crash("after it applied what is taken back");
  return done;
}

}  // namespace tocsin::simulation
