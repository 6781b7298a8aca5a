// Logs of other instances as they are handed on to peers, below /log/of/ (docs/federating.md, Relays): what an origin
// signed, the leaves, and what may be opened of them here by the rule for every reader.
#include <algorithm>

#include "schema/core/digest.hpp"
#include "schema/log/dependents.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/awaited_checkpoint.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/opening_answers.hpp"
#include "server/endpoints/organisation_views.hpp"
#include "server/endpoints/receipt_keys.hpp"
#include "server/federation/logs_of_peers.hpp"
#include "server/federation/receipts.hpp"
#include "server/federation/relay_rule.hpp"
#include "server/federation/relayed_logs.hpp"

namespace tocsin::endpoints {
namespace {

using core::Code;
using federation::RelayedLogs;

constexpr auto kText = "text/plain; charset=utf-8";

// On a thread that may wait for the commit thread.
core::Result<RelayedLogs::Log> asked(Context& context, http::Request const& request) {
  return context.relayed.find(request.parameters.at(0), request.parameters.at(1), request.principal->organisation_name);
}

std::unexpected<core::Error> not_ready() {
  return core::fail(Code::unavailable, "These entries were not applied here yet.", "", "Try again in a moment.");
}

// Another one when the receiver may see something else, or this instance takes something else of the origin: it reads
// the log again then, and so does the receiver.
core::Uuid terms_of(access::PeerView const& view, core::Uuid const& taken) {
  auto const both = core::sha256(std::string(core::view(view.terms)) + std::string(core::view(taken)));
  core::Uuid out;
  std::copy_n(both.begin(), out.size(), out.begin());
  return out;
}

// What is considered ends where this instance has applied the log: what it has not looked at is not passed over.
core::Result<store::OpenedRange> data_of(store::ReadStore& reader, RelayedLogs::Log const& log,
                                         store::OpeningRange range, access::PeerView const& view) {
  range.to = std::min(range.to, std::max(range.from, log.applied()));
  if (view.collections.empty()) return store::OpenedRange{{}, {}, range.to};
  return reader.openings().relayed_data(log.origin.row, range, {view.classes, view.classes_through, view.collections},
                                        federation::may_be_relayed);
}

struct Opened {
  RelayedLogs::Log log;
  store::OpeningRange range;
  std::shared_ptr<access::Directory const> directory;
  access::PeerView view;
  store::OpenedRange entries;
  core::Uuid terms{};
};

core::Result<Opened> opened_in(Context& context, http::Request const& request, store::ReadStore& reader) {
  auto log = asked(context, request);
  if (!log) return std::unexpected(log.error());
  auto const range = opening_range_in(request, log->size);
  if (!range) return std::unexpected(range.error());
  Opened out{*std::move(log), *range, context.registry.current(), {}, {}, {}};
  bool const data = out.log.name == store::LogName::data;
  if (data) {
    if (!out.log.origin.terms && out.log.size > 0) return not_ready();
    out.view = relayed_view(context, *out.directory, request.principal->organisation);
    out.terms = terms_of(out.view, out.log.origin.terms.value_or(core::Uuid{}));
  }
  auto entries =
      data ? data_of(reader, out.log, *range, out.view) : reader.openings().relayed_control(out.log.origin.row, *range);
  if (!entries) return std::unexpected(entries.error());
  if (entries->to == range->from && range->from < range->to) return not_ready();
  out.entries = *std::move(entries);
  // Who is shown something is named to the origin from now on: what it recalls is with him too.
  if (data && !out.entries.entries.empty())
    if (auto named = context.dependents.shown(out.log.origin.row, out.log.receiver); !named)
      return std::unexpected(named.error());
  return out;
}

// Not the one that was found when the wait began: meanwhile it may be handed on no more.
http::Awaitable<core::Result<RelayedLogs::Log>> found(Context& context, http::Request const& request) {
  co_return co_await context.bridge.run<RelayedLogs::Log>(request.principal->organisation,
                                                          [&](store::ReadStore&) { return asked(context, request); });
}

// Sees only sizes in memory, and that something was agreed anew.
std::function<bool()> is_over(RelayedLogs const& logs, RelayedLogs::Log const& log, AskedWait const& wait,
                              std::uint64_t agreed) {
  return [&logs, row = log.origin.row, name = log.name, wait, agreed] {
    return logs.agreed() != agreed || logs.size(row, name) > wait.after ||
           (wait.control && logs.size(row, store::LogName::control) > *wait.control);
  };
}

// What a receiver says that it applied. True when the origin has it.
core::Result<bool> take_receipt_for(Context& context, RelayedLogs::Log const& log, log::VerifierKey const& control,
                                    std::string const& receiver, log::VerifierKey const& key, std::string_view body) {
  auto const receipt = federation::open_receipt(body, control, key,
                                                [&](std::uint64_t size) { return context.relayed.root_at(log, size); });
  if (!receipt) return std::unexpected(receipt.error());
  if (auto known = context.dependents.acknowledged(log.origin.row, log.receiver, receipt->size); !known)
    return std::unexpected(known.error());
  return context.relayed.receipts().take(log.origin.name, receiver, receipt->size, receipt->note);
}

// What it says of those behind it. That is all there is to do: it goes on as what this instance says.
core::Result<bool> take_dependents_for(Context& context, RelayedLogs::Log const& log, log::VerifierKey const& control,
                                       log::VerifierKey const& key, std::string_view body) {
  auto const said = log::open_dependents(body, key);
  if (!said) return std::unexpected(said.error());
  if (said->dependents.control != control.name())
    return core::fail(Code::conflict, "The statement of dependents is about the log of another instance.");
  if (auto kept = context.dependents.said(log.origin.row, log.receiver, said->note); !kept)
    return std::unexpected(kept.error());
  return true;
}

}  // namespace

Answer relayed_checkpoint(Context& context, http::Request& request) {
  auto const agreed = context.relayed.agreed();
  auto log = co_await found(context, request);
  if (!log) co_return error_answer(request, log.error());
  auto const wait = asked_wait(request, log->name == store::LogName::data);
  if (!wait) co_return error_answer(request, wait.error());
  if (*wait && log->size <= (*wait)->after) {
    auto over = is_over(context.relayed, *log, **wait, agreed);
    if (!over())
      co_return co_await await_checkpoint(
          context, request, (*wait)->most,
          {std::move(over), [&context, &request]() -> http::Awaitable<core::Result<std::string>> {
             auto newest = co_await found(context, request);
             if (!newest) co_return std::unexpected(newest.error());
             co_return std::move(newest->note);
           }});
    // What ended it before it began may be that the log is handed on no more.
    log = co_await found(context, request);
    if (!log) co_return error_answer(request, log.error());
  }
  http::Response response;
  response.content_type = kText;
  response.body = std::move(log->note);
  co_return response;
}

Answer relayed_tile(Context& context, http::Request& request) {
  auto bytes = co_await context.bridge.run<std::string>(
      request.principal->organisation, [&](store::ReadStore&) -> core::Result<std::string> {
        auto const log = asked(context, request);
        if (!log) return std::unexpected(log.error());
        std::string const prefix = "/log/of/" + request.parameters.at(0) + "/" + request.parameters.at(1) + "/";
        std::string_view const path = request.path;
        auto const tile = path.starts_with(prefix) ? log::parse_tile_path(path.substr(prefix.size())) : std::nullopt;
        if (!tile)
          return core::fail(Code::not_found, "There is no such tile of a log.", "",
                            "A checkpoint implies which there are, and each has one address.");
        return context.relayed.tile(*log, *tile);
      });
  if (!bytes) co_return error_answer(request, bytes.error());
  http::Response response;
  response.content_type = "application/octet-stream";
  response.headers.emplace_back("Cache-Control", "private, max-age=31536000, immutable");
  response.body = *std::move(bytes);
  co_return response;
}

Answer relayed_openings(Context& context, http::Request& request) {
  auto opened = co_await context.bridge.run<Opened>(
      request.principal->organisation, [&](store::ReadStore& reader) { return opened_in(context, request, reader); });
  if (!opened) co_return error_answer(request, opened.error());
  bool const data = opened->log.name == store::LogName::data;
  if (data)
    if (auto recorded = co_await record_openings(context, request, opened->directory, opened->view, opened->entries);
        !recorded)
      co_return error_answer(request, recorded.error());
  auto const& origin = opened->log.origin.name;
  co_return answer_of({data ? origin : log::control_origin(origin), opened->terms, opened->range.from,
                       opened->entries.to, std::move(opened->entries.entries)});
}

Answer relayed_receipt(Context& context, http::Request& request) {
  auto const body = co_await request.body->read_all();
  if (!body) co_return error_answer(request, body.error());
  auto const taken =
      co_await context.bridge.run<bool>(request.principal->organisation, [&](store::ReadStore&) -> core::Result<bool> {
        auto const log = asked(context, request);
        if (!log) return std::unexpected(log.error());
        if (log->name != store::LogName::control)
          return core::fail(Code::not_found, "Receipts are about the control log.");
        auto const control = federation::key_of(log->manifest, store::LogName::control);
        if (!control) return std::unexpected(control.error());
        auto const from = applied_keys(context, request);
        if (from.empty()) return core::fail(Code::forbidden, "Receipts are taken of peers alone.");
        auto const& [receiver, key] = from.front();
        return log::Dependents::begins(*body) ? take_dependents_for(context, *log, *control, key, *body)
                                              : take_receipt_for(context, *log, *control, receiver, key, *body);
      });
  if (!taken) co_return error_answer(request, taken.error());
  http::Response response;
  response.status = *taken ? 204 : 202;
  co_return response;
}

}  // namespace tocsin::endpoints
