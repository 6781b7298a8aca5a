// The parts of Instance and Mesh that compare heads: what members of a class ask each other, who keeps heads from one
// of them, and what must hold of both.
#include <algorithm>

#include "schema/log/checkpoint.hpp"
#include "schema/log/head_exchange.hpp"
#include "server/federation/head_exchange.hpp"
#include "tests/simulation/mesh.hpp"
#include "tests/simulation/running.hpp"

namespace tocsin::simulation {
namespace {

constexpr std::int64_t kBetween = 10 * kSecond;  // as HeadTimer and WitnessRounds have them

bool is_head(log::OpenedEntry const& entry) { return entry.header.contains("\"op\":\"head\""); }

core::Uuid numbering_of(log::OpenedEntry const& entry) { return log::Header::parse(entry.header).value().class_token; }

std::string path_of(std::string const& origin) { return "/witness/" + log::origin_hash(origin) + "/heads"; }

}  // namespace

// A log of a mesh is opened whole by one answer.
void Instance::Running::hide_heads(store::OpeningWindow const& window, std::vector<log::OpenedEntry>& opened) const {
  auto const whole = must(reader->openings().data(
      {0, logs.at(store::LogName::data).size, log::kMostOpened, log::kMostOpenedBytes}, window));
  std::map<core::Uuid, std::uint64_t> first;
  for (auto const& entry : whole.entries)
    if (is_head(entry)) first.emplace(numbering_of(entry), entry.index);
  std::erase_if(opened, [&](log::OpenedEntry const& entry) {
    return is_head(entry) && first.at(numbering_of(entry)) != entry.index;
  });
}

bool Instance::log_heads() { return must(running_->database->commits().log_heads(running_->rules)) > 0; }

void Instance::compare_heads(std::size_t peer) {
  if (around_.fault == PlantedFault::heads_are_not_compared) return;
  auto const perform = running_->perform();
  auto const peers = running_->peering.peers();
  auto const asked = std::ranges::find(peers, founding_.of(peer).host, [](auto const& one) { return one.peer.name; });
  federation::HeadExchange({running_->peering, running_->database->origins(), perform, running_->log})
      .exchange(*asked, founding_.of(number_).manifest.origin(), *running_->links.at(peer).transport);
}

// As the endpoint answers.
core::Result<federation::PeerAnswer> Instance::later_heads(std::size_t peer, std::string const& target,
                                                           std::string const& body) {
  if (is_quarantined(peer)) return federation::PeerAnswer{403, ""};
  auto const question = must(log::parse_head_question(body));
  std::vector<log::LaterHead> heads;
  for (std::size_t other = 0; other < founding_.size(); ++other) {
    auto const& origin = founding_.of(other).manifest.origin();
    if (!follows(other) || target != path_of(origin)) continue;
    auto const row = this->origin(other).row;
    if (row != 0)
      heads = must(federation::later_heads(
          running_->reader->openings(), row, question,
          {origin, founding_.of(peer).manifest.origin(), founding_.of(number_).manifest.origin()}));
  }
  return federation::PeerAnswer{200, log::format_later_heads(heads)};
}

store::Completeness Instance::completeness(std::size_t peer) const {
  return must(running_->database->origins().completeness(origin(peer).row, clock.now_us()));
}

Instance::Heads Instance::heads(std::size_t peer) const {
  Heads out;
  must(logs().visit_heads([&](store::FollowedHead const& head) {
    if (head.origin == founding_.of(peer).manifest.origin()) out[std::string(head.token)].insert(head.index);
    return true;
  }));
  return out;
}

void Mesh::log_heads(std::size_t one) {
  later(kBetween, [this, one] { log_heads(one); });
  if (!can_act(one)) return;
  if (instances_[one]->log_heads()) grown(one);
  headless_.erase(one);
}

void Mesh::compare_heads(std::size_t one) {
  bool const waits = can_act(one) && turning_.contains(one);
  if (can_act(one) && !waits)
    act(one, [&] {
      for (std::size_t peer = 0; peer < instances_.size(); ++peer)
        if (instances_[one]->follows(peer) && ways_.is_direct(one, peer)) instances_[one]->compare_heads(peer);
    });
  later(waits ? 10 * kMillisecond : kBetween, [this, one] { compare_heads(one); });
}

// Whether another member has a head that came after one that they have in common, and that this one has not.
bool Mesh::is_known_to_others(Instance const& one, std::size_t origin) const {
  auto const here = one.heads(origin);
  for (auto const& other : instances_) {
    auto const number = other->number();
    if (number == one.number() || number == origin || !is_honest(number) || !one.follows(number)) continue;
    if (!founding_.are_peers(number, origin)) continue;
    for (auto const& [token, places] : other->heads(origin)) {
      auto const mine = here.find(token);
      if (mine == here.end()) continue;
      for (auto at = places.begin(); std::next(at) != places.end(); ++at)
        if (mine->second.contains(*at) && !mine->second.contains(*std::next(at))) return true;
    }
  }
  return false;
}

void Mesh::check_heads(Instance const& one, std::size_t origin) {
  auto const found = one.completeness(origin);
  auto const who = one.name() + " of n" + std::to_string(origin);
  if (scenario_.hiding != Hiding{origin, one.number()}) {
    if (found.flaws() > 0) history_.fail("who keeps nothing back is not said to", who);
  } else if (found.unshown == 0 && is_known_to_others(one, origin)) {
    history_.fail("heads that are kept from one member are found by it", who);
  }
}

}  // namespace tocsin::simulation
