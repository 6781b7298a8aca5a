#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/identifier.hpp"
#include "server/admission/authoring.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/left_waiting.hpp"
#include "server/endpoints/once.hpp"
#include "server/endpoints/retraction_answer.hpp"
#include "server/endpoints/revising.hpp"
#include "server/endpoints/seen.hpp"
#include "server/endpoints/stored_objects.hpp"
#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {
namespace {

using admission::Because;
using admission::Deed;
using nlohmann::json;
using store::Retractable;
template <class T>
using Later = http::Awaitable<core::Result<T>>;

struct Asked {
  core::Uuid indicator{};
  Because because = Because::wrong;
  bool anybodys = false;  // an administrator ends what anybody published
  std::optional<core::Uuid> duplicate_of;
  std::string note;
};

core::Error absent() { return {core::Code::not_found, "There is no such indicator.", "", ""}; }

core::Error not_a_reason() {
  return {core::Code::bad_parameter, "`because` is none of the reasons for a retraction.", "/because",
          "Give one of wrong, overshared, personal-data, ended and duplicate."};
}

core::Error not_reached() {
  return {core::Code::forbidden, "Your credential does not reach every collection in which the indicator is.", "",
          "Ask an administrator for a credential that does."};
}

core::Error no_analyst() {
  return {core::Code::forbidden, "Only an analyst of the organisation that asserted an indicator makes versions of it.",
          "/because", "Retract it as overshared or personal-data, which ends its publications."};
}

core::Error too_many() {
  return {core::Code::unprocessable,
          "More than " + std::to_string(store::kMostRetracted) + " objects were stored with the indicator.", "",
          "Revoke or delete relationships of it over TAXII first."};
}

core::Result<std::optional<core::Uuid>> other_of(std::optional<std::string> const& given, Because because) {
  if (!given) return std::nullopt;
  auto const id = stix::Identifier::parse(*given);
  if (because == Because::duplicate && id && id->type() == "indicator") return id->uuid();
  return core::fail(core::Code::bad_parameter, "`duplicate_of` is the id of an indicator, and goes with duplicate.",
                    "/duplicate_of", "Leave it out, or name the indicator that stays.");
}

core::Result<void> check_note(std::string const& note, Because because) {
  constexpr std::size_t kLongest = 1'000;  // bytes
  if (note.empty()) return {};
  if (auto good = admission::check_text("note", note); !good) return good;
  if (note.size() > kLongest || admission::withdraws(because))
    return core::fail(core::Code::bad_parameter,
                      "`note` has at most " + std::to_string(kLongest) + " bytes, and goes with what readers are told.",
                      "/note", "Say less, and nothing of what is to be seen by nobody.");
  return {};
}

Later<Asked> asked_of(http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return std::unexpected(members.error());
  auto const because = members->text("because");
  auto const duplicate_of = members->optional_text("duplicate_of");
  auto note = members->text("note");
  if (auto finished = members->finish(); !finished) co_return std::unexpected(finished.error());
  auto const reason = admission::parse_because(because);
  if (!reason) co_return std::unexpected(not_a_reason());
  auto const other = other_of(duplicate_of, *reason);
  if (!other) co_return std::unexpected(other.error());
  if (auto good = check_note(note, *reason); !good) co_return std::unexpected(good.error());
  auto const id = stix::Identifier::parse(request.parameters.at(0));
  if (!id || id->type() != "indicator") co_return std::unexpected(absent());
  auto const roles = request.principal->roles;
  bool const anybodys = roles.has(base::Role::admin) && admission::withdraws(*reason);
  if (!anybodys && !roles.has(base::Role::analyst)) co_return std::unexpected(no_analyst());
  co_return Asked{id->uuid(), *reason, anybodys, *other == id->uuid() ? std::nullopt : *other, std::move(note)};
}

// Who has the claims now, and what it is a duplicate of.
core::Result<void> find_others(store::ReadStore& reader, http::Request const& request, Asked const& asked,
                               Found& found) {
  for (auto const& one : found.all) {
    auto const question = admission::claim_on(one);
    auto& claim = found.claims.emplace_back();
    if (!question) continue;
    auto claims = reader.claims().claims(one.asserter, {&*question, 1});
    if (!claims) return std::unexpected(claims.error());
    claim = std::move(claims->front());
  }
  if (!asked.duplicate_of) return {};
  auto const organisation = request.principal->organisation;
  auto other = reader.retractions().retractable(organisation, *asked.duplicate_of);
  if (!other) return std::unexpected(other.error());
  if (!other->empty() && is_shown(other->front().indicator, organisation, view_of(request)))
    found.other = std::move(other->front());
  return {};
}

bool is_of_peer(access::Directory const& directory, store::RowId asserter) {
  auto const* organisation = directory.organisation(asserter);
  return organisation != nullptr && organisation->origin != 0;
}

// What the caller is shown and a peer's instance logged is there all the same: who takes it back is told.
http::Awaitable<core::Error> why_absent(Context& context, http::Request const& request, Asked const& asked) {
  auto const seen = seen_by(context, request);
  auto const peer = co_await context.bridge.run<std::string>(
      request.principal->organisation, [&](store::ReadStore& reader) -> core::Result<std::string> {
        auto const shown = reader.indicators().find(seen.sight, asked.indicator);
        if (!shown) return std::unexpected(shown.error());
        for (auto const& one : *shown)
          if (auto const name = seen.directory->peer_of(one.row.asserter); !name.empty()) return std::string(name);
        return std::string();
      });
  if (!peer) co_return peer.error();
  if (peer->empty()) co_return absent();
  co_return core::Error{core::Code::not_found,
                        "The indicator comes through " + *peer + ", and its origin alone takes it back.", "",
                        "Tell who said it; meanwhile `tocsin dispute` tells the readers here, and `tocsin mute` keeps "
                        "it from your own lists."};
}

// What the caller may retract. Error: not_found, whether it is not there, another's or not shown to the credential.
Later<Found> find(Context& context, http::Request const& request, Asked const& asked) {
  auto const organisation = request.principal->organisation;
  auto const directory = context.registry.current();
  auto found = co_await context.bridge.run<Found>(organisation, [&](store::ReadStore& reader) -> core::Result<Found> {
    auto all =
        reader.retractions().retractable(asked.anybodys ? std::nullopt : std::optional(organisation), asked.indicator);
    if (!all) return std::unexpected(all.error());
    Found out{*std::move(all), {}, std::nullopt};
    std::erase_if(out.all, [&](Retractable const& one) { return is_of_peer(*directory, one.asserter); });
    if (auto done = find_others(reader, request, asked, out); !done) return std::unexpected(done.error());
    return out;
  });
  if (!found) co_return found;
  if (found->all.empty() ||
      (!asked.anybodys && (!is_shown(found->all.front().indicator, organisation, view_of(request)) ||
                           !is_within(*directory, request, found->all.front().indicator))))
    co_return std::unexpected(co_await why_absent(context, request, asked));
  for (auto const& one : found->all)
    if (!one.complete) co_return std::unexpected(too_many());
  co_return found;
}

core::Result<void> reached(access::Directory const& directory, http::Request const& request, Asked const& asked,
                           Found const& found) {
  if (asked.anybodys) return {};
  auto const& one = found.all.front();
  std::vector<store::StoredObject const*> all{&one.indicator};
  for (auto const* beside : {&one.observables, &one.relationships})
    for (auto const& object : *beside) all.push_back(&object);
  for (auto const* object : all)
    for (auto const row : admission::live_in(*object))
      if (!reaches(directory, request, row)) return std::unexpected(not_reached());
  return {};
}

// New versions, in one transaction.
Later<std::vector<Deed>> revise(Context& context, http::Request const& request, Asked const& asked,
                                Found const& found) {
  using Revisions = std::vector<admission::Revision>;
  admission::Sender const sender{context.registry.current(), &context.registry.statements(),
                                 &view_of(request),          request.principal->organisation,
                                 context.clock.now_us(),     context.settings.identity};
  admission::Telling const telling{found.other ? &found.other->indicator : nullptr, asked.note};
  auto revisions = co_await judge<Revisions>(context, sender.asserter, [&] {
    return admission::revisions(context.door, sender, found.all.front(), asked.because, telling);
  });
  if (!revisions) co_return std::unexpected(revisions.error());
  std::vector<Deed> deeds;
  for (auto const& one : *revisions) deeds.push_back(one.deed);
  if (deeds.empty()) co_return deeds;
  auto const stored = co_await store_revisions(context, request, sender, *revisions, admission::name(asked.because));
  if (!stored) co_return std::unexpected(stored.error());
  co_return deeds;
}

// The end of publications, in one transaction.
Later<std::vector<Deed>> withdraw(Context& context, http::Request const& request, Found const& found,
                                  std::vector<admission::Withdrawing> const& plans) {
  std::vector<Deed> deeds;
  std::vector<store::Retraction> retractions;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    deeds.insert(deeds.end(), plans[i].deeds.begin(), plans[i].deeds.end());
    if (!plans[i].deeds.empty() || found.all[i].claimed) retractions.push_back(plans[i].retraction);
  }
  if (retractions.empty()) co_return deeds;
  auto const done = co_await change<Done>(context, request, [&]() -> core::Result<Done> {
    auto const retracted = context.commits.retract(retractions);
    if (!retracted) return std::unexpected(retracted.error());
    for (std::int64_t sequence : retracted->touched_sequences) context.generations.touch(sequence);
    for (store::RowId collection : retracted->collections) context.generations.grow(collection);
    return Done{};
  });
  if (!done) co_return std::unexpected(done.error());
  co_return deeds;
}

