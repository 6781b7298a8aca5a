// Lists for firewalls and gateways, of what the caller sees.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "server/catalog/dialect.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/feed_answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/seen.hpp"
#include "server/feeds/formats/documents.hpp"
#include "server/feeds/gathering.hpp"
#include "server/feeds/kept.hpp"
#include "server/feeds/objects.hpp"

namespace tocsin::endpoints {
namespace {

constexpr char const* kWhat = "indicators";  // in the audit trail

using Made = std::shared_ptr<feeds::Made const>;

// A feed that somebody asks for, and what it is made from.
struct FeedRequest {
  feeds::Feed const* feed = nullptr;
  feeds::Asked asked;
  Seen seen;
  std::vector<store::RowId> from;  // ascending; empty: all that the caller sees
  std::shared_ptr<catalog::Mutes const> mutes;
  std::shared_ptr<stream::OwnRanges const> own;
  std::int64_t now_us = 0;
  std::optional<std::uint64_t> generation;  // nullopt: what is said of it is not signed
  std::vector<std::pair<std::string, std::string>> parameters;
  feeds::Standing standing;
  std::string key;  // who sees the same, and what is asked
};

// The same is said of a collection that there is not, and of one that the caller may not know of.
core::Result<void> find_collections(http::Request const& request, FeedRequest& out) {
  for (auto const& name : out.asked.collections) {
    auto const* const found = out.seen.directory->collection(name, view_of(request));
    if (found == nullptr)
      return core::fail(core::Code::bad_parameter, "The parameter collection names one that you do not see.", "",
                        "GET /taxii2/root/collections/ has their ids and aliases.");
    out.from.push_back(found->row);
  }
  std::ranges::sort(out.from);
  out.from.erase(std::ranges::unique(out.from).begin(), out.from.end());
  return {};
}

std::unexpected<core::Error> no_such_feed() {
  std::string names;
  for (auto const& feed : feeds::feeds())
    names += (&feed == &feeds::feeds().front()  ? ""
              : &feed == &feeds::feeds().back() ? " and "
                                                : ", ") +
             std::string(feed.name);
  return core::fail(core::Code::not_found, "There is no such feed.", "", "There are " + names + ".");
}

// A bundle has the markings themselves, which old clients know by other ids. What other formats say is a level's name.
bool is_in_tlp1(http::Request const& request, feeds::Asked const& asked) {
  return asked.format->name == "stix" && view_of(request).dialect == stix::MarkingDialect::tlp1;
}

core::Result<FeedRequest> read_request(Context& context, http::Request const& request,
                                       std::span<std::pair<std::string, std::string> const> parameters) {
  FeedRequest out;
  out.feed = feeds::find_feed(request.parameters.at(0));
  if (out.feed == nullptr) return no_such_feed();
  auto asked = feeds::parse_asked(*out.feed, parameters);
  if (!asked) return std::unexpected(asked.error());
  out.asked = *std::move(asked);
  auto const organisation = request.principal->organisation;
  out.seen = seen_by(context, request);
  if (auto found = find_collections(request, out); !found) return std::unexpected(found.error());
  out.mutes = context.mutes.of(organisation);
  out.own = context.ranges.of(organisation);
  out.now_us = context.clock.now_us();
  out.generation = context.feed_signing.next();
  out.parameters.assign(parameters.begin(), parameters.end());
  auto const& sight = out.seen.sight;
  out.standing = {.stored = feeds::stored_in(sight.collections, context.generations),
                  .parties = out.asked.min_corroboration > 0 ? out.seen.directory->epoch() : 0,
                  .widest_v4 = context.settings.widest_v4,
                  .widest_v6 = context.settings.widest_v6,
                  .forgotten = context.feeds.forgotten()};
  out.key = view_of(request).fingerprint + out.asked.decisive;
  if (is_in_tlp1(request, out.asked)) out.key += "in tlp1\n";
  for (auto const collection : sight.collections) out.key += std::to_string(collection) + ",";
  out.key += "from ";
  for (auto const collection : out.from) out.key += std::to_string(collection) + ",";
  if (out.mutes->all().empty() && out.own->empty()) return out;
  out.standing.mutes = out.mutes;
  out.standing.own = out.own;
  out.key += "of " + std::to_string(organisation);
  return out;
}

// Of what was selected remains what there still is.
std::vector<std::string> objects_for(http::Request const& request, feeds::Asked const& asked,
                                     std::optional<feeds::Objects>& read, feeds::Selected& selected) {
  if (!read) return {};
  auto [objects, places] = read->finish();
  selected.places = std::move(places);
  if (is_in_tlp1(request, asked))
    for (auto& one : objects) catalog::render_tlp1(one);
  return std::move(objects);
}

feeds::Publisher publisher_of(Context const& context) { return {context.settings.title, context.settings.identity}; }

// Portion by portion, each in its turn among those who read.
http::Awaitable<core::Result<Made>> make(Context& context, http::Request const& request, FeedRequest const& asked) {
  feeds::Circumstances const circumstances{asked.now_us, *asked.mutes, asked.own->coverage(), asked.standing.widest_v4,
                                           asked.standing.widest_v6};
  feeds::Gathering gathering(*asked.feed, asked.asked, circumstances, asked.seen.sight, *asked.seen.directory,
                             asked.from, {context.feeds.known(), context.generations, view_of(request).fingerprint});
  if (auto checked = gathering.check(); !checked) co_return std::unexpected(checked.error());
  std::optional<feeds::Selected> selected;
  std::optional<feeds::Objects> objects;
  Made made;
  while (made == nullptr) {
    auto const more = co_await context.bridge.run<bool>(request.principal->organisation, [&](store::ReadStore& reader) {
      auto const stepped = objects ? objects->step(reader.indicators()) : gathering.step(reader);
      if (!stepped || *stepped) return stepped;
      if (!selected) selected = gathering.finish();
      if (asked.asked.format->is_of_objects() && !objects) {
        objects.emplace(asked.seen.sight, selected->places);
        return stepped;
      }
      auto const read = objects_for(request, asked.asked, objects, *selected);
      made =
          context.feeds.keep(asked.key, asked.standing,
                             feeds::make(*asked.feed, asked.asked, *std::move(selected), publisher_of(context), read));
      return stepped;
    });
    if (!more) co_return std::unexpected(more.error());
  }
  co_return made;
}

http::Awaitable<core::Result<ShownFeed>> feed_for(Context& context, http::Request const& request,
                                                  FeedRequest const& asked) {
  auto made = context.feeds.find(asked.key, asked.standing, asked.now_us);
  if (made == nullptr) {
    auto fresh = co_await make(context, request, asked);
    if (!fresh) co_return std::unexpected(fresh.error());
    made = *std::move(fresh);
  }
  if (auto fits = check_size(*made, asked.asked); !fits) co_return std::unexpected(fits.error());
  ShownFeed shown{asked.feed, asked.asked.format, std::move(made), asked.now_us, {}};
  if (asked.generation) shown.note = context.feed_signing.sign(signed_part(shown, *asked.generation, asked.parameters));
  co_return shown;
}

http::Awaitable<core::Result<void>> record(Context& context, http::Request const& request, FeedRequest const& asked,
                                           ShownFeed const& feed) {
  std::vector<ShownAt> shown;
  for (auto const& place : feed.made->places) shown.push_back({place.collection, place.sequence});
  co_return co_await record_shown(context, request, asked.seen, kWhat, asked.asked.text, shown);
}

// The feed that the path names, in that format if there is one, recorded as read by the caller.
http::Awaitable<core::Result<ShownFeed>> shown_to(Context& context, http::Request const& request,
                                                  feeds::Format const* format = nullptr) {
  auto parameters = request.query.parameters();
  if (format != nullptr) parameters.emplace_back("format", format->name);
  auto const asked = read_request(context, request, parameters);
  if (!asked) co_return std::unexpected(asked.error());
  auto shown = co_await feed_for(context, request, *asked);
  if (!shown) co_return shown;
  if (auto recorded = co_await record(context, request, *asked, *shown); !recorded)
    co_return std::unexpected(recorded.error());
  co_return shown;
}

// `since`, and the others without it.
struct ChangesQuery {
  std::string since;
  std::vector<std::pair<std::string, std::string>> others;
};

core::Result<ChangesQuery> read_query(http::Request const& request) {
  ChangesQuery out;
  std::size_t said = 0;
  for (auto const& parameter : request.query.parameters()) {
    if (parameter.first != "since") {
      out.others.push_back(parameter);
      continue;
    }
    out.since = parameter.second;
    ++said;
  }
  if (said == 1 && out.since.size() == 64 && out.since.find_first_not_of("0123456789abcdef") == out.since.npos)
    return out;
  return core::fail(core::Code::bad_parameter, "The parameter since is not one digest.", "",
                    "Send the SHA-256 of the list that you have: 64 hexadecimal digits in lower case.");
}

std::unexpected<core::Error> no_lines() {
  return core::fail(core::Code::bad_parameter, "The format is one document, and no list of lines.", "",
                    "Read the feed whole, with If-None-Match.");
}

std::unexpected<core::Error> unknown_version() {
  return core::fail(core::Code::conflict, "The list that is named by since is not kept here, or never was yours.", "",
                    "Read the feed whole, and then its changes since that.");
}

}  // namespace

Answer list_feeds(Context&, http::Request&) { co_return json_answer(200, feed_list()); }

Answer show_feed(Context& context, http::Request& request) {
  auto const shown = co_await shown_to(context, request);
  if (!shown) co_return error_answer(request, shown.error());
  co_return feed_answer(request, *shown);
}

Answer feed_for_misp(Context& context, http::Request& request) {
  auto const& name = request.parameters.at(0);
  if (feeds::find_feed(name) == nullptr) co_return error_answer(request, no_such_feed().error());
  auto const* const format = feeds::misp_file(publisher_of(context), name, request.parameters.at(1));
  if (format == nullptr)
    co_return error_answer(request, {core::Code::not_found, "The feed of MISP has no such file.", "",
                                     "There are manifest.json, hashes.csv, and the event that the first names."});
  auto const shown = co_await shown_to(context, request, format);
  if (!shown) co_return error_answer(request, shown.error());
  co_return feed_answer(request, *shown);
}

Answer feed_manifest(Context& context, http::Request& request) {
  auto const shown = co_await shown_to(context, request);
  if (!shown) co_return error_answer(request, shown.error());
  co_return json_answer(200, manifest_of(*shown));
}

Answer feed_changes(Context& context, http::Request& request) {
  auto const query = read_query(request);
  if (!query) co_return error_answer(request, query.error());
  auto const asked = read_request(context, request, query->others);
  if (!asked) co_return error_answer(request, asked.error());
  if (!asked->asked.format->of_lines) co_return error_answer(request, no_lines().error());
  // Held before another list is made and takes its room.
  auto older = context.feeds.version(asked->key, query->since);
  auto const shown = co_await feed_for(context, request, *asked);
  if (!shown) co_return error_answer(request, shown.error());
  if (shown->made->digest == query->since) older = shown->made->body;
  if (older == nullptr) co_return error_answer(request, unknown_version().error());
  if (auto recorded = co_await record(context, request, *asked, *shown); !recorded)
    co_return error_answer(request, recorded.error());
  auto const said = co_await context.bridge.run<std::string>(
      request.principal->organisation,
      [&](store::ReadStore&) -> core::Result<std::string> { return rendered(changes_of(*shown, *older)); });
  if (!said) co_return error_answer(request, said.error());
  co_return text_answer(200, *said, "application/json");
}

}  // namespace tocsin::endpoints
