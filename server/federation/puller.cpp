#include "server/federation/puller.hpp"

#include <utility>

#include "server/federation/following_thread.hpp"
#include "server/federation/relayed_transport.hpp"

namespace tocsin::federation {
namespace {

using State = PeerStatus::State;

bool is_followed(Peering::Shown const& shown) {
  return shown.peer.state == store::PeerState::active && shown.agreement &&
         shown.agreement->direction != Direction::out && !shown.agreement->collections.empty();
}

// Of a peer that nobody follows.
State state_of(Peering::Shown const& shown) {
  if (shown.peer.state == store::PeerState::paused) return State::paused;
  if (shown.peer.state == store::PeerState::quarantined) return State::quarantined;
  return State::not_taken;
}

// All are told before one is waited for.
void end(std::vector<std::unique_ptr<FollowingThread>> ended) {
  for (auto const& one : ended) one->stop();
}

}  // namespace

Puller::Puller(Peers peers, Connect connect, Surroundings around)
    : peers_(std::move(peers)), around_(std::move(around)), connect_(std::move(connect)), keeper_([this] { keep(); }) {}

Puller::~Puller() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  keeper_.join();
}

void Puller::changed() {
  {
    std::lock_guard lock(mutex_);
    changed_ = true;
  }
  wake_.notify_all();
}

void Puller::reconnect(Connect connect) {
  {
    std::lock_guard lock(mutex_);
    connect_ = std::move(connect);
    changed_ = anew_ = true;
  }
  wake_.notify_all();
}

std::vector<PeerStatus> Puller::status() const {
  auto const peers = peers_();
  std::vector<PeerStatus> out;
  std::lock_guard lock(mutex_);
  for (auto const& shown : peers) {
    if (shown.peer.state == store::PeerState::removed) continue;
    PeerStatus one;
    // Followed from the moment that it is wanted: its line may be under way before it is kept here.
    if (auto const now = following_.find(shown.peer.name); now != following_.end()) {
      one = now->second->status();
    } else {
      if (auto const before = latest_.find(shown.peer.name); before != latest_.end()) one = before->second;
      one.state = State::following;
    }
    one.name = shown.peer.name;
    one.origin = shown.peer.origin;
    if (!is_followed(shown)) one.state = state_of(shown);
    out.push_back(std::move(one));
  }
  return out;
}

void Puller::keep() {
  for (;;) {
    bool anew = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return changed_ || stopping_; });
      if (stopping_) break;
      changed_ = false;
      anew = std::exchange(anew_, false);
    }
    adjust(anew);
  }
  std::vector<std::unique_ptr<FollowingThread>> all;
  {
    std::lock_guard lock(mutex_);
    for (auto& [name, one] : following_) all.push_back(std::move(one));
    following_.clear();
  }
  end(std::move(all));
}

void Puller::adjust(bool anew) {
  auto const peers = peers_();
  std::map<std::string, Peering::Shown> wanted;
  for (auto const& shown : peers)
    if (is_followed(shown)) wanted.emplace(shown.peer.name, shown);
  std::vector<std::unique_ptr<FollowingThread>> ended;
  Connect connect;
  {
    std::lock_guard lock(mutex_);
    connect = connect_;
    for (auto it = following_.begin(); it != following_.end();) {
      auto const still = wanted.find(it->first);
      bool const stays = !anew && still != wanted.end() &&
                         FollowingThread::plan_of(still->second, relay_of(still->second, peers)) == it->second->plan();
      if (stays) {
        wanted.erase(still);
        ++it;
      } else {
        latest_[it->first] = it->second->status();
        ended.push_back(std::move(it->second));
        it = following_.erase(it);
      }
    }
  }
  end(std::move(ended));  // before the next one begins: nobody is followed twice
  for (auto const& [name, shown] : wanted) {
    auto const* relay = relay_of(shown, peers);
    auto one = std::make_unique<FollowingThread>(shown, FollowingThread::plan_of(shown, relay),
                                                 transport_to(shown, relay, connect), around_);
    std::lock_guard lock(mutex_);
    following_[name] = std::move(one);
  }
}

std::unique_ptr<Transport> Puller::transport_to(Peering::Shown const& shown, Peering::Shown const* relay,
                                                Connect const& connect) const {
  auto direct = connect(shown.manifest);
  if (relay == nullptr) return direct;
  return std::make_unique<RelayedTransport>(RelayedTransport::Ways{shown.peer.name, shown.peer.origin, relay->peer.name,
                                                                   std::move(direct), connect(relay->manifest)},
                                            around_.clock, around_.log);
}

}  // namespace tocsin::federation
