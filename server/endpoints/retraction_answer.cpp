#include "server/endpoints/retraction_answer.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/stix/identifier.hpp"
#include "server/endpoints/organisation_views.hpp"
#include "server/endpoints/stored_objects.hpp"
#include "server/endpoints/trail_readers.hpp"

namespace tocsin::endpoints {
namespace {

using admission::Deed;
using nlohmann::json;
using store::Retractable;

// Whether the organisation is or was shown what has the class of the object, in a collection.
bool sees(Context const& context, access::Directory const& directory, std::string const& name, store::RowId asserter,
          store::StoredObject const& object) {
  auto const* organisation = directory.organisation(std::string_view(name));
  if (organisation == nullptr || organisation->row == asserter) return false;
  return std::ranges::any_of(views_of(context, directory, name),
                             [&](auto const& view) { return is_shown(object, asserter, *view); });
}

using Places = std::map<store::RowId, ReadPlace>;  // by collection

// Where it was published, by class: before a release it had another.
std::map<store::RowId, Places> places_of(access::Directory const& directory, store::StoredObject const& object) {
  std::map<store::RowId, Places> out;
  for (auto const& publication : object.publications) {
    auto& place = out[publication.class_row][publication.collection];
    place.collection = collection_of(directory, publication.collection).id;
    place.sequences.push_back(publication.sequence);
  }
  return out;
}

// How many organisations may have read it, now that what is done is done: {"organisations","complete"}.
core::Result<json> readers_of(Context const& context, store::ReadStore& reader, access::Directory const& directory,
                              Found const& found) {
  std::set<std::string> organisations;
  bool complete = true;
  for (auto const& one : found.all)
    for (auto const& [class_row, places] : places_of(directory, one.indicator)) {
      std::vector<ReadPlace> all;
      for (auto const& [collection, place] : places) all.push_back(place);
      auto readers = readers_in_trail(reader.audit(), all, one.indicator.publications.front().date_added_us);
      if (!readers) return std::unexpected(readers.error());
      complete = complete && readers->complete;
      store::StoredObject then;
      then.type = one.indicator.type;
      then.kind = one.indicator.kind;
      then.class_row = class_row;
      for (auto const& name : readers->organisations)
        if (sees(context, directory, name, one.asserter, then)) organisations.insert(name);
    }
  return json{{"organisations", organisations.size()}, {"complete", complete}};
}

// For a shell: names of organisations may hold anything.
std::string quoted(std::string const& text) {
  std::string out = "'";
  for (char const c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

json erasures_of(access::Directory const& directory, std::vector<admission::Withdrawing> const& plans) {
  json out = json::array();
  for (auto const& plan : plans)
    for (auto const& [type, uuid] : plan.retraction.objects)
      if (auto const* organisation = directory.organisation(plan.retraction.asserter))
        out.push_back("tocsind erase --org " + quoted(organisation->name) + " " +
                      stix::Identifier::make(type, uuid).text());
  return out;
}

json rendered_deeds(access::Directory const& directory, std::vector<Deed> const& deeds) {
  json out = json::array();
  for (auto const& deed : deeds) {
    json collections = json::array();
    for (auto const row : deed.collections) collections.push_back(collection_of(directory, row).id);
    out.push_back({{"id", deed.id}, {"change", name(deed.kind)}, {"collections", std::move(collections)}});
  }
  return out;
}

}  // namespace

json retraction_answer(Context const& context, store::ReadStore& reader, access::Directory const& directory,
                       RetractionTold const& told) {
  json out{{"id", stix::Identifier::make("indicator", told.indicator).text()},
           {"because", admission::name(told.because)},
           {"outcome", told.deeds.empty() ? "unchanged" : "retracted"},
           {"changes", rendered_deeds(directory, told.deeds)}};
  if (told.because == admission::Because::personal_data) out["erase"] = erasures_of(directory, told.plans);
  if (auto const readers = readers_of(context, reader, directory, told.found)) out["readers"] = *readers;
  return out;
}

}  // namespace tocsin::endpoints