Answer retract(Context& context, http::Request& request, Once&) {
  auto const asked = co_await asked_of(request);
  if (!asked) co_return error_answer(request, asked.error());
  auto const found = co_await find(context, request, *asked);
  if (!found)
    co_return error_answer(request,
                           co_await with_what_waits(context, request, found.error(), is_indicator(asked->indicator)));
  auto const directory = context.registry.current();
  if (auto may = reached(*directory, request, *asked, *found); !may) co_return error_answer(request, may.error());
  bool const withdrawn = admission::withdraws(asked->because);
  std::vector<admission::Withdrawing> plans;
  for (std::size_t i = 0; withdrawn && i < found->all.size(); ++i)
    plans.push_back(admission::withdrawing(found->all[i], found->claims[i], asked->because));
  auto const deeds = withdrawn ? co_await withdraw(context, request, *found, plans)
                               : co_await revise(context, request, *asked, *found);
  if (!deeds) co_return error_answer(request, deeds.error());
  RetractionTold const tell{asked->indicator, asked->because, *found, plans, *deeds};
  auto const told = co_await context.bridge.run<json>(
      request.principal->organisation, [&](store::ReadStore& reader) -> core::Result<json> {
        return core::Result<json>(std::in_place, retraction_answer(context, reader, *directory, tell));
      });
  if (!told) co_return error_answer(request, told.error());
  co_return json_answer(200, *told);
}

}  // namespace

// Takes an indicator back: schema/openapi.yaml, retractIndicator. Sent again it changes nothing.
Answer retract_indicator(Context& context, http::Request& request) { return once(context, request, retract); }

}  // namespace tocsin::endpoints
