#include "tests/simulation/mesh.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::simulation {
namespace {

using federation::PeerAnswer;
using store::LogName;

constexpr std::int64_t kTroubled = 60 * kSecond;     // how long things happen
constexpr std::int64_t kPatience = 1'200 * kSecond;  // until everybody has everything: back-off lasts minutes
constexpr std::int64_t kIdle = 40 * kSecond;         // without anything to say
constexpr std::int64_t kFresh = 8 * kSecond, kSigned = 250 * kMillisecond;  // as PublishedLog has them
constexpr std::size_t kLongPollMs = 25'000;
constexpr std::size_t kDeepest = 3;  // turns that wait for an answer while others have theirs

}  // namespace

Mesh::Mesh(Founding const& founding, Scenario const& scenario, std::uint64_t seed, PlantedFault fault)
    : founding_(founding),
      scenario_(scenario),
      random_(seed),
      ways_(founding, scenario.severed, scenario.liar),
      oracle_(founding, ways_, scenario.liar),
      network_(ends(), scenario.severed, random_, history_),
      around_(surroundings(fault)) {
  for (std::size_t i = 0; i < founding.size(); ++i)
    instances_.push_back(std::make_unique<Instance>(founding, i, folder_ / std::to_string(i), around_));
  if (scenario.liar) liar_ = std::make_unique<Liar>(founding.of(*scenario.liar), random_, history_);
}

Mesh::~Mesh() = default;

