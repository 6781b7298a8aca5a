#include "server/admission/foreign.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "server/access/classify.hpp"

namespace tocsin::admission {
namespace {

std::unexpected<std::vector<core::Error>> refuse(core::Error error) {
  return std::unexpected(std::vector{std::move(error)});
}

core::Error not_agreed(std::string sentence, std::string pointer, std::string remedy) {
  return {core::Code::origin_not_agreed, std::move(sentence), std::move(pointer), std::move(remedy)};
}

// Where it goes here, each collection once.
std::vector<store::Collection> agreed_collections(log::OpenedEntry const& entry, ForeignTerms const& terms) {
  std::map<store::RowId, store::Collection> out;
  for (auto const& alias : entry.collections)
    if (auto const found = terms.collections.find(alias); found != terms.collections.end())
      out.emplace(found->second.row, found->second);
  std::vector<store::Collection> each;
  for (auto& [row, collection] : out) each.push_back(std::move(collection));
  return each;
}

// The identity that says it: its creator, or itself when it is that of somebody the peer speaks for.
std::optional<stix::Identifier> speaker_of(stix::Object const& object, ForeignTerms const& terms) {
  if (object.created_by) return object.created_by;
  bool const of_a_speaker =
      object.id.type() == "identity" && terms.asserters.contains("identity--" + core::to_text(object.id.uuid()));
  return of_a_speaker ? std::optional(object.id) : std::nullopt;
}

core::Result<store::RowId> asserter_of(stix::Object const& object, ForeignTerms const& terms) {
  auto const speaker = speaker_of(object, terms);
  if (!speaker) return terms.peer;
  auto const found = terms.asserters.find("identity--" + core::to_text(speaker->uuid()));
  if (found != terms.asserters.end()) return found->second;
  return std::unexpected(
      not_agreed("`created_by_ref` names an identity for which the agreement does not let the peer speak.",
                 "/created_by_ref", "Name it in `identities` of the agreement, if the peer's manifest does."));
}

// What is marked with no level has at its origin that of its collection there, which is not known here: it may be as
// high as the highest that was agreed.
store::Collection strictest_of(std::vector<store::Collection> const& agreed, ForeignTerms const& terms) {
  auto out = *std::ranges::max_element(agreed, {}, &store::Collection::default_level);
  out.default_level = std::max(out.default_level, static_cast<int>(terms.max_tlp));
  return out;
}

// As somebody of the peer would come to the door here. What members may override was for the peer's own to decide, and
// so was who agrees to a marking.
Visit visit_of(store::RowId asserter, store::Collection collection, ForeignTerms const& terms, Visit const& visit) {
  static harm::Surroundings const bare;
  Visit out = visit;
  out.asserter = asserter;
  out.collection = std::move(collection);
  out.overriding = true;
  out.agreed = true;
  out.elsewhere = &terms.audiences;
  if (out.around == nullptr) out.around = &bare;
  return out;
}

std::set<core::Uuid> markings_of(stix::Object const& object) {
  std::set<core::Uuid> out;
  for (auto const& marking : object.markings) out.insert(marking.uuid());
  return out;
}

// Every marking that is unknown may be a statement: the commit asks whether its asserter defined it. What names no
// creator, as definitions often do, was stored as the peer's.
store::Candidate candidate_of(Parsed parsed, Visit const& visit, ForeignTerms const& terms) {
  auto const markings = markings_of(parsed.object);
  auto candidate = Door::candidate(std::move(parsed), visit, markings);
  std::erase_if(candidate.relied_statements,
                [&](core::Uuid const& marking) { return visit.statements->contains(terms.peer, marking); });
  return candidate;
}

bool is_within(store::Candidate const& candidate, stix::Tlp most) {
  auto const facts = access::parse_class_key(candidate.class_key);
  return facts && facts->level <= most && facts->level != stix::Tlp::red;
}

}  // namespace

std::expected<store::ForeignObject, std::vector<core::Error>> admit_foreign(Door const& door,
                                                                            log::OpenedEntry const& entry,
                                                                            log::Header const& header,
                                                                            ForeignTerms const& terms,
                                                                            Visit const& visit) {
  auto const collections = agreed_collections(entry, terms);
  if (collections.empty())
    return refuse(not_agreed("The entry is published in no collection that the agreement names.", "",
                             "Name one in `collections` of the agreement: both sides call it by the same alias."));
  auto read = door.read(entry.body);
  if (!read) return std::unexpected(std::move(read.error().findings));
  if (read->object.bytes != entry.body)
    return refuse({core::Code::not_canonical, "The bytes are not those of RFC 8785 for their object.", "",
                   "What is logged is the canonical form: the peer's program has to write it."});
  auto const asserter = asserter_of(read->object, terms);
  if (!asserter) return refuse(asserter.error());
  auto const here = visit_of(*asserter, strictest_of(collections, terms), terms, visit);
  auto parsed = door.judge(*std::move(read), here);
  if (!parsed) return std::unexpected(std::move(parsed.error().findings));
  auto candidate = candidate_of(*std::move(parsed), here, terms);
  if (!is_within(candidate, terms.max_tlp))
    return refuse(not_agreed(
        "Its level is above TLP:" + std::string(stix::name(terms.max_tlp)) + ", the highest that was agreed.",
        "/object_marking_refs", "Raise `max_tlp` of the agreement, if that is meant; RED is never taken."));
  candidate.foreign = store::Candidate::Foreign{terms.origin, entry.index, entry.header, header.class_sequence};
  candidate.header_salt = entry.header_salt;
  candidate.body_salt = entry.body_salt;
  candidate.body_commitment = log::commit_body(entry.body_salt, candidate.bytes);
  store::ForeignObject out{std::move(candidate), {}};
  for (auto const& collection : collections) out.collections.push_back(collection.row);
  return out;
}

}  // namespace tocsin::admission
