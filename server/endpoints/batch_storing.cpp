#include "server/endpoints/batch_storing.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "schema/core/digest.hpp"
#include "server/admission/bundle.hpp"
#include "server/admission/drafts.hpp"
#include "server/admission/weighing.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/moderated.hpp"
#include "server/endpoints/presented.hpp"
#include "server/endpoints/referred.hpp"
#include "server/endpoints/waiting.hpp"
#include "server/http/router.hpp"

namespace tocsin::endpoints {
namespace {

using admission::Item;
using Outcome = Item::Outcome;
using Items = std::vector<Item>;

// Of a body that is stored whole, in a transaction that others wait for.
constexpr std::size_t kMostWhole = 4'000;

// Items that are judged without a turn for others in between.
constexpr std::size_t kSlice = 250;

// The codes of each item of a draft.
Overridden overridden_in(Items const& items, admission::Draft const& draft) {
  Overridden out;
  for (std::size_t i = 0; i < draft.items.size(); ++i)
    if (i == 0 || draft.items[i] != draft.items[i - 1]) out.push_back(items[draft.items[i]].overridden);
  return out;
}

ledger::Submission submission_of(Context& context, http::Request const& request, Items const& items,
                                 admission::Draft& draft, Guarding const& guard, std::int64_t now) {
  ledger::Submission out{
      request.principal->organisation, draft.collection.row, std::move(draft.candidates), {}, actor_of(request)};
  out.record.id = core::time_ordered_uuid(now);
  out.record.organisation = request.principal->organisation;
  out.record.collection = draft.collection.row;
  out.record.requested_us = now;
  out.record.overriding = overriding(guard, overridden_in(items, draft));
  out.moderated = waits(context, request, draft.collection);
  return out;
}

// Stores the drafts, one after the other. The error is that of a draft when nothing of any could be stored.
http::Awaitable<core::Result<bool>> store_drafts(Context& context, http::Request const& request, Items& items,
                                                 std::vector<admission::Draft>& drafts, Guarding const& guard,
                                                 std::int64_t now) {
  std::optional<core::Error> failed;
  bool stored = false;
  for (auto& draft : drafts) {
    admission::drop_dependents(items, draft);
    if (draft.items.empty()) continue;
    auto receipt = core::Result<ledger::Receipt>();
    if (auto may = still_may(context, request); may)
      receipt = co_await commit(context, submission_of(context, request, items, draft, guard, now));
    else
      receipt = std::unexpected(may.error());
    if (receipt) {
      stored = true;
      admission::note_fates(items, draft, *receipt);
      continue;
    }
    failed = receipt.error();
    for (auto index : draft.items) {
      if (items[index].outcome == Outcome::refused) continue;
      items[index].outcome = Outcome::refused;
      items[index].findings.push_back(receipt.error());
    }
  }
  if (failed && !stored) co_return std::unexpected(*failed);
  co_return stored;
}

using Claims = std::vector<store::StoredClaim>;

http::Awaitable<core::Result<Claims>> claims_of(Context& context, store::RowId organisation,
                                                std::vector<store::ClaimQuestion> questions) {
  if (questions.empty()) co_return Claims();
  co_return co_await context.bridge.run<Claims>(
      organisation, [&](store::ReadStore& reader) { return reader.claims().claims(organisation, questions); });
}

// `kind`: "" where there may be all.
void keep_to(std::string_view kind, Items& items) {
  if (kind.empty()) return;
  for (auto& item : items)
    if (item.native && item.native->kind().name != kind)
      admission::refuse(item,
                        {{core::Code::property_value, "Only items of the kind " + std::string(kind) + " are sent here.",
                          "/kind", "Send items of other kinds to POST /api/v1/indicators."}});
}

core::Error too_many_whole() {
  return {core::Code::content_too_large,
          "The items become more than " + std::to_string(kMostWhole) + " objects, which is too many to store whole.",
          "", "Send fewer items, or leave `atomic` out."};
}

core::Error others_whole() {
  return {core::Code::unavailable, "Another body is being stored whole.", "", "Send this one again in a moment."};
}

void hold_back(Items& items) {
  for (auto& item : items)
    if (item.outcome != Outcome::refused)
      admission::refuse(item, {{core::Code::submission_refused, "Another item is refused, so this one is not stored.",
                                "", "Correct the other item, and send all of them again."}});
}

// Stores all drafts in one transaction, or marks every item as refused.
http::Awaitable<core::Result<void>> store_whole(Context& context, http::Request const& request, Items& items,
                                                std::vector<admission::Draft>& drafts, Guarding const& guard,
                                                std::int64_t now) {
  auto const refused = [&] { return std::ranges::find(items, Outcome::refused, &Item::outcome) != items.end(); };
  std::size_t objects = 0;
  for (auto const& draft : drafts) objects += draft.candidates.size();
  if (objects > kMostWhole) co_return std::unexpected(too_many_whole());
  auto const place = context.wholes.enter(request.principal->organisation);
  if (!place) co_return std::unexpected(others_whole());
  if (!refused()) {
    if (auto may = still_may(context, request); !may) co_return std::unexpected(may.error());
    std::vector<ledger::Submission> submissions;
    for (auto& draft : drafts) submissions.push_back(submission_of(context, request, items, draft, guard, now));
    auto const receipts = co_await commit_whole(context, std::move(submissions));
    if (!receipts) co_return std::unexpected(receipts.error());
    for (std::size_t i = 0; i < drafts.size(); ++i) admission::note_fates(items, drafts[i], (*receipts)[i]);
  }
  if (refused()) hold_back(items);
  co_return core::Result<void>();
}

http::Awaitable<core::Result<void>> store_all(Context& context, http::Request const& request, Items& items,
                                              std::vector<admission::Draft>& drafts, Guarding const& guard, bool whole,
                                              std::int64_t now) {
  if (whole) co_return co_await store_whole(context, request, items, drafts, guard, now);
  auto const stored = co_await store_drafts(context, request, items, drafts, guard, now);
  if (!stored) co_return std::unexpected(stored.error());
  co_return core::Result<void>();
}

using View = std::shared_ptr<access::View const>;

// A long body is read for minutes: what counts is the view of who asks now.
core::Result<View> view_now(Context& context, http::Request const& request) {
  if (request.on_admin_socket) return shared_view_of(request);
  auto who = authorise(*context.registry.current(), presented(context, request),
                       *access::find_permission(request.route->permission), context.clock.now_us());
  if (!who) return std::unexpected(who.error());
  return std::move(who->view);
}

admission::Sender sender_of(Context& context, http::Request const& request, access::View const& view) {
  return {context.registry.current(),      &context.registry.statements(), &view,
          request.principal->organisation, context.clock.now_us(),         context.settings.identity};
}

// Of a dry run: what would not be published at once.
void note_waiting(Context const& context, http::Request const& request, Items& items,
                  std::vector<admission::Draft> const& drafts) {
  std::set<std::size_t> noted;
  for (auto const& draft : drafts)
    if (waits(context, request, draft.collection)) noted.insert(draft.items.begin(), draft.items.end());
  for (auto const index : noted)
    items[index].notes.emplace_back("It would wait for an analyst of this instance before others see it.");
}

http::Awaitable<core::Result<void>> store_drafted(Context& context, http::Request const& request, Items& items,
                                                  std::vector<admission::Draft>& drafts, Guarding const& guard,
                                                  BatchWay way, std::int64_t now) {
  if (way.dry) note_waiting(context, request, items, drafts);
  if (!way.dry) co_return co_await store_all(context, request, items, drafts, guard, way.whole, now);
  if (way.whole && std::ranges::find(items, Outcome::refused, &Item::outcome) != items.end()) hold_back(items);
  co_return core::Result<void>();
}

}  // namespace

MadeBatch prepare(admission::Batch batch, std::string_view kind) {
  keep_to(kind, batch.items);
  auto asked = admission::questions_of(batch.items);
  return {std::move(batch), std::move(asked), std::nullopt, 0};
}

bool meet(MadeBatch const& one, MadeBatch const& other) {
  std::unordered_set<std::string_view> asked;
  for (auto const& question : one.asked) {
    asked.insert(core::view(question.key.value));
    if (question.namesake) asked.insert(core::view(question.namesake->second));
  }
  return std::ranges::any_of(other.asked, [&](auto const& question) {
    return asked.contains(core::view(question.key.value)) ||
           (question.namesake && asked.contains(core::view(question.namesake->second)));
  });
}

http::Awaitable<core::Result<void>> make(Context& context, http::Request const& request, MadeBatch& made, bool dry) {
  auto const view = view_now(context, request);
  if (!view) co_return std::unexpected(view.error());
  auto const sender = sender_of(context, request, **view);
  auto const organisation = sender.asserter;
  auto const claims = co_await claims_of(context, organisation, made.asked);
  if (!claims) co_return std::unexpected(claims.error());
  admission::Drafting drafting(made.batch, context.door, sender);
  for (core::Result<bool> done = false; !*done;) {
    done = co_await judge<bool>(context, organisation,
                                [&]() -> core::Result<bool> { return drafting.expand(*claims, kSlice); });
    if (!done) co_return std::unexpected(done.error());
  }
  auto const links = co_await claims_of(context, organisation, drafting.take_questions());
  if (!links) co_return std::unexpected(links.error());
  for (core::Result<bool> done = false; !*done;) {
    done = co_await judge<bool>(context, organisation,
                                [&]() -> core::Result<bool> { return drafting.draft(*links, dry, kSlice); });
    if (!done) co_return std::unexpected(done.error());
  }
  if (auto const referring = drafting.referring(); !referring.empty()) {
    auto const shown = co_await shown_of(context, request, admission::asked_of(referring));
    if (!shown) co_return std::unexpected(shown.error());
    admission::note_unseen(made.batch.items, referring, *shown);
  }
  made.drafts = drafting.take_drafts();
  made.made_us = sender.now_us;
  co_return core::Result<void>();
}

http::Awaitable<core::Result<void>> store_made(Context& context, http::Request const& request, MadeBatch& made,
                                               Guarding const& guard, BatchWay way) {
  co_return co_await store_drafted(context, request, made.batch.items, made.drafts.value(), guard, way, made.made_us);
}

http::Awaitable<core::Result<Items>> store_bundle(Context& context, http::Request const& request, std::string_view body,
                                                  Guarding const& guard, BatchWay way) {
  auto const view = view_now(context, request);
  if (!view) co_return std::unexpected(view.error());
  auto const sender = sender_of(context, request, **view);
  auto bundle = co_await judge<admission::Bundle>(context, sender.asserter, [&] {
    return admission::read_bundle(body, context.door, sender, guard.around, guard.overriding());
  });
  if (!bundle) co_return std::unexpected(bundle.error());
  if (!bundle->referring.empty()) {
    auto const shown = co_await shown_of(context, request, admission::asked_of(bundle->referring));
    if (!shown) co_return std::unexpected(shown.error());
    admission::weigh_references(*bundle, *shown, guard.overriding(), way.dry);
  }
  auto done = co_await store_drafted(context, request, bundle->items, bundle->drafts, guard, way, sender.now_us);
  if (!done) co_return std::unexpected(done.error());
  co_return std::move(bundle->items);
}

}  // namespace tocsin::endpoints
