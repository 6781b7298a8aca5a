#include "server/admission/responses.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <tuple>

#include "schema/core/digest.hpp"
#include "schema/stix/identifier.hpp"
#include "server/access/classify.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/left_waiting.hpp"
#include "server/endpoints/moderated.hpp"
#include "server/endpoints/once.hpp"
#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {
namespace {

using admission::Subject;
using nlohmann::json;
using stix::Json;
template <class T>
using Later = http::Awaitable<core::Result<T>>;

// What the caller is shown of an object, and where; and its own opinion on it. Of several that were published under the
// id by different organisations the one that most are shown: nobody decides who reads what is said of another's.
struct Seen {
  Subject subject;
  std::optional<access::ClassFacts> shown_to;
  bool through_peer = false;  // one of those who published it speaks at a peer
  std::vector<store::Collection> collections;
  Json standing;  // null: none
};

// An answer to an object, for some collections.
struct Response {
  store::Candidate candidate;
  std::vector<store::Collection> collections;
};

core::Error absent() { return {core::Code::not_found, "There is no such object.", "", ""}; }

core::Error too_many() {
  return {core::Code::unprocessable, "Too many organisations published this id to see all that marks it.", "",
          "Say it in a note of your own, with `tocsin submit`."};
}

Later<Json> body_of(http::Request& request) {
  if (!is_json_body(request.headers.find("Content-Type")))
    co_return core::fail(core::Code::unsupported_media_type, "The Content-Type of the body is not accepted.", "",
                         "Use application/json.");
  auto body = co_await request.body->read_all();
  if (!body) co_return std::unexpected(body.error());
  auto document = stix::parse_json(*body);
  if (!document) co_return std::unexpected(document.error());
  if (!document->is_object()) co_return core::fail(core::Code::bad_parameter, "The body is not a JSON object.");
  if (document->contains("as_member") && !document->at("as_member").is_boolean())
    co_return core::fail(core::Code::property_type, "`as_member` is true or false.", "/as_member");
  co_return document;
}

store::PageQuery query_of(store::Collection const& collection, access::View const& view, stix::Identifier const& id) {
  store::PageQuery out;
  out.collection = collection.row;
  out.window = view.window;
  out.limit = 100;  // asserters
  out.ids = {{std::string(id.type()), id.uuid()}};
  out.every_row = true;
  return out;
}

// Whether more readers are shown the one than the other, as far as it can be told.
bool is_wider(access::ClassFacts const& one, access::ClassFacts const& other) {
  auto const narrowness = [](access::ClassFacts const& facts) {
    return std::tuple(facts.unknown, facts.level, facts.audiences.size(), facts.releasable_to.has_value());
  };
  return narrowness(one) < narrowness(other);
}

// Adds what one collection shows of the object.
core::Result<void> look(store::ReadStore& reader, access::Directory const& directory, access::View const& view,
                        stix::Identifier const& id, store::Collection const& collection, Seen& seen) {
  auto const page = reader.page(query_of(collection, view, id));
  if (!page) return std::unexpected(page.error());
  if (page->more) return std::unexpected(too_many());
  if (page->rows.empty()) return {};
  seen.collections.push_back(collection);
  auto const objects = stix::parse_json("[" + page->objects + "]");
  if (!objects) return std::unexpected(objects.error());
  for (std::size_t i = 0; i < page->rows.size(); ++i) {
    auto const* asserter = directory.organisation(page->rows[i].asserter);
    seen.through_peer = seen.through_peer || asserter == nullptr || asserter->origin != 0;
    auto const& classes = directory.tables().classes;
    auto const known = std::ranges::find(classes, page->rows[i].class_row, &store::ClassRow::row);
    auto const facts = known == classes.end() ? std::nullopt : access::parse_class_key(known->key);
    if (!facts || (seen.shown_to && !is_wider(*facts, *seen.shown_to))) continue;
    seen.shown_to = facts;
    seen.subject = admission::subject_of(objects->at(i), facts->level);
  }
  return {};
}

core::Result<Seen> see(store::ReadStore& reader, access::Directory const& directory, http::Request const& request,
                       stix::Identifier const& id) {
  auto const& view = view_of(request);
  Seen out;
  for (auto const& collection : directory.tables().collections) {
    if (directory.collection(collection.id, view) == nullptr) continue;
    if (auto looked = look(reader, directory, view, id, collection, out); !looked)
      return std::unexpected(looked.error());
  }
  if (out.collections.empty() || !out.shown_to) return std::unexpected(absent());
  out.subject.id = stix::Identifier::make(id.type(), id.uuid()).text();
  store::ClaimQuestion const question{admission::opinion_key(out.subject.id), std::nullopt};
  auto const claims = reader.claims().claims(request.principal->organisation, {&question, 1});
  if (!claims) return std::unexpected(claims.error());
  if (!claims->front().indicator.empty()) out.standing = stix::parse_json(claims->front().indicator).value();
  return out;
}

Later<Seen> see(Context& context, http::Request const& request, char const* type) {
  auto const id = stix::Identifier::parse(request.parameters.at(0));
  if (!id || (type != nullptr && id->type() != type)) co_return std::unexpected(absent());
  auto const directory = context.registry.current();
  co_return co_await context.bridge.run<Seen>(
      request.principal->organisation, [&](store::ReadStore& reader) { return see(reader, *directory, request, *id); });
}

admission::Sayer sayer_of(Context& context, http::Request const& request, Json const& said, std::int64_t now) {
  auto const directory = context.registry.current();
  auto const* organisation = directory->organisation(request.principal->organisation);
  bool const unnamed = said.value("as_member", false);
  return {unnamed ? context.settings.identity : organisation->identity, now};
}

// It is for the readers of its subject, those who may read it at its epochs of their audiences: who joins later is not
// told of what was there before. Above GREEN what came through a peer is for readers here alone, as only its origin
// passes it on: no log has what is said of it, or other peers would learn of it from that.
void show_as(store::Candidate& candidate, Seen const& seen) {
  access::ClassFacts subject = *seen.shown_to;
  bool const stays = seen.through_peer && subject.level >= stix::Tlp::amber;
  auto const own = access::parse_class_key(candidate.class_key);
  subject.level = std::max(subject.level, own ? own->level : stix::Tlp::red);
  candidate.class_key = access::class_key(subject);
  candidate.class_key_without.clear();
  candidate.class_key_in_chain.clear();
  candidate.relied_statements.clear();
  candidate.note.clear();
  candidate.logged = subject.level != stix::Tlp::red && !stays;
}

core::Result<Response> admitted(Context& context, http::Request const& request, Json const& made, Seen const& seen,
                                std::int64_t now) {
  admission::Visit const visit{context.registry.current(),
                               &context.registry.statements(),
                               request.principal->organisation,
                               seen.collections.front(),
                               now,
                               context.settings.identity};
  auto candidate = context.door.admit_object(stix::canonical_json(made), visit);
  if (candidate) {
    show_as(*candidate, seen);
    return Response{*std::move(candidate), seen.collections};
  }
  auto error = candidate.error().front();
  error.pointer = admission::said_pointer(error.pointer);
  return std::unexpected(std::move(error));
}

ledger::Submission submission_of(Context& context, http::Request const& request, Response const& response,
                                 store::Collection const& collection, std::int64_t now) {
  ledger::Submission out{request.principal->organisation, collection.row, {response.candidate}, {}, actor_of(request)};
  out.record.id = core::time_ordered_uuid(now);
  out.record.organisation = request.principal->organisation;
  out.record.collection = collection.row;
  out.record.requested_us = now;
  out.moderated = waits(context, request, collection);
  return out;
}

// In all collections together: the last of these that occurs.
enum class Outcome : std::uint8_t { unchanged, accepted, waiting };
constexpr std::array<char const*, 3> kOutcomes{"unchanged", "accepted", "waiting"};

Outcome outcome_of(store::Fate const& fate) {
  if (fate.kind == store::Verdict::Kind::waits) return Outcome::waiting;
  return fate.there ? Outcome::unchanged : Outcome::accepted;
}

// {"id","outcome","collections"}
json told(Response const& response, Outcome outcome) {
  json collections = json::array();
  for (auto const& collection : response.collections) collections.push_back(collection.id);
  auto const& candidate = response.candidate;
  return {{"id", stix::Identifier::make(candidate.type, candidate.uuid).text()},
          {"outcome", kOutcomes[static_cast<std::size_t>(outcome)]},
          {"collections", std::move(collections)}};
}

bool is_refused(store::Fate const& fate) { return fate.kind == store::Verdict::Kind::refuse; }

// A sighting must not be stored twice: the answer is kept with the last collection, of what became of it in all.
void keep_answer(std::vector<ledger::Submission>& submissions, Response const& response, Once& keyed) {
  if (!keyed.is_to_keep()) return;
  auto const outcomes = std::make_shared<std::vector<Outcome>>(submissions.size());
  auto const note = [outcomes](std::size_t at, std::span<store::Fate const> fates) {
    (*outcomes)[at] = outcome_of(fates.front());
  };
  for (std::size_t i = 0; i + 1 < submissions.size(); ++i)
    submissions[i].answering = [note, i](std::span<store::Fate const> fates) -> std::optional<store::KeptAnswer> {
      note(i, fates);
      return std::nullopt;
    };
  submissions.back().answering = keyed.in_transaction(
      [=, last = submissions.size() - 1](std::span<store::Fate const> fates) -> std::optional<std::string> {
        if (is_refused(fates.front())) return std::nullopt;
        note(last, fates);
        return rendered(told(response, std::ranges::max(*outcomes)));
      });
}

// What became of it in each collection; all or nothing.
Later<std::vector<ledger::Receipt>> store_all(Context& context, http::Request const& request, Response const& response,
                                              std::int64_t now, Once& keyed) {
  if (auto may = still_may(context, request); !may) co_return std::unexpected(may.error());
  std::vector<ledger::Submission> submissions;
  for (auto const& collection : response.collections)
    submissions.push_back(submission_of(context, request, response, collection, now));
  keep_answer(submissions, response, keyed);
  if (submissions.size() > 1) co_return co_await commit_whole(context, std::move(submissions));
  auto receipt = co_await commit(context, std::move(submissions.front()));
  if (!receipt) co_return std::unexpected(receipt.error());
  std::vector<ledger::Receipt> out;
  out.push_back(*std::move(receipt));
  co_return out;
}

Answer answer_with(Context& context, http::Request& request, Response const& response, std::int64_t now, Once& keyed) {
  auto const receipts = co_await store_all(context, request, response, now, keyed);
  if (!receipts) co_return error_answer(request, receipts.error());
  auto outcome = Outcome::unchanged;
  for (auto const& receipt : *receipts)
    for (auto const& fate : receipt.fates) {
      if (is_refused(fate)) {
        auto error = fate.error;
        error.pointer = admission::said_pointer(error.pointer);
        co_return error_answer(request, error);
      }
      outcome = std::max(outcome, outcome_of(fate));
    }
  co_return json_answer(200, told(response, outcome));
}

Answer sight(Context& context, http::Request& request, Once& keyed) {
  auto const said = co_await body_of(request);
  if (!said) co_return error_answer(request, said.error());
  auto const seen = co_await see(context, request, "indicator");
  if (!seen) co_return error_answer(request, seen.error());
  auto const now = context.clock.now_us();
  auto const made = admission::sighting_of(*said, seen->subject, sayer_of(context, request, *said, now));
  if (!made) co_return error_answer(request, made.error());
  auto const response = co_await judge<Response>(context, request.principal->organisation,
                                                 [&] { return admitted(context, request, *made, *seen, now); });
  if (!response) co_return error_answer(request, response.error());
  co_return co_await answer_with(context, request, *response, now, keyed);
}

store::WaitingQuery is_opinion_on(Subject const& subject) {
  store::WaitingQuery out;
  out.type = "opinion";
  out.claim = admission::opinion_key(subject.id);
  return out;
}

Answer opine(Context& context, http::Request& request, Once& keyed) {
  auto const said = co_await body_of(request);
  if (!said) co_return error_answer(request, said.error());
  auto const seen = co_await see(context, request, nullptr);
  if (!seen) co_return error_answer(request, seen.error());
  auto const now = context.clock.now_us();
  auto const made = said->contains("withdraw") ? admission::opinion_withdrawn(*said, seen->standing, now)
                                               : admission::opinion_on(*said, seen->standing, seen->subject,
                                                                       sayer_of(context, request, *said, now));
  if (!made)
    co_return error_answer(request,
                           co_await with_what_waits(context, request, made.error(), is_opinion_on(seen->subject)));
  auto response = co_await judge<Response>(context, request.principal->organisation,
                                           [&] { return admitted(context, request, *made, *seen, now); });
  if (!response) co_return error_answer(request, response.error());
  auto& candidate = response->candidate;
  auto const before = seen->standing.is_null()
                          ? std::nullopt
                          : std::optional(stix::Identifier::parse(seen->standing.at("id").get<std::string>())->uuid());
  candidate.claim = store::ClaimPart{store::ClaimPart::Role::indicator, admission::opinion_key(seen->subject.id),
                                     candidate.uuid, candidate.modified_ns, before};
  co_return co_await answer_with(context, request, *response, now, keyed);
}

}  // namespace

// A sighting of an indicator that the caller is shown, for all who are: schema/openapi.yaml, addSighting.
Answer add_sighting(Context& context, http::Request& request) { return once(context, request, sight); }

// The caller's opinion on an object that it is shown, for all who are: schema/openapi.yaml, giveOpinion. There is one.
Answer give_opinion(Context& context, http::Request& request) { return once(context, request, opine); }

}  // namespace tocsin::endpoints
