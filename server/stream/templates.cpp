#include "server/stream/templates.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/kinds/letters.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/json.hpp"
#include "server/match/looked_up.hpp"

namespace tocsin::stream {
namespace {

std::string text_in(stix::Json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

void Templates::add(store::RowId collection, store::PublishedTemplate const& one, Take const& take) {
  auto const object = stix::parse_json(one.bytes);
  if (!object) return;  // it was erased
  auto prints = match::prints_of_template(*object);
  Name const name{collection, one.asserter, one.class_row, kinds::lower_case(text_in(*object, "template_sha256"))};
  auto& known = known_[name];
  known.prints = std::move(prints);
  for (auto const& [id, entry] : known.indicators) {
    auto whole = entry;
    whole.prints = known.prints;
    take({id, std::move(whole)});
  }
}

void Templates::complete(store::RowId collection, store::ListedIndicator const& one, match::Entry& entry) {
  auto const& id = entry.facts.id;
  forget(id);
  // Of several templates none is the one whose share of fingerprints could be told.
  auto const digest = one.keys.size() == 1 ? kinds::value_of_key(one.keys.front()) : std::nullopt;
  if (!digest) return;
  Name const name{collection, one.asserter, one.class_row, *digest};
  auto& known = known_[name];
  name_of_.insert_or_assign(id, name);
  known.indicators.insert_or_assign(id, entry);
  entry.prints = known.prints;
}

void Templates::forget(core::Uuid const& id) {
  auto const before = name_of_.find(id);
  if (before == name_of_.end()) return;
  known_[before->second].indicators.erase(id);
  name_of_.erase(before);
}

void Templates::clear() {
  known_.clear();
  name_of_.clear();
}

}  // namespace tocsin::stream
