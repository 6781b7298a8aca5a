// Campaigns and what indicates them: looked up for a reader, who is told of what a window shows and of nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// Where a reader looks, and what it may see there.
struct Sight {
  std::vector<RowId> collections;
  Window window;
};

struct PublishedCampaign {
  RowId version = 0;  // in the order in which versions were stored
  RowId collection = 0;
  std::int64_t sequence = 0;
  std::string bytes;
  RowId asserter = 0;  // never told
};

struct CampaignList {
  std::vector<PublishedCampaign> rows;  // newest versions, in the order in which they were stored
  RowId after = 0;                      // where to go on
  bool more = false;                    // there may be others behind
};

// Indicators that indicate a campaign.
struct Indicated {
  std::map<std::string, std::size_t> by_kind;
  std::vector<core::Uuid> indicators;  // those that are counted
  bool complete = true;                // false: there are more than were looked at
};

class CampaignReader {
 public:
  virtual ~CampaignReader() = default;

  // At most `limit` campaigns behind a version; fewer when they are long or many versions are not shown. Errors:
  // storage_failed.
  [[nodiscard]] virtual core::Result<CampaignList> list(Sight const& sight, RowId after, std::size_t limit) = 0;

  // The newest version of each asserter's campaign with this id. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<PublishedCampaign>> find(Sight const& sight,
                                                                          core::Uuid const& campaign) = 0;

  // An indicator counts once, however many tell of it, when it is shown and what tells of it is. At most `most` of
  // those that tell are looked at. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<Indicated> indicated(Sight const& sight, core::Uuid const& campaign,
                                                          std::size_t most) = 0;
};

}  // namespace tocsin::store
