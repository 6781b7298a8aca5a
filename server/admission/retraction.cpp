#include "server/admission/retraction.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/core/digest.hpp"
#include "server/admission/authoring.hpp"

namespace tocsin::admission {
namespace {

using core::Code;
using stix::Json;
using store::StoredObject;

constexpr std::array<std::string_view, 5> kBecause{"wrong", "overshared", "personal-data", "ended", "duplicate"};
constexpr std::array<std::string_view, 4> kDeeds{"revoked", "ended", "withdrawn", "added"};

Json document_of(StoredObject const& object) { return *stix::parse_json(object.bytes); }

std::string id_of(StoredObject const& object) { return stix::Identifier::make(object.type, object.uuid).text(); }

std::string text_in(Json const& object, std::string_view name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool names(Json const& relationship, char const* end, std::string const& id) {
  auto const given = stix::Identifier::parse(text_in(relationship, end)), wanted = stix::Identifier::parse(id);
  return given && wanted && *given == *wanted;
}

bool has_ended(Json const& object, std::int64_t now_us) {
  return object.contains("valid_until") && moment_in(object, "valid_until") <= now_us;
}

core::Error not_yet() {
  return {Code::unprocessable, "The indicator's `valid_from` lies ahead, so that it cannot end now.", "/because",
          "Retract it as wrong, or share it again with another `valid_until`."};
}

class Reviser {
 public:
  Reviser(Door const& door, Sender const& sender) : door_(door), sender_(sender) {}

  core::Result<void> revise(StoredObject const& object, Deed::Kind kind, Json document) {
    follow(document, sender_.now_us);
    return admit(object, kind, document);
  }

  // A new object, for the readers of this one.
  core::Result<void> add(StoredObject const& beside, Json document) {
    auto const of = document_of(beside);
    document["spec_version"] = "2.1";
    name_anew(document, sender_.now_us);
    if (of.contains("created_by_ref")) document["created_by_ref"] = of.at("created_by_ref");
    if (auto const markings = markings_of(of); !markings.empty()) document["object_marking_refs"] = markings;
    return admit(beside, Deed::Kind::added, document);
  }

  core::Result<void> revoke(StoredObject const& object) {
    auto document = document_of(object);
    document["revoked"] = true;
    return revise(object, Deed::Kind::revoked, std::move(document));
  }

  // `valid_until` has to be later than `valid_from` (STIX 2.1 section 4.7.1).
  core::Result<void> end(StoredObject const& object) {
    auto document = document_of(object);
    if (has_ended(document, sender_.now_us)) return {};
    auto const from = moment_in(document, "valid_from");
    if (from > sender_.now_us) return std::unexpected(not_yet());
    document["valid_until"] = moment_after(from, sender_.now_us);
    return revise(object, Deed::Kind::ended, std::move(document));
  }

  [[nodiscard]] bool is_empty() const { return out_.empty(); }
  std::vector<Revision> take() { return std::move(out_); }

 private:
  core::Result<void> admit(StoredObject const& beside, Deed::Kind kind, Json const& document) {
    // Where it was published first: without a marking, that collection says who sees it, and always has.
    auto const& collections = sender_.directory->tables().collections;
    auto const first = std::ranges::find(collections, beside.publications.front().collection, &store::Collection::row);
    Visit const visit{sender_.directory, sender_.statements,       sender_.asserter, *first,
                      sender_.now_us,    sender_.instance_identity};
    auto candidate = door_.admit_object(stix::canonical_json(document), visit);
    if (!candidate) return std::unexpected(candidate.error().front());
    out_.push_back({{kind, document.at("id").get<std::string>(), live_in(beside)}, *std::move(candidate)});
    return {};
  }

  Door const& door_;
  Sender const& sender_;
  std::vector<Revision> out_;
};

bool is_standing(StoredObject const& object) { return !object.revoked && !live_in(object).empty(); }

// The relationship names the other: whoever may not see that is not told of it. And it tells that both have one author,
// which is nobody's to know where only one of them says who that is.
bool may_name(StoredObject const& object, StoredObject const& other) {
  auto const one = document_of(object), two = document_of(other);
  auto const none = Json::array();
  return object.class_row == other.class_row &&
         one.value("object_marking_refs", none) == two.value("object_marking_refs", none) &&
         one.value("created_by_ref", none) == two.value("created_by_ref", none);
}

core::Result<void> tell(Reviser& reviser, StoredObject const& indicator, Telling const& telling) {
  auto const* other = telling.duplicate_of;
  if (other != nullptr && is_standing(*other) && may_name(indicator, *other))
    if (auto done = reviser.add(indicator, {{"type", "relationship"},
                                            {"relationship_type", "duplicate-of"},
                                            {"source_ref", id_of(indicator)},
                                            {"target_ref", id_of(*other)}});
        !done)
      return done;
  if (telling.note.empty()) return {};
  return reviser.add(indicator, {{"type", "note"}, {"content", telling.note}, {"object_refs", {id_of(indicator)}}});
}

}  // namespace

std::string_view name(Because because) { return kBecause[static_cast<std::size_t>(because)]; }

std::optional<Because> parse_because(std::string_view text) {
  auto const at = std::ranges::find(kBecause, text);
  if (at == kBecause.end()) return std::nullopt;
  return static_cast<Because>(at - kBecause.begin());
}

bool withdraws(Because because) { return because == Because::overshared || because == Because::personal_data; }

std::string_view name(Deed::Kind kind) { return kDeeds[static_cast<std::size_t>(kind)]; }

std::vector<store::RowId> live_in(StoredObject const& object) {
  std::set<store::RowId> out;
  for (auto const& one : object.publications)
    if (!one.ended) out.insert(one.collection);
  return {out.begin(), out.end()};
}

core::Result<std::vector<Revision>> revisions(Door const& door, Sender const& sender, store::Retractable const& of,
                                              Because because, Telling const& telling) {
  Reviser reviser(door, sender);
  core::Result<void> done;
  if (is_standing(of.indicator)) {
    done = because == Because::ended ? reviser.end(of.indicator) : reviser.revoke(of.indicator);
    if (done && !reviser.is_empty()) done = tell(reviser, of.indicator, telling);
  }
  for (auto const& one : of.relationships)
    if (done && because != Because::ended && is_standing(one) &&
        names(document_of(one), "source_ref", id_of(of.indicator)))
      done = reviser.revoke(one);
  if (!done) return std::unexpected(done.error());
  return reviser.take();
}

core::Result<std::vector<Revision>> revocations(Door const& door, Sender const& sender,
                                                std::span<Withdrawn const> objects) {
  std::vector<Revision> out;
  for (auto const& [object, collections] : objects) {
    if (object.revoked || collections.empty() || !document_of(object).contains("modified")) continue;
    Reviser reviser(door, sender);
    if (auto done = reviser.revoke(object); !done) return std::unexpected(done.error());
    for (auto& revision : reviser.take()) {
      revision.deed.collections = collections;
      out.push_back(std::move(revision));
    }
  }
  return out;
}

std::optional<store::ClaimQuestion> claim_on(store::Retractable const& of) {
  auto const kind = of.indicator.kind;
  auto const pattern = text_in(document_of(of.indicator), "pattern");
  if (kind == of.indicator.type || pattern.empty()) return std::nullopt;
  return store::ClaimQuestion{{kind, core::sha256(pattern)}, std::nullopt};
}

Withdrawing withdrawing(store::Retractable const& of, store::StoredClaim const& claim, Because because) {
  std::string const indicator = id_of(of.indicator);
  // The observable of a later indicator of the same value.
  std::string kept;
  if (auto const later = stix::parse_json(claim.indicator);
      later && text_in(*later, "id") != indicator && !later->value("revoked", false))
    if (auto const observable = stix::parse_json(claim.observable)) kept = text_in(*observable, "id");
  Withdrawing out{{of.asserter, of.indicator.uuid, {}, std::string(name(because))}, {}};
  std::vector<std::string> gone;
  auto const add = [&](StoredObject const& object) {
    out.retraction.objects.emplace_back(object.type, object.uuid);
    gone.push_back(id_of(object));
    if (auto collections = live_in(object); !collections.empty())
      out.deeds.push_back({Deed::Kind::withdrawn, gone.back(), std::move(collections)});
  };
  add(of.indicator);
  for (auto const& one : of.observables)
    if (id_of(one) != kept) add(one);
  auto const ends = gone;
  for (auto const& one : of.relationships) {
    auto const document = document_of(one);
    if (std::ranges::any_of(ends, [&](std::string const& id) {
          return names(document, "source_ref", id) || names(document, "target_ref", id);
        }))
      add(one);
  }
  return out;
}

}  // namespace tocsin::admission
