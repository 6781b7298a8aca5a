#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/envelope_split.hpp"
#include "clients/cpp/opinion.hpp"
#include "clients/cpp/submission.hpp"
#include "clients/cpp/target.hpp"
#include "schema/core/digest.hpp"
#include "schema/stix/json.hpp"
#include "server/base/clock.hpp"

namespace tocsin::client {
namespace {

struct Disputed {
  Collection collection;
  std::vector<nlohmann::json> objects;  // the newest version of each organisation that published the id
};

// What one collection has of the id; nothing when that is none.
Outcome<std::vector<nlohmann::json>> versions_in(Session& session, std::string const& path) {
  auto response = session.get(path);
  if (!response && response.error().exit == Exit::not_found) return {};
  if (!response) return std::unexpected(std::move(response.error()));
  auto page = split_envelope(response->body);
  if (!page) return fail(Exit::server, std::move(page.error()), kWhichServer);
  // Markings that are not known could be stricter than those that are.
  if (page->more)
    return fail(Exit::server, "So many organisations published this id that the server does not tell all at once.",
                "Dispute it in a note of your own, with `tocsin submit`.");
  std::vector<nlohmann::json> out;
  for (auto const text : page->objects) {
    auto object = stix::parse_json(text);
    if (!object) return fail(Exit::server, std::move(object.error()), kWhichServer);
    out.push_back(std::move(*object));
  }
  return out;
}

Outcome<Disputed> find(Session& session, DisputeOptions const& options) {
  auto root = session.root();
  if (!root) return std::unexpected(std::move(root.error()));
  auto collections = session.readable(options.collection);
  if (!collections) return std::unexpected(std::move(collections.error()));
  for (auto& collection : *collections) {
    auto objects = versions_in(
        session, root->path + "collections/" + encoded(collection.id) + "/objects/" + encoded(options.id) + "/");
    if (!objects) return std::unexpected(std::move(objects.error()));
    if (!objects->empty()) return Disputed{std::move(collection), std::move(*objects)};
  }
  return fail(Exit::not_found, "You can read no object " + printable(options.id) + ".",
              "Check the id; you see only what is shared with you: tocsin whoami shows as whom.");
}

Outcome<std::optional<stix::Tlp>> level_of(DisputeOptions const& options) {
  if (!options.tlp) return std::nullopt;
  auto level = stix::parse_tlp(*options.tlp);
  if (!level) return fail(Exit::local, "--tlp is no TLP level.", "Use clear, green, amber, amber+strict or red.");
  return level;
}

}  // namespace

Outcome<Exit> dispute(Session& session, Console& console, DisputeOptions const& options) {
  auto level = level_of(options);
  if (!level) return std::unexpected(std::move(level.error()));
  auto disputed = find(session, options);
  if (!disputed) return std::unexpected(std::move(disputed.error()));
  auto identities = who_is_who(session);
  if (!identities) return std::unexpected(std::move(identities.error()));
  Dispute const said{"opinion--" + core::to_text(core::random_uuid()), identities->own, options.because, *level,
                     base::SystemClock().now_us()};
  auto text = opinion_about(disputed->objects, said);
  if (!text) return std::unexpected(std::move(text.error()));
  Input input;
  auto items = read_items("the opinion", input.texts.emplace_back(std::move(*text)));
  if (!items) return fail(Exit::local, std::move(items.error()), "Give other words with --because.");
  input.items = std::move(*items);
  auto done = submit_items(session, console, disputed->collection.id, options.as_member, std::move(input));
  if (done && *done == Exit::ok && !console.json)
    console.out << said.id << " disputes " << printable(options.id) << '\n';
  return done;
}

}  // namespace tocsin::client