Instance::Surroundings Mesh::surroundings(PlantedFault fault) {
  return {time_,
          history_,
          [this](std::size_t one, std::string const& where) { may_crash(one, where); },
          [this](std::size_t from, std::size_t to) { return network_.connect(from, to); },
          [this] { return static_cast<double>(random_.below(1'000)) / 1'000; },
          [this](std::size_t one) { return is_honest(one); },
          fault,
          scenario_.hiding,
          ways_};
}

Network::Ends Mesh::ends() {
  return {[this](std::size_t one) { return can_act(one); },
          [this](std::size_t from, std::size_t to, std::string const& target) { return answer(from, to, target); },
          [this](std::size_t from, std::size_t to, std::string const& target, std::string const& body) {
            return take(from, to, target, body);
          },
          [this](std::size_t sender, std::int64_t us) { pass(sender, us); },
          [this](std::int64_t us, Event event) { later(us, std::move(event)); }};
}

core::Result<PeerAnswer> Mesh::answer(std::size_t from, std::size_t to, std::string const& target) {
  auto out = instances_[to]->serve(from, target);
  bool const handed_on = is_of_relay(target);
  if (out && handed_on && is_honest(to)) check_handed_on(to, target, *out);
  if (out && handed_on && !is_honest(to)) liar_->hand_on(from, target, *out);
  if (out && !handed_on && !is_honest(to)) liar_->answer(from, target, instances_[to]->reader().leaves(), *out);
  return out;
}

core::Result<PeerAnswer> Mesh::take(std::size_t from, std::size_t to, std::string const& target,
                                    std::string const& body) {
  if (is_of_relay(target)) return instances_[to]->take_receipt_for_another(from, target, body);
  if (!target.ends_with("/heads")) return take_receipt(from, to, body);
  auto out = instances_[to]->later_heads(from, target, body);
  if (out && !is_honest(to)) liar_->answer(from, target, instances_[to]->reader().leaves(), *out);
  return out;
}

core::Result<PeerAnswer> Mesh::take_receipt(std::size_t from, std::size_t to, std::string const& body) {
  auto const taken = instances_[to]->take_receipt(from, body);
  if (taken.status != 204) return PeerAnswer{taken.status, ""};
  check_recalled(to, taken.of, taken.through);
  auto& through = receipts_[{to, taken.of}];
  through = std::max(through, taken.through);
  return PeerAnswer{204, ""};
}

void Mesh::at(std::int64_t us, Event event) { events_.emplace(std::pair(us, ++events_made_), std::move(event)); }

void Mesh::pass_until(std::int64_t us) {
  while (!events_.empty() && events_.begin()->first.first <= us) {
    auto const event = events_.extract(events_.begin());
    time_.now_us = std::max(time_.now_us, event.key().first);
    event.mapped()();
  }
  time_.now_us = std::max(time_.now_us, us);
}

// Whoever waits for a message is not waited for by the others.
void Mesh::pass(std::size_t sender, std::int64_t us) {
  auto const until = time_.now_us + us;
  if (depth_ < kDeepest) pass_until(until);
  time_.now_us = std::max(time_.now_us, until);
  if (doomed_.contains(sender) && turning_.contains(sender)) throw Crashed{};
}

void Mesh::come_to_turn(std::size_t one, std::size_t peer, std::int64_t us) {
  auto const number = ++awaited_[{one, peer}];
  later(us, [this, one, peer, number] {
    if (awaited_[{one, peer}] == number) turn(one, peer);
  });
}

bool Mesh::act(std::size_t one, std::function<void()> const& what) {
  turning_.insert(one);
  ++depth_;
  try {
    what();
  } catch (Crashed const&) {
    doomed_.insert(one);
  }
  --depth_;
  turning_.erase(one);
  if (!doomed_.contains(one)) return true;
  stop(one);
  return false;
}

void Mesh::turn(std::size_t one, std::size_t peer) {
  if (!can_act(one) || !instances_[one]->follows(peer)) return;
  if (turning_.contains(one)) return come_to_turn(one, peer, 10 * kMillisecond);
  std::optional<std::chrono::milliseconds> wait;
  if (!act(one, [&] { wait = instances_[one]->turn(peer); }) || !wait) return;
  bool const gives_up = around_.fault == PlantedFault::a_follower_gives_up;
  if (gives_up && !instances_[one]->has_caught_up(peer)) return;
  bool const polls = wait->count() >= 1'000 && instances_[one]->has_caught_up(peer);
  if (around_.fault == PlantedFault::a_follower_never_waits) return come_to_turn(one, peer, kMillisecond);
  auto const ms = polls ? 1'000 + random_.below(kLongPollMs) : static_cast<std::size_t>(wait->count()) + 1;
  come_to_turn(one, peer, static_cast<std::int64_t>(ms) * kMillisecond);
}

// Soon after something was appended, and now and then also without.
void Mesh::publish(std::size_t one) {
  publishing_.erase(one);
  if (!can_act(one)) return;
  auto& instance = *instances_[one];
  auto const before = std::pair(instance.signed_size(LogName::data), instance.signed_size(LogName::control));
  instance.publish();
  auto const now = std::pair(instance.signed_size(LogName::data), instance.signed_size(LogName::control));
  if (now == before) return;
  history_.note(instance.name() + " signed " + std::to_string(now.first) + " and " + std::to_string(now.second));
  for (std::size_t peer = 0; peer < instances_.size(); ++peer)
    if (founding_.are_peers(one, peer) && can_act(peer) && !turning_.contains(peer) &&
        instances_[peer]->has_caught_up(one))
      come_to_turn(peer, one, kMillisecond + within(20 * kMillisecond));
}

void Mesh::grown(std::size_t one) {
  if (publishing_.insert(one).second) later(within(kSigned), [this, one] { publish(one); });
}

void Mesh::stay_fresh(std::size_t one) {
  publish(one);
  later(kFresh, [this, one] { stay_fresh(one); });
}

void Mesh::start(std::size_t one) {
  auto& instance = *instances_[one];
  if (instance.runs()) return;
  instance.start();
  grown(one);
  for (std::size_t peer = 0; peer < instances_.size(); ++peer)
    if (instance.follows(peer)) come_to_turn(one, peer, within(kSecond));
}

void Mesh::crash(std::size_t one) {
  if (!can_act(one)) return;
  doomed_.insert(one);
  if (!turning_.contains(one)) stop(one);
}

void Mesh::stop(std::size_t one) {
  instances_[one]->crash();
  doomed_.erase(one);
  later(chaos_ ? kSecond / 2 + within(10 * kSecond) : kSecond, [this, one] { start(one); });
}

void Mesh::may_crash(std::size_t one, std::string const& where) {
  if (!chaos_ || !turning_.contains(one) || !random_.chance(1)) return;
  history_.note(instances_[one]->name() + " crashes " + where);
  throw Crashed{};
}

bool Mesh::is_settled() const {
  for (std::size_t one = 0; one < instances_.size(); ++one)
    for (std::size_t peer = 0; peer < instances_.size(); ++peer) {
      if (!instances_[one]->runs()) return false;
      if (!founding_.are_peers(one, peer) || !is_honest(one) || !ways_.is_honest(one, peer)) continue;
      bool const reports = ways_.relays(one, peer)->size() <= 1;  // a relay brings no receipt to another one
      auto const& origin = *instances_[peer];
      auto const known = instances_[one]->origin(peer);
      auto const receipt = receipts_.find({peer, one});
      auto const control = origin.signed_size(LogName::control);
      if (known.data.applied != origin.signed_size(LogName::data) || known.control.applied != control ||
          (reports && control > 0 && (receipt == receipts_.end() || receipt->second < control)) ||
          !instances_[one]->has_caught_up(peer))
        return false;
    }
  return publishing_.empty() && headless_.empty();
}

void Mesh::run() {
  plan();
  pass_until(kBeginning + kTroubled);
  history_.note("from now on nothing breaks");
  chaos_ = false;
  network_.heal();
  auto const until = time_.now_us + kPatience;
  for (std::size_t i = 0; i < instances_.size(); ++i) start(i);
  do pass_until(time_.now_us + 5 * kSecond);
  while (!is_settled() && time_.now_us < until);
  if (!is_settled()) history_.fail("everybody gets everything in the end", "not within twenty minutes of peace");
  auto const before = extents();
  auto const messages = network_.messages();
  history_.note("from now on nobody says anything");
  pass_until(time_.now_us + kIdle);
  if (extents() != before) history_.fail("nothing grows while nobody says anything", "something did");
  check_messages(network_.messages() - messages);
  check_all();
}

}  // namespace tocsin::simulation
