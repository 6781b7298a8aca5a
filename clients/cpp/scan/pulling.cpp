#include "clients/cpp/scan/pulling.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "clients/cpp/envelope_split.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/object_writer.hpp"
#include "clients/cpp/progress.hpp"
#include "clients/cpp/target.hpp"
#include "server/base/clock.hpp"

namespace tocsin::client {
namespace {

// The objects of a collection that traffic is held against, as long as there are more.
Outcome<void> pull_collection(Session& session, std::string const& objects, KnownIndicators& known, Progress& progress,
                              std::size_t& count) {
  std::string next;
  do {
    Target target(objects);
    target.with("match[type]", "indicator,prompt-template");
    if (!next.empty()) target.with("next", next);
    auto const response = session.get(target.text());
    if (!response) return std::unexpected(response.error());
    auto page = split_envelope(response->body);
    if (!page) return fail(Exit::server, std::move(page.error()), kWhichServer);
    for (auto const object : page->objects) known.add(object);
    count += page->objects.size();
    progress.show(count, "objects pulled");
    if (page->more && (page->next.empty() || page->next == next))
      return fail(Exit::server, "The server says that there is more, but not where: the pull is incomplete.",
                  kWhichServer);
    next = page->more ? std::move(page->next) : std::string();
  } while (!next.empty());
  return {};
}

}  // namespace

Outcome<std::unique_ptr<KnownIndicators>> pull_known(Session& session, Console& console, int min_confidence) {
  auto const me = session.get_json("/api/v1/me", kJson);
  if (!me) return std::unexpected(me.error());
  auto known = std::make_unique<KnownIndicators>(min_confidence, base::SystemClock().now_us(),
                                                 Voices{text_or(*me, "identity"), text_or(*me, "as_member")});
  auto const mutes = session.get_json("/api/v1/mutes", kJson);
  if (!mutes) return std::unexpected(mutes.error());
  for (auto const& mute : list_or_empty(*mutes, "mutes")) known->mute(mute);
  auto const root = session.root();
  if (!root) return std::unexpected(root.error());
  auto const collections = session.readable(std::nullopt);
  if (!collections) return std::unexpected(collections.error());
  Progress progress(console.err, console.terminal, console.columns, 0);
  std::size_t count = 0;
  for (auto const& one : *collections) {
    auto const objects = root->path + "collections/" + encoded(one.id) + "/objects/";
    if (auto pulled = pull_collection(session, objects, *known, progress, count); !pulled)
      return std::unexpected(std::move(pulled.error()));
  }
  known->index();
  return known;
}

}  // namespace tocsin::client
