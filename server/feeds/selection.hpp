// Which indicators enter a feed, and why the others do not: each that is left out is counted under its first reason.
// Whatever is shown to it, its reader sees. Owned by the making of one feed; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "server/access/coverage.hpp"
#include "server/catalog/mutes.hpp"
#include "server/feeds/asked.hpp"
#include "server/feeds/bystanders.hpp"
#include "server/feeds/fact.hpp"
#include "server/feeds/wanted_classes.hpp"
#include "server/store/rows.hpp"

namespace tocsin::feeds {

// Of the reader and of the instance.
struct Circumstances {
  std::int64_t now_us = 0;
  catalog::Mutes const& mutes;
  access::Coverage const& own;       // what the reader's organisation registered as its own
  int widest_v4 = 0, widest_v6 = 0;  // bits
};

struct Place {
  store::RowId collection = 0;
  std::int64_t sequence = 0;
  store::RowId version = 0;
};

struct Selected {
  std::vector<Entry> entries;  // sorted
  std::vector<Place> places;   // of them, in no order
  std::map<std::string_view, std::size_t> excluded;
  std::int64_t holds_until_us = 0;   // the first end of validity of an entry; INT64_MAX: none ends
  std::int64_t stands_until_us = 0;  // the first moment at which the same indicators may give another one; likewise
};

class Selection {
 public:
  Selection(Feed const& feed, Asked const& asked, Circumstances const& circumstances)
      : feed_(feed), asked_(asked), circumstances_(circumstances), wanted_(asked.classes) {}

  // The newest version of an indicator of a kind of the feed's, and how many said so independently. What does not hold
  // now, or is of another family, is passed over, and is no exclusion.
  void take(Place place, Fact const& fact, std::size_t independent);

  // Whether it has to be told who is behind addresses.
  [[nodiscard]] bool asks_for_observables() const { return asks_for_bystanders() || !asked_.classes.empty(); }
  void learn(nlohmann::json const& observable);

  // At that moment something that it was told is otherwise, unless that is over.
  void changes_at(std::int64_t us);

  // Of all that was taken and learnt; once.
  [[nodiscard]] Selected finish();

 private:
  struct Candidate {
    Entry entry;
    Place place;
    std::int64_t until_us = 0;
  };

  [[nodiscard]] std::optional<Reason> first_reason(Entry const& entry, Fact const& fact, std::size_t independent,
                                                   bool aged) const;
  [[nodiscard]] bool is_muted(Entry const& entry, Fact const& fact) const;
  [[nodiscard]] bool asks_for_bystanders() const { return feed_.intent == match::Action::block; }
  [[nodiscard]] std::optional<Reason> reason_behind(Entry const& entry) const;  // of who is behind it
  [[nodiscard]] std::optional<Reason> bystander_reason(Entry const& entry) const;
  [[nodiscard]] bool is_own(Entry const& entry) const;
  void leave_out(Reason reason) { ++excluded_[name(reason)]; }

  Feed const& feed_;
  Asked const& asked_;
  Circumstances const& circumstances_;
  Bystanders bystanders_;
  WantedClasses wanted_;
  std::vector<Candidate> candidates_;
  std::map<std::string_view, std::size_t> excluded_;
  std::int64_t stands_until_us_ = INT64_MAX;
};

}  // namespace tocsin::feeds
