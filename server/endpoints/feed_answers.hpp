// A feed as it is answered: the bytes, and what the manifest and the header fields say of them. Pure; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/log/feed_manifest.hpp"
#include "server/feeds/changes.hpp"
#include "server/feeds/made.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

struct ShownFeed {
  feeds::Feed const* feed = nullptr;
  feeds::Format const* format = nullptr;
  std::shared_ptr<feeds::Made const> made;
  std::int64_t as_of_us = 0;  // when it was true, though it may have been made before
  std::string note;           // its manifest, signed; "": it is not
};

// Error bad_parameter: it has more values than the reader allows.
[[nodiscard]] core::Result<void> check_size(feeds::Made const& made, feeds::Asked const& asked);

// 304 where the caller has these bytes.
[[nodiscard]] http::Response feed_answer(http::Request const& request, ShownFeed const& shown);

// What is signed of it. `parameters`: as it was asked for.
[[nodiscard]] log::FeedManifest signed_part(ShownFeed const& shown, std::uint64_t generation,
                                            std::vector<std::pair<std::string, std::string>> const& parameters);

// schema/openapi.yaml, FeedManifest.
[[nodiscard]] nlohmann::json manifest_of(ShownFeed const& shown);

// schema/openapi.yaml, FeedChanges: what makes a list of the caller's this one.
[[nodiscard]] nlohmann::json changes_of(ShownFeed const& shown, std::string_view older);

// schema/openapi.yaml, Feeds.
[[nodiscard]] nlohmann::json feed_list();

}  // namespace tocsin::endpoints
