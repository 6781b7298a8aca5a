// Which indicators an item hits, as far as the asker may know. Questions are answered from a view that is replaced as a
// whole: no reader waits for a change, and what `apply` took is in the next answer. Owned by app, or by a scan; any
// thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "server/match/view.hpp"

namespace tocsin::match {

class Engine {
 public:
  // `asns` may be null: then an item's autonomous system is known when the item says it.
  explicit Engine(std::shared_ptr<AsnDatabase const> asns = nullptr);

  // Everything there is, as of a sequence.
  void reset(std::shared_ptr<Snapshot const> all, std::int64_t sequence);
  // What became of some indicators since; of one that is named twice the last counts. Costs what waits to be folded,
  // not what there is: gather what comes together. How many changes now wait.
  std::size_t apply(std::span<Change const> changes, std::int64_t sequence);
  // Makes one snapshot of all that waits; readers and `apply` go on meanwhile. Also frees what no reader holds any
  // more.
  void fold();

  [[nodiscard]] Answer match(Item const& item, Filter const& filter) const { return match({&item, 1}, filter); }
  [[nodiscard]] Answer match(std::span<Item const> items, Filter const& filter) const;
  // What it holds, but for the few changes that wait. While one snapshot takes the place of another it holds both.
  struct Held {
    std::size_t indicators = 0, bytes = 0;
  };
  [[nodiscard]] Held held() const;
  // How many valid indicators that the asker may see nothing here looks up, or not by all that they hold of.
  [[nodiscard]] std::size_t unindexed(Filter const& filter) const;

 private:
  using Changes = std::map<core::Uuid, Change>;
  [[nodiscard]] std::shared_ptr<View const> view() const;
  // Both under changing_.
  void publish(std::shared_ptr<Snapshot const> base, std::int64_t sequence);
  void free_retired();

  std::shared_ptr<AsnDatabase const> const asns_;
  // Held to copy or exchange a pointer, and for nothing else. Not std::atomic<std::shared_ptr>: load() of libstdc++ 12
  // unlocks with relaxed order, and what comes next may overtake it.
  mutable std::mutex pointing_;
  std::shared_ptr<View const> view_;  // guarded by pointing_; never null
  std::mutex folding_one_;            // one thread folds; taken before changing_
  std::mutex changing_;
  // Guarded by changing_.
  Changes folding_, waiting_;                             // what the fold under way takes, and what came since
  std::vector<std::shared_ptr<Snapshot const>> retired_;  // so that no reader is the one who frees them
};

}  // namespace tocsin::match
