#include "server/admission/door.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/core/digest.hpp"
#include "schema/core/finding_text.hpp"
#include "schema/kinds/kinds.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/log/commitment.hpp"
#include "server/access/classify.hpp"
#include "server/admission/classes.hpp"
#include "server/admission/envelope.hpp"
#include "server/admission/harm/attribution.hpp"
#include "server/admission/said_of.hpp"

namespace tocsin::admission {
namespace {

constexpr std::size_t kFindings = 16;  // of a refused object

// An object longer than this many times the largest is not parsed: its nodes could be many times larger than its text.
constexpr std::size_t kSpacious = 2;

std::string sentences(std::vector<core::Error> const& errors) {
  std::string out;
  for (auto const& error : errors) out += (out.empty() ? "" : "; ") + core::finding_text(error);
  return out;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// What a status can say of an object that could not be understood: its id and version as sent, if they are short
// strings.
std::string member(stix::Json const& document, char const* name) {
  auto found = document.find(name);
  if (found == document.end() || !found->is_string()) return {};
  auto const& text = found->get_ref<std::string const&>();
  return text.size() <= 300 ? text : std::string();
}

Refused refused(stix::Json const& document, std::vector<core::Error> findings) {
  return {member(document, "id"), member(document, "modified"), std::move(findings)};
}

std::string kind_of(stix::Json const& document, stix::Object const& object) {
  auto extensions = document.find("extensions");
  if (extensions != document.end() && extensions->is_object()) {
    auto ours = extensions->find(kinds::kIndicatorExtension);
    if (ours != extensions->end() && ours->is_object())
      if (auto kind = member(*ours, "indicator_kind"); !kind.empty()) return kind;
  }
  return std::string(object.id.type());
}

std::string audience_note(access::ClassFacts const& facts) {
  if (facts.unknown) return "A marking is unknown here: only your organisation sees this object.";
  if (facts.level >= stix::Tlp::amber_strict && facts.audiences.empty())
    return "AMBER+STRICT and RED are shown to audiences only, and none is named: only your organisation sees this "
           "object.";
  return {};
}

std::string note_of(stix::Object const& object, access::ClassFacts const& facts) {
  std::string note = sentences(object.warnings);
  std::string audience = audience_note(facts);
  return note.empty() || audience.empty() ? note + audience : note + "; " + audience;
}

core::Error too_long(std::size_t most) {
  return {core::Code::object_too_large, "The text of the object is far longer than " + std::to_string(most) + " bytes.",
          "", "Share large content by reference."};
}

std::unexpected<core::Error> too_many_refused(std::size_t judged, std::string const& first) {
  return core::fail(core::Code::too_many_refused,
                    std::to_string(kMostRefused + 1) + " of the first " + std::to_string(judged) +
                        " objects are refused; nothing was stored. The first is " + first,
                    "", "Correct what makes these objects, then send all of them again.");
}

// Storage orders versions by nanoseconds in 64 bits.
std::unexpected<core::Error> outside_years(std::string const& property) {
  return core::fail(core::Code::timestamp_invalid, "`" + property + "` lies outside the years 1678 to 2261.",
                    "/" + property, "Correct the date.");
}

// Whether any text of the object holds the identity of who submits it.
bool names_submitter(stix::Object const& object, Visit const& visit) {
  auto const* submitter = visit.directory->organisation(visit.asserter);
  if (submitter == nullptr) return false;
  std::string_view uuid = std::string_view(submitter->identity).substr(std::string_view("identity--").size());
  auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  return !std::ranges::search(object.bytes, lower(std::string(uuid)), same).empty();
}

std::unexpected<core::Error> named_all_the_same() {
  return core::fail(core::Code::creator_foreign,
                    "`created_by_ref` names the instance, so that your organisation is not named, and another property "
                    "names its identity.",
                    "/created_by_ref", "Take your identity out of the object, or name it as the creator.");
}

// The level that the markings say, else that of the collection.
stix::Tlp level_of(stix::Object const& object, Visit const& visit) {
  std::optional<stix::Tlp> level;
  for (auto const& marking : object.markings)
    if (auto const tlp = stix::tlp_of(marking)) level = std::max(level.value_or(*tlp), *tlp);
  return level.value_or(static_cast<stix::Tlp>(visit.collection.default_level));
}

bool names_audience(stix::Object const& object, Visit const& visit) {
  return !visit.elsewhere && std::ranges::any_of(object.markings, [&](stix::Identifier const& marking) {
    return visit.directory->meaning(marking, visit.asserter).kind == access::Meaning::Kind::audience;
  });
}

// What the short form of a kind would not let through, whichever way an indicator of the kind comes.
std::optional<core::Error> wider_than_its_kind(Parsed const& parsed, Visit const& visit) {
  auto const* kind = kinds::find_kind(parsed.kind);
  if (kind == nullptr) return std::nullopt;
  if (level_of(parsed.object, visit) < kind->floor)
    return core::Error{core::Code::marking_below_floor,
                       "An indicator of the kind " + std::string(kind->name) +
                           " is not shared more widely than TLP:" + std::string(stix::name(kind->floor)) + ".",
                       "/object_marking_refs", "Mark it with this level or a higher one."};
  if (!kind->needs_audience || names_audience(parsed.object, visit)) return std::nullopt;
  return core::Error{core::Code::property_missing,
                     "An indicator of the kind " + std::string(kind->name) + " is for a named audience only.",
                     "/object_marking_refs", "Add the marking of the audience: `tocsin whoami` lists yours."};
}

// It would be destroyed at once. What was shared can be revoked until it is gone.
std::optional<core::Error> no_longer_shared(Parsed const& parsed, Visit const& visit) {
  auto const& what = parsed.searchable;
  if (parsed.object.revoked || !what || !what->share_until_us || *what->share_until_us > visit.now_us)
    return std::nullopt;
  return core::Error{core::Code::share_until_past,
                     "`share_until` lies in the past: copies of the indicator have to be gone by now.",
                     "/extensions/" + std::string(kinds::kIndicatorExtension) + "/share_until",
                     "Do not share it any more; if the date is wrong, correct it."};
}

// What a member says in the name of another, or of nobody, is stored as it is.
bool in_own_name(stix::Object const& object, Visit const& visit) {
  if (!object.created_by) return false;
  auto const* submitter = visit.directory->organisation(visit.asserter);
  auto const creator = lower(object.created_by->text());
  return creator == lower(std::string(visit.instance_identity)) ||
         (submitter != nullptr && creator == lower(submitter->identity));
}

store::Candidate candidate_of(Parsed parsed, Visit const& visit, std::set<core::Uuid> const& defined_here) {
  stix::Object& object = parsed.object;
  Classes classes = classes_of(object, visit, defined_here);
  store::Candidate candidate;
  candidate.asserter = visit.asserter;
  candidate.type = object.id.type();
  candidate.uuid = object.id.uuid();
  candidate.unversioned = !object.modified;
  if (object.modified) candidate.modified_ns = object.modified->key();
  if (object.created) candidate.created_ns = object.created->key();
  if (auto version = object.modified ? object.modified : object.created) candidate.version_text = version->text();
  candidate.class_key = access::class_key(classes.own);
  candidate.relied_statements = std::move(classes.relied_statements);
  if (classes.without) candidate.class_key_without = access::class_key(*classes.without);
  if (classes.in_chain) candidate.class_key_in_chain = access::class_key(*classes.in_chain);
  candidate.kind = std::move(parsed.kind);
  candidate.campaigns = std::move(parsed.campaigns.campaigns);
  candidate.indicates = parsed.campaigns.indicator;
  candidate.searchable = std::move(parsed.searchable);
  candidate.said_of = std::move(parsed.said_of);
  candidate.revoked = object.revoked;
  if (object.created_by) candidate.creator = lower(object.created_by->text());
  candidate.value_key = object.value_key;
  candidate.statement_marking = object.is_statement_marking;
  candidate.logged = classes.own.level != stix::Tlp::red;
  candidate.digest = core::sha256(object.bytes);
  candidate.header_salt = core::random_salt();
  candidate.body_salt = core::random_salt();
  // The larger half of the leaf is made here, on a thread that judges, so that the commit transaction hashes little.
  candidate.body_commitment = log::commit_body(candidate.body_salt, object.bytes);
  candidate.note = note_of(object, classes.own);
  if (classes.without) candidate.note_without = note_of(object, *classes.without);
  for (auto const& warning : parsed.overridden)
    for (auto* note : {&candidate.note, &candidate.note_without})
      *note +=
          (note->empty() ? "" : "; ") + std::string(core::row(warning.code).code) + ", overridden: " + warning.detail;
  candidate.bytes = std::move(object.bytes);
  return candidate;
}

std::vector<store::Candidate const*> pointers(std::vector<store::Candidate> const& candidates) {
  std::vector<store::Candidate const*> out;
  for (auto const& one : candidates) out.push_back(&one);
  return out;
}

}  // namespace

std::set<core::Uuid> Door::statements_in(std::span<std::optional<Parsed> const> objects) {
  std::set<core::Uuid> statements, others;
  for (auto const& one : objects)
    if (one && one->object.id.type() == "marking-definition")
      (one->object.is_statement_marking ? statements : others).insert(one->object.id.uuid());
  // What is a statement here and something else there is relied on by nobody.
  for (core::Uuid const& uuid : others) statements.erase(uuid);
  return statements;
}

store::Candidate Door::candidate(Parsed parsed, Visit const& visit, std::set<core::Uuid> const& statements) {
  return candidate_of(std::move(parsed), visit, statements);
}

core::Result<Admitted> Door::admit(std::string_view body, Visit const& visit) const {
  auto envelope = split_envelope(body);
  if (!envelope) return std::unexpected(envelope.error());
  Admitted admitted;
  std::vector<std::optional<Parsed>> parsed;
  std::string first;  // of what is refused
  for (std::size_t i = 0; i < envelope->objects.size(); ++i) {
    auto judged = judge(envelope->objects[i], visit);
    if (!judged) {
      Refused& refused = judged.error();
      if (admitted.refused.empty())
        first = "/objects/" + std::to_string(i) + ", " + core::finding_text(refused.findings.front());
      if (admitted.refused.size() == kMostRefused) return too_many_refused(i + 1, first);
      admitted.refused.push_back({std::move(refused.id), std::move(refused.version), sentences(refused.findings)});
      continue;
    }
    if (!judged->overridden.empty()) {
      auto& codes = admitted.overridden.emplace_back();
      for (auto const& warning : judged->overridden) codes.push_back(warning.code);
    }
    parsed.push_back(*std::move(judged));
  }
  auto const statements = statements_in(parsed);  // that this very submission defines
  std::vector<std::vector<stix::Identifier>> references;
  // Definitions go first: whether they are stored decides the classes of the others.
  for (bool definitions : {true, false})
    for (auto& one : parsed)
      if ((one->object.is_statement_marking && statements.contains(one->object.id.uuid())) == definitions) {
        references.push_back(std::move(one->object.references));
        admitted.candidates.push_back(candidate_of(*std::move(one), visit, statements));
      }
  admitted.referring = referring(pointers(admitted.candidates), references);
  return admitted;
}

std::expected<store::Candidate, std::vector<core::Error>> Door::admit_object(std::string_view text,
                                                                             Visit const& visit) const {
  auto judged = judge(text, visit);
  if (!judged) return std::unexpected(std::move(judged.error().findings));
  return candidate_of(*std::move(judged), visit, {});
}

std::expected<Parsed, Refused> Door::judge(std::string_view text, Visit const& visit) const {
  auto object = read(text);
  if (!object) return std::unexpected(std::move(object.error()));
  return judge(*std::move(object), visit);
}

std::expected<ReadObject, Refused> Door::read(std::string_view text) const {
  if (text.size() > kSpacious * limits_.object_bytes)
    return std::unexpected(Refused{{}, {}, {too_long(limits_.object_bytes)}});
  auto document = stix::parse_json(text);
  if (!document) return std::unexpected(Refused{{}, {}, {document.error()}});
  auto object = stix::parse_object(*document, {limits_.object_bytes, kFindings});
  if (!object) return std::unexpected(refused(*document, std::move(object.error())));
  return ReadObject{std::make_shared<stix::Json const>(*std::move(document)), *std::move(object)};
}

std::expected<Parsed, Refused> Door::judge(ReadObject read, Visit const& visit) const {
  stix::Json const& document = *read.document;
  auto refuse = [&](std::vector<core::Error> findings) {
    return std::unexpected(refused(document, std::move(findings)));
  };
  if (auto checked = check(read.object, visit); !checked) return refuse({checked.error()});
  std::string kind = kind_of(document, read.object);
  Parsed parsed{std::move(read.object), std::move(kind), campaign_links(document), kinds::searchable(document),
                said_of(document)};
  if (auto over = no_longer_shared(parsed, visit)) return refuse({*std::move(over)});
  auto warnings = weigh(document, parsed, visit);
  if (!warnings) return refuse(std::move(warnings.error()));
  parsed.overridden = *std::move(warnings);
  return parsed;
}

// What was shared can always be revoked.
std::expected<harm::Findings, harm::Findings> Door::weigh(stix::Json const& document, Parsed const& parsed,
                                                          Visit const& visit) {
  if (visit.around == nullptr || parsed.object.revoked) return {};
  if (harm::is_attribution(document) && in_own_name(parsed.object, visit)) {
    auto refusals = harm::attribution_findings(
        document, {level_of(parsed.object, visit), names_audience(parsed.object, visit), visit.agreed});
    if (refusals.empty()) return {};
    return std::unexpected(std::move(refusals));
  }
  if (parsed.object.id.type() != "indicator" || parsed.kind == "indicator") return {};
  auto found = harm::findings(document, parsed.kind, *visit.around);
  if (auto wider = wider_than_its_kind(parsed, visit)) found.insert(found.begin(), *std::move(wider));
  auto const may = [](core::Error const& one) { return harm::may_be_overridden(one.code); };
  if (found.empty() || (visit.overriding && std::ranges::all_of(found, may))) return found;
  return std::unexpected(std::move(found));
}

core::Result<void> Door::check(stix::Object const& object, Visit const& visit) const {
  if (object.created && !object.created->has_key()) return outside_years("created");
  if (object.modified && !object.modified->has_key()) return outside_years("modified");
  std::int64_t tolerance = limits_.future_tolerance_us;
  if (object.modified && object.modified->microseconds() > visit.now_us + tolerance)
    return core::fail(
        core::Code::modified_in_future,
        "`modified` is more than " + std::to_string(tolerance / 1'000'000) + " seconds ahead of this server's clock.",
        "/modified", "Check the clock of the system that made the object.");
  auto owner = [&](std::string const& identity) {
    auto const* member_of = visit.directory->owner_of_identity(identity);
    return member_of != nullptr && member_of->row != visit.asserter;
  };
  if (object.created_by && lower(object.created_by->text()) == lower(std::string(visit.instance_identity))) {
    if (owner(object.created_by->text()) && names_submitter(object, visit)) return named_all_the_same();
  } else if (object.created_by && owner(object.created_by->text()))
    return core::fail(core::Code::creator_foreign, "`created_by_ref` names the identity of another member.",
                      "/created_by_ref", "Name your own identity, or leave it out.");
  if (object.id.type() == "identity" && owner(object.id.text()))
    return core::fail(core::Code::creator_foreign, "This is the identity of another member, who alone publishes it.",
                      "/id", "Leave it out; objects may refer to it all the same.");
  return {};
}

}  // namespace tocsin::admission
