#include "server/admission/bundle.hpp"

#include <map>
#include <set>
#include <utility>

#include "server/admission/envelope.hpp"
#include "server/admission/routing.hpp"

namespace tocsin::admission {
namespace {

using core::Code;

core::Error homeless() {
  return {Code::reference_unknown,
          "Nothing that the object refers to is in the bundle, so that its collection is not known.", "",
          "Send what it refers to with it, or send it to a collection below /taxii2."};
}

core::Error not_reached(std::string_view collection) {
  return {Code::forbidden,
          "Your credential does not reach the collection " + std::string(collection) + ", where this object goes.", "",
          "Ask an administrator for a credential that does."};
}

// The items as they are before anything is judged.
std::vector<Item> items_of(std::size_t count) {
  std::vector<Item> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i].place.pointer = "/objects/" + std::to_string(i);
  return out;
}

// What is judged of each object: the items of those that are refused say why.
std::vector<std::optional<Parsed>> judged(Envelope const& envelope, Door const& door, Visit const& visit,
                                          std::vector<Item>& items) {
  std::vector<std::optional<Parsed>> out(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto one = door.judge(envelope.objects[i], visit);
    if (!one) {
      refuse(items[i], std::move(one.error().findings));
      continue;
    }
    items[i].id = one->object.id.text();
    for (auto const& warning : one->overridden) items[i].overridden.push_back(warning.code);
    out[i] = *std::move(one);
  }
  return out;
}

using ByCollection = std::map<std::string, Draft>;

// Definitions go first: whether they are stored decides the classes of the others, whose collections come by name.
std::vector<Draft> definitions_first(ByCollection drafts, std::set<std::string> const& defining) {
  std::vector<Draft> out;
  for (bool definitions : {true, false})
    for (auto& [alias, draft] : drafts)
      if (defining.contains(alias) == definitions) out.push_back(std::move(draft));
  return out;
}

// Gives each item its collection.
void route(std::vector<std::optional<Parsed>> const& parsed, Sender const& sender, std::vector<Item>& items) {
  std::vector<Parsed const*> objects;
  std::vector<std::size_t> of;
  for (std::size_t i = 0; i < parsed.size(); ++i) {
    if (!parsed[i]) continue;
    objects.push_back(&*parsed[i]);
    of.push_back(i);
  }
  auto const collections = collections_of(objects);
  for (std::size_t i = 0; i < of.size(); ++i) {
    auto& item = items[of[i]];
    item.collection = collections[i];
    if (item.collection.empty())
      refuse(item, {homeless()});
    else if (sender.directory->collection(item.collection, *sender.view) == nullptr)
      refuse(item, {not_reached(item.collection)});
  }
}

// `references`: of each item.
std::vector<Referring> referring_in(std::vector<Draft> const& drafts,
                                    std::vector<std::vector<stix::Identifier>>& references) {
  std::vector<store::Candidate const*> candidates;
  std::vector<std::vector<stix::Identifier>> of_candidates;
  for (auto const& draft : drafts)
    for (std::size_t i = 0; i < draft.candidates.size(); ++i) {
      candidates.push_back(&draft.candidates[i]);
      of_candidates.push_back(std::move(references[draft.items[i]]));
    }
  return referring(candidates, of_candidates);
}

}  // namespace

core::Result<Bundle> read_bundle(std::string_view body, Door const& door, Sender const& sender,
                                 harm::Surroundings const& around, bool overriding) {
  auto const envelope = split_envelope(body);
  if (!envelope) return std::unexpected(envelope.error());
  if (envelope->objects.size() > kMostItems)
    return core::fail(Code::content_too_large, "The bundle has more than " + std::to_string(kMostItems) + " objects.",
                      "", "Send them in several bundles.");
  Visit visit{sender.directory, sender.statements,        sender.asserter, {},
              sender.now_us,    sender.instance_identity, &around,         overriding};
  Bundle out{items_of(envelope->objects.size()), {}};
  auto parsed = judged(*envelope, door, visit, out.items);
  route(parsed, sender, out.items);
  ByCollection drafts;
  std::set<std::string> defining;
  std::vector<std::vector<stix::Identifier>> references(out.items.size());
  auto const statements = Door::statements_in(parsed);
  for (bool definitions : {true, false})
    for (std::size_t i = 0; i < parsed.size(); ++i) {
      auto& item = out.items[i];
      if (item.outcome == Item::Outcome::refused) continue;
      bool const defines = parsed[i]->object.is_statement_marking && statements.contains(parsed[i]->object.id.uuid());
      if (defines != definitions) continue;
      if (defines) defining.insert(item.collection);
      visit.collection = *sender.directory->collection(item.collection, *sender.view);
      references[i] = std::move(parsed[i]->object.references);
      auto& draft = drafts.try_emplace(item.collection, Draft{visit.collection, {}, {}}).first->second;
      draft.candidates.push_back(Door::candidate(*std::move(parsed[i]), visit, statements));
      item.classes.insert(draft.candidates.back().class_key);
      draft.items.push_back(i);
    }
  out.drafts = definitions_first(std::move(drafts), defining);
  out.referring = referring_in(out.drafts, references);
  return out;
}

}  // namespace tocsin::admission
