// One open stream: reads the ledger behind a place for as long as somebody may read it, and says what it finds as
// server-sent events. Owned by the answer that is sent; made, used and destroyed on its session's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/access/authenticate.hpp"
#include "server/access/directory.hpp"
#include "server/base/clock.hpp"
#include "server/catalog/cursor.hpp"
#include "server/catalog/filters.hpp"
#include "server/catalog/mute_registry.hpp"
#include "server/ledger/generations.hpp"
#include "server/ledger/read_ranges.hpp"
#include "server/store/bridge.hpp"
#include "server/stream/batch.hpp"
#include "server/stream/bell.hpp"
#include "server/stream/range_registry.hpp"

namespace tocsin::stream {

// What every stream works with; outlives them.
struct Workshop {
  access::Registry& registry;
  ledger::Generations const& generations;
  catalog::CursorCodec const& cursors;
  store::Bridge& bridge;
  Bell& bell;
  RangeRegistry const& ranges;
  catalog::MuteRegistry const& mutes;
  base::Clock const& clock;
};

struct Wanted {
  std::vector<std::string> collections;  // ids or aliases; empty: all that may be read, also those to come
  catalog::Filters filters;              // of which the types count
  std::int64_t after = 0;                // sequence
  std::string place;                     // the same, sealed
};

// Asked again and again while the stream is open.
struct Permits {
  // Who asks, as the directory is now; or why nobody may any more.
  std::function<std::expected<access::Authenticated, core::Error>(access::Directory const&)> authenticate;
  // Before something is shown. Error: it must not be.
  std::function<boost::asio::awaitable<core::Result<void>>(ledger::ReadNote const&, access::Authenticated const&)>
      record;
};

class Follower {
 public:
  static constexpr std::chrono::seconds kSilence{15};          // then a comment says that the stream lives
  static constexpr std::chrono::milliseconds kVigilance{250};  // how late it is noticed that nobody may read any more

  Follower(Workshop const& workshop, Wanted wanted, access::Authenticated who, Permits permits,
           boost::asio::any_io_executor const& executor);

  // The next events, a batch at most; first of all the place where the stream begins. "" at the end: after an event
  // that says why, or because of stop(). Errors: those of the store, and of `record`.
  [[nodiscard]] boost::asio::awaitable<core::Result<std::string>> next();

  // Ends it soon, without a reason: the reader goes on elsewhere, or later.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;

  // Who asks and what may be seen, anew. False: nobody may read any more, or what may be seen is not what it was.
  [[nodiscard]] bool stands();
  void resolve_collections();
  [[nodiscard]] std::uint64_t growth() const;
  [[nodiscard]] BatchQuery query() const;
  // The next batch, recorded; "" when there is none to show.
  [[nodiscard]] boost::asio::awaitable<core::Result<std::string>> read();
  [[nodiscard]] boost::asio::awaitable<core::Result<void>> record(BatchQuery const& query, Batch const& batch);

  Workshop const workshop_;
  Wanted const wanted_;
  Permits const permits_;
  access::Authenticated who_;
  std::shared_ptr<access::Directory const> directory_;
  std::vector<BatchQuery::Collection> collections_;
  std::optional<core::Error> refusal_;  // why nobody may read any more
  Ear ear_;

  std::int64_t after_;
  bool unread_ = true;  // there may be something behind after_
  std::uint64_t seen_growth_ = 0;
  std::map<store::RowId, std::int64_t> told_;  // by collection: the last sequence that was recorded for this view
  Clock::time_point silent_since_;
  bool begun_ = false, stopped_ = false, ended_ = false;
};

}  // namespace tocsin::stream
