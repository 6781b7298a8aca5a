// A feed as it is answered: the bytes, and what the manifest and the header fields say of them. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/feeds/selection.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

struct MadeFeed {
  feeds::Feed const* feed = nullptr;
  feeds::Format const* format = nullptr;
  feeds::Rendered rendered;
  std::string digest;  // SHA-256 of the body, hexadecimal
  std::size_t indicators = 0;
  std::map<std::string_view, std::size_t> excluded;
  std::vector<feeds::Place> places;
  std::int64_t as_of_us = 0, expires_us = 0;
};

// Error bad_parameter: the format has more values than the reader allows.
[[nodiscard]] core::Result<MadeFeed> make_feed(feeds::Feed const& feed, feeds::Asked const& asked,
                                               feeds::Selected selected, std::int64_t now_us);

// 304 where the caller has these bytes.
[[nodiscard]] http::Response feed_answer(http::Request const& request, MadeFeed made);

// schema/openapi.yaml, FeedManifest.
[[nodiscard]] nlohmann::json manifest_of(MadeFeed const& made);

// schema/openapi.yaml, Feeds.
[[nodiscard]] nlohmann::json feed_list();

}  // namespace tocsin::endpoints
