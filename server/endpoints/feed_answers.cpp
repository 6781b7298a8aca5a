#include "server/endpoints/feed_answers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/endpoints/answers.hpp"
#include "server/http/conditional.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

constexpr std::int64_t kLongestUs = 3'600'000'000;  // for which a feed says that it may be used

std::string time_text(std::int64_t us) { return stix::Timestamp::from_microseconds(us).text(); }

}  // namespace

core::Result<MadeFeed> make_feed(feeds::Feed const& feed, feeds::Asked const& asked, feeds::Selected selected,
                                 std::int64_t now_us) {
  MadeFeed out;
  out.feed = &feed;
  out.format = asked.format;
  out.rendered = asked.format->render(feed.name, feed.family, selected.entries);
  if (asked.max_entries && out.rendered.count > *asked.max_entries)
    return core::fail(
        core::Code::bad_parameter,
        "The feed has " + std::to_string(out.rendered.count) + " entries, and max_entries is " +
            std::to_string(*asked.max_entries) + ".",
        "",
        "Nothing is left out, and no network is widened, to make it fit. Raise max_entries, or ask for less "
        "with min_confidence or min_corroboration.");
  out.digest = core::to_hex(core::view(core::sha256(out.rendered.body)));
  out.indicators = selected.entries.size();
  out.excluded = std::move(selected.excluded);
  out.places = std::move(selected.places);
  out.as_of_us = now_us;
  out.expires_us = std::min(now_us + kLongestUs, selected.holds_until_us);
  return out;
}

http::Response feed_answer(http::Request const& request, MadeFeed made) {
  auto const etag = "\"" + made.digest + "\"";
  http::Response response;
  response.content_type = made.format->media_type;
  response.headers.emplace_back("ETag", etag);
  response.headers.emplace_back("Cache-Control", "private, no-cache");
  response.headers.emplace_back("Tocsin-Digest", "sha-256=" + made.digest);
  response.headers.emplace_back("Tocsin-Entries", std::to_string(made.rendered.count));
  response.headers.emplace_back("Tocsin-As-Of", time_text(made.as_of_us));
  response.headers.emplace_back("Tocsin-Expires", time_text(made.expires_us));
  if (http::names_etag(request.headers, etag))
    response.status = 304;
  else
    response.body = std::move(made.rendered.body);
  return response;
}

json manifest_of(MadeFeed const& made) {
  json excluded = json::object();
  for (auto const& [reason, count] : made.excluded) excluded[std::string(reason)] = count;
  return {{"name", made.feed->name},
          {"intent", match::name(made.feed->intent)},
          {"family", feeds::name(made.feed->family)},
          {"format", made.format->name},
          {"entries", made.rendered.count},
          {"indicators", made.indicators},
          {"bytes", made.rendered.body.size()},
          {"sha256", made.digest},
          {"as_of", time_text(made.as_of_us)},
          {"expires", time_text(made.expires_us)},
          {"excluded", std::move(excluded)}};
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
