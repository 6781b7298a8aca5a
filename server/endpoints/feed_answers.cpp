#include "server/endpoints/feed_answers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/bytes.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/endpoints/answers.hpp"
#include "server/http/conditional.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

constexpr std::int64_t kLongestUs = 3'600'000'000;  // for which a feed says that it may be used

std::string time_text(std::int64_t us) { return stix::Timestamp::from_microseconds(us).text(); }

std::int64_t expires_us(ShownFeed const& shown) {
  return std::min(shown.as_of_us + kLongestUs, shown.made->holds_until_us);
}

}  // namespace

core::Result<void> check_size(feeds::Made const& made, feeds::Asked const& asked) {
  if (!asked.max_entries || made.entries <= *asked.max_entries) return {};
  return core::fail(
      core::Code::bad_parameter,
      "The feed has " + std::to_string(made.entries) + (made.entries == 1 ? " entry" : " entries") +
          ", and max_entries is " + std::to_string(*asked.max_entries) + ".",
      "",
      "Nothing is left out, and no network is widened, to make it fit. Raise max_entries, or ask for less "
      "with collection, max_age, min_confidence, min_corroboration or proxy_class.");
}

http::Response feed_answer(http::Request const& request, ShownFeed const& shown) {
  auto const& made = *shown.made;
  auto const etag = "\"" + made.digest + "\"";
  http::Response response;
  response.content_type = shown.format->media_type;
  response.headers.emplace_back("ETag", etag);
  response.headers.emplace_back("Cache-Control", "private, no-cache");
  response.headers.emplace_back("Tocsin-Digest", "sha-256=" + made.digest);
  response.headers.emplace_back("Tocsin-Entries", std::to_string(made.entries));
  response.headers.emplace_back("Tocsin-As-Of", time_text(shown.as_of_us));
  response.headers.emplace_back("Tocsin-Expires", time_text(expires_us(shown)));
  if (!shown.note.empty()) response.headers.emplace_back("Tocsin-Manifest", core::to_base64(shown.note));
  if (http::names_etag(request.headers, etag))
    response.status = 304;
  else
    response.body = *made.body;
  return response;
}

log::FeedManifest signed_part(ShownFeed const& shown, std::uint64_t generation,
                              std::vector<std::pair<std::string, std::string>> const& parameters) {
  return {.feed = std::string(shown.feed->name),
          .asked = log::asked_digest(parameters),
          .generation = generation,
          .as_of = time_text(shown.as_of_us),
          .expires = time_text(expires_us(shown)),
          .entries = shown.made->entries,
          .sha256 = shown.made->digest};
}

json manifest_of(ShownFeed const& shown) {
  auto const& made = *shown.made;
  json excluded = json::object();
  for (auto const& [reason, count] : made.excluded) excluded[std::string(reason)] = count;
  json out{{"name", shown.feed->name},
           {"intent", match::name(shown.feed->intent)},
           {"family", feeds::name(shown.feed->family)},
           {"format", shown.format->name},
           {"entries", made.entries},
           {"indicators", made.indicators},
           {"bytes", made.body->size()},
           {"sha256", made.digest},
           {"as_of", time_text(shown.as_of_us)},
           {"expires", time_text(expires_us(shown))},
           {"excluded", std::move(excluded)}};
  if (!shown.note.empty()) out["signed"] = shown.note;
  return out;
}

json changes_of(ShownFeed const& shown, std::string_view older) {
  json all = json::array();
  for (auto const& change : feeds::changes(older, *shown.made->body))
    all.push_back({{"line", change.line}, {"removed", change.removed}, {"added", change.added}});
  return {{"manifest", manifest_of(shown)}, {"changes", std::move(all)}};
}

json feed_list() {
  json all = json::array();
  for (auto const& feed : feeds::feeds()) {
    json names = json::array();
    for (auto const& format : feeds::formats())
      if (feed.family != feeds::Family::asn || format.of_numbers) names.push_back(format.name);
    all.push_back({{"name", feed.name},
                   {"intent", match::name(feed.intent)},
                   {"family", feeds::name(feed.family)},
                   {"formats", std::move(names)}});
  }
  return {{"feeds", std::move(all)}};
}

}  // namespace tocsin::endpoints
