#include "server/admission/door.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/core/digest.hpp"
#include "schema/core/finding_text.hpp"
#include "schema/log/commitment.hpp"
#include "server/access/classify.hpp"
#include "server/admission/classes.hpp"
#include "server/admission/envelope.hpp"

namespace tocsin::admission {
namespace {

constexpr std::string_view kIndicatorExtension = "extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa";

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
  if (!document.is_object()) return {};
  auto found = document.find(name);
  if (found == document.end() || !found->is_string()) return {};
  auto const& text = found->get_ref<std::string const&>();
  return text.size() <= 300 ? text : std::string();
}

std::string kind_of(stix::Json const& document, stix::Object const& object) {
  auto extensions = document.find("extensions");
  if (extensions != document.end() && extensions->is_object()) {
    auto ours = extensions->find(kIndicatorExtension);
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
  candidate.bytes = std::move(object.bytes);
  return candidate;
}

}  // namespace

core::Result<Admitted> Door::admit(std::string_view body, Visit const& visit) const {
  auto envelope = split_envelope(body);
  if (!envelope) return std::unexpected(envelope.error());
  Admitted admitted;
  std::vector<Parsed> parsed;
  std::set<core::Uuid> statements, others;  // markings that this very submission defines
  std::string first;                        // of what is refused
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
    if (judged->object.id.type() == "marking-definition")
      (judged->object.is_statement_marking ? statements : others).insert(judged->object.id.uuid());
    parsed.push_back(*std::move(judged));
  }
  // What is a statement here and something else there is relied on by nobody.
  for (core::Uuid const& uuid : others) statements.erase(uuid);
  // Definitions go first: whether they are stored decides the classes of the others.
  for (bool definitions : {true, false})
    for (Parsed& one : parsed)
      if ((one.object.is_statement_marking && statements.contains(one.object.id.uuid())) == definitions)
        admitted.candidates.push_back(candidate_of(std::move(one), visit, statements));
  return admitted;
}

std::expected<Parsed, Refused> Door::judge(std::string_view text, Visit const& visit) const {
  if (text.size() > kSpacious * limits_.object_bytes)
    return std::unexpected(Refused{{}, {}, {too_long(limits_.object_bytes)}});
  auto document = stix::parse_json(text);
  if (!document) return std::unexpected(Refused{{}, {}, {document.error()}});
  auto refuse = [&](std::vector<core::Error> findings) {
    return std::unexpected(Refused{member(*document, "id"), member(*document, "modified"), std::move(findings)});
  };
  auto object = stix::parse_object(*document, {limits_.object_bytes, kFindings});
  if (!object) return refuse(std::move(object.error()));
  if (auto checked = check(*object, visit); !checked) return refuse({checked.error()});
  std::string kind = kind_of(*document, *object);
  return Parsed{*std::move(object), std::move(kind)};
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
