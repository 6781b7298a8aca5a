// What entries of the logs were made of, for peers: of the data log as far as was agreed with the one that asks, of the
// control log all of it.
#include "schema/log/checkpoint.hpp"
#include "schema/log/note.hpp"
#include "schema/log/openings.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/asked_log.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/opening_answers.hpp"
#include "server/endpoints/organisation_views.hpp"

namespace tocsin::endpoints {
namespace {

using core::Code;

core::Result<log::Checkpoint> checkpoint_in(std::string const& bytes) {
  auto const note = log::Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  return log::parse_checkpoint(note->text());
}

// An entry of a class that was made a moment ago waits for the next request.
core::Result<store::OpenedRange> data_of(store::ReadStore& reader, store::OpeningRange const& range,
                                         access::PeerView const& view) {
  if (view.collections.empty()) return store::OpenedRange{{}, {}, range.to};
  auto opened = reader.openings().data(range, {view.classes, view.classes_through, view.collections});
  if (opened && opened->to == range.from && range.from < range.to)
    return core::fail(Code::unavailable, "These entries are not ready to be shown yet.", "", "Try again in a moment.");
  return opened;
}

}  // namespace

Answer log_openings(Context& context, http::Request& request) {
  auto const log = asked_log(context, request);
  if (!log) co_return error_answer(request, log.error());
  auto const note = newest_checkpoint(**log);
  if (!note) co_return error_answer(request, note.error());
  auto const newest = checkpoint_in(**note);
  if (!newest) co_return error_answer(request, newest.error());
  auto const range = opening_range_in(request, newest->size);
  if (!range) co_return error_answer(request, range.error());
  bool const data = *log == context.logs.data.get();
  std::shared_ptr<access::Directory const> directory;
  access::PeerView view;
  auto opened =
      co_await context.bridge.run<store::OpenedRange>(request.principal->organisation, [&](store::ReadStore& reader) {
        if (!data) return reader.openings().control(*range);
        // Only now: what was agreed may be another thing since the request began to wait for its turn.
        directory = context.registry.current();
        view = agreed_view(context, *directory, request.principal->organisation);
        return data_of(reader, *range, view);
      });
  if (!opened) co_return error_answer(request, opened.error());
  if (data)
    if (auto recorded = co_await record_openings(context, request, directory, view, *opened); !recorded)
      co_return error_answer(request, recorded.error());
  co_return answer_of({newest->origin, view.terms, range->from, opened->to, std::move(opened->entries)});
}

}  // namespace tocsin::endpoints
