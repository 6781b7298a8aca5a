#include "server/stream/batch.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "server/catalog/dialect.hpp"
#include "server/stream/alerts.hpp"
#include "server/stream/events.hpp"
#include "server/stream/place.hpp"

namespace tocsin::stream {
namespace {

struct Found {
  store::PageRow row;
  std::size_t collection = 0;
  std::string object;

  [[nodiscard]] std::int64_t sequence() const { return row.sequence; }
};

// Publications of several collections, the earliest of them: no more than the limits, and none behind `until`.
class Gathering {
 public:
  Gathering(BatchLimits limits, std::int64_t until) : limits_(limits), until_(until) {}

  // A page of one collection; the collections' sequences never meet.
  void add(std::size_t collection, store::Page const& page) {
    std::size_t at = 0;
    for (store::PageRow const& row : page.rows) {
      if (row.sequence <= until_) found_.push_back({row, collection, page.objects.substr(at, row.bytes)});
      at += row.bytes + 1;  // a comma
    }
    // What comes next in this collection is not known: nothing of the others behind that may be sent yet.
    if (page.more) cut(page.rows.back().sequence);
    std::ranges::sort(found_, {}, &Found::sequence);
    shorten();
  }

  [[nodiscard]] std::vector<Found> const& found() const { return found_; }
  [[nodiscard]] std::int64_t until() const { return until_; }
  [[nodiscard]] bool was_cut() const { return cut_; }

 private:
  void cut(std::int64_t until) {
    if (until >= until_) return;
    until_ = until;
    cut_ = true;
  }

  void shorten() {
    std::size_t bytes = 0, count = 0;
    while (count < found_.size() && found_[count].sequence() <= until_ && count < limits_.objects &&
           bytes <= limits_.bytes)
      bytes += found_[count++].object.size();
    if (count < found_.size() && count > 0) cut(found_[count - 1].sequence());
    found_.resize(count);
  }

  BatchLimits const limits_;
  std::int64_t until_;
  bool cut_ = false;
  std::vector<Found> found_;
};

void note(std::vector<Shown>& shown, Found const& one) {
  auto at = std::ranges::find(shown, one.collection, &Shown::collection);
  if (at == shown.end()) at = shown.insert(at, {one.collection, one.sequence(), one.sequence(), 0});
  at->last = one.sequence();
  ++at->objects;
}

}  // namespace

core::Result<Batch> read_batch(store::ReadStore& reader, BatchQuery const& query, catalog::CursorCodec const& cursors,
                               BatchLimits limits) {
  // Each page sees a commit of its own, so all of them end where the first could have: else something might be shown of
  // one collection that came after what another was not asked about any more.
  auto last = reader.last_sequence();
  if (!last) return std::unexpected(last.error());
  Gathering gathering(limits, std::max(*last, query.after));
  for (std::size_t i = 0; i < query.collections.size(); ++i) {
    store::PageQuery wanted{.collection = query.collections[i].row,
                            .window = query.view->window,
                            .after_sequence = query.after,
                            .added_after_us = {},
                            .limit = limits.objects,
                            .ids = {},
                            .types = query.types,
                            .versions = {.first = false, .last = false, .all = true, .exact_ns = {}},
                            .with_bytes = true,
                            .every_row = true,
                            .most_bytes = limits.bytes};
    auto page = reader.page(wanted);
    if (!page) return std::unexpected(page.error());
    if (query.view->dialect == stix::MarkingDialect::tlp1) catalog::render_tlp1(page->objects);
    gathering.add(i, *page);
  }
  Batch batch{{}, {}, gathering.until(), gathering.was_cut()};
  for (Found const& one : gathering.found()) {
    std::string const& collection = query.collections[one.collection].id;
    auto const alert = alert_of(*query.ranges, *query.directory, one.row, one.object, collection);
    if (alert && query.mutes->find(one.row.type, one.object, query.now_us) == nullptr)
      append_event(batch.text, "alert", "", to_json(*alert).dump());
    append_publication(batch.text, {collection, one.object, one.row.date_added_us,
                                    place_behind(cursors, one.sequence()), query.directory->peer_of(one.row.asserter)});
    note(batch.shown, one);
  }
  return batch;
}

}  // namespace tocsin::stream
