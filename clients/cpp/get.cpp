#include <iostream>
#include <sstream>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/envelope_split.hpp"
#include "clients/cpp/object_writer.hpp"
#include "clients/cpp/target.hpp"
#include "schema/stix/identifier.hpp"

namespace tocsin::client {
namespace {

// Writes what one collection has of the object, page by page. A collection without it answers 404.
Outcome<void> copy_versions(Session& session, std::string const& path, bool all_versions, ObjectWriter& writer) {
  std::string next;
  do {
    Target target(path);
    if (all_versions) target.with("match[version]", "all");
    if (!next.empty()) target.with("next", next);
    auto response = session.get(target.text());
    if (!response) {
      if (response.error().exit == Exit::not_found) return {};
      return std::unexpected(std::move(response.error()));
    }
    auto page = split_envelope(response->body);
    if (!page) return fail(Exit::server, std::move(page.error()), kWhichServer);
    for (auto object : page->objects) writer.write(object);
    if (page->more && (page->next.empty() || page->next == next)) {
      return fail(Exit::server, "The server says that there is more, but not where.", kWhichServer);
    }
    next = page->more ? std::move(page->next) : std::string();
  } while (!next.empty());
  return {};
}

}  // namespace

Outcome<Exit> get(Session& session, Console& console, GetOptions const& options) {
  auto root = session.root();
  if (!root) return std::unexpected(std::move(root.error()));
  auto collections = session.readable(options.collection);
  if (!collections) return std::unexpected(std::move(collections.error()));
  std::ostringstream text;
  ObjectWriter writer(text, console.json ? Format::bundle : Format::ndjson, true);
  for (auto const& collection : *collections) {
    auto const path = root->path + "collections/" + encoded(collection.id) + "/objects/" + encoded(options.id) + "/";
    auto done = copy_versions(session, path, options.all_versions, writer);
    if (!done) return std::unexpected(std::move(done.error()));
    // Every collection may have published other versions; one version is the same in all.
    if (writer.count() > 0 && !options.all_versions) break;
  }
  if (writer.count() == 0) {
    if (!stix::Identifier::parse(options.id))
      return fail(Exit::not_found, printable(options.id) + " is not the id of an object.",
                  "An id is a type, two dashes and a UUID: indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f.");
    return fail(Exit::not_found,
                "You can read no object " + printable(options.id) +
                    (options.collection ? " in the collection " + printable(*options.collection) : std::string()) + ".",
                "Check the id; you see only what is shared with you: tocsin whoami shows as whom.");
  }
  writer.finish();
  console.out << text.view();
  return Exit::ok;
}

}  // namespace tocsin::client
