#include "server/match/fair_share.hpp"

#include <map>

namespace tocsin::match {
namespace {

struct Queue {
  std::vector<std::size_t> places;
  std::size_t next = 0;
};

// The first of a queue that is not taken; false: it has none left.
bool take_next(Queue& queue, std::vector<bool>& taken) {
  while (queue.next < queue.places.size() && taken[queue.places[queue.next]]) ++queue.next;
  if (queue.next == queue.places.size()) return false;
  taken[queue.places[queue.next++]] = true;
  return true;
}

}  // namespace

std::vector<std::size_t> fair_share(std::span<std::vector<std::int64_t> const> parties, std::size_t most) {
  std::vector<bool> taken(parties.size(), parties.size() <= most);
  std::map<std::int64_t, Queue> queues;
  if (parties.size() > most)
    for (std::size_t place = 0; place < parties.size(); ++place)
      for (auto const party : parties[place]) queues[party].places.push_back(place);
  for (std::size_t left = most; left > 0 && !queues.empty();)
    for (auto at = queues.begin(); at != queues.end() && left > 0;) {
      bool const had_one = take_next(at->second, taken);
      left -= had_one ? 1 : 0;
      at = had_one ? std::next(at) : queues.erase(at);
    }
  std::vector<std::size_t> out;
  for (std::size_t place = 0; place < taken.size(); ++place)
    if (taken[place]) out.push_back(place);
  return out;
}

}  // namespace tocsin::match
