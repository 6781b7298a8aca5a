// What peers say that they applied of the control log, and relays of those behind them: schema/openapi.yaml,
// takeReceipt.
#include <algorithm>
#include <optional>
#include <utility>

#include "schema/log/compact_range.hpp"
#include "schema/log/dependents.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/receipt_keys.hpp"
#include "server/federation/receipts.hpp"

namespace tocsin::endpoints {
namespace {

core::Error no_peer() {
  return {core::Code::forbidden, "Receipts are taken of peers alone.", "", "Show the certificate of your manifest."};
}

using federation::OpenedReceipt;

struct Signed {
  std::string peer;
  OpenedReceipt receipt;
};

// Whoever hands it in, it is of who signed it: a relay has those of peers that cannot reach this instance.
core::Result<Signed> opened_in(std::string_view body, log::VerifierKey const& control,
                               std::vector<std::pair<std::string, log::VerifierKey>> const& keys,
                               federation::RootAt const& root_at) {
  std::optional<core::Error> why;
  std::optional<core::Result<std::optional<core::Digest>>> root;  // of the one size, from all leaves before it
  auto const once = [&](std::uint64_t size) { return root ? *root : root.emplace(root_at(size)); };
  for (auto const& [peer, key] : keys) {
    auto opened = federation::open_receipt(body, control, key, once);
    if (opened) return Signed{peer, *std::move(opened)};
    if (!why) why = opened.error();
    if (opened.error().code != core::Code::forbidden) break;
  }
  return std::unexpected(*why);
}

// Of what is stored; nullopt beyond what was signed.
core::Result<std::optional<core::Digest>> root_at(store::LeafReader& leaves, std::uint64_t signed_size,
                                                  std::uint64_t size) {
  constexpr std::uint64_t kAtOnce = 65'536;
  if (size > signed_size) return std::nullopt;
  log::CompactRange range;
  while (range.size() < size) {
    auto const hashes = leaves.hashes(store::LogName::control, range.size(), std::min(kAtOnce, size - range.size()));
    if (!hashes) return std::unexpected(hashes.error());
    for (std::size_t at = 0; at + 32 <= hashes->size(); at += 32)
      range.append(core::to_array<32>(std::string_view(*hashes).substr(at, 32)).value());
  }
  return range.root();
}

bool is_text(std::optional<std::string_view> type) {
  return type && (*type == "text/plain" || type->starts_with("text/plain;"));
}

http::Response empty_answer() {
  http::Response response;
  response.status = 204;
  return response;
}

// What the caller signed, of this log; nobody brings what another one says of those behind him.
core::Result<std::string> statement_in(Context const& context, std::string_view body, log::VerifierKey const& key) {
  auto const control = context.control_key();
  if (!control) return std::unexpected(control.error());
  auto said = log::open_dependents(body, key);
  if (!said) return std::unexpected(said.error());
  if (said->dependents.control != control->name())
    return core::fail(core::Code::conflict, "The statement of dependents is about the log of another instance.");
  return std::move(said->note);
}

Answer take_dependents(Context& context, http::Request& request, std::string_view body, log::VerifierKey const& key) {
  auto const note = co_await context.bridge.run<std::string>(request.principal->organisation, [&](store::ReadStore&) {
    return statement_in(context, body, key);  // on a thread that may read a file
  });
  if (!note) co_return error_answer(request, note.error());
  store::SaidOfDependents const said{request.principal->organisation, *note, context.clock.now_us()};
  auto const kept = co_await change<Done>(context, request, without_value([&] { return context.recalls.keep(said); }));
  if (!kept) co_return error_answer(request, kept.error());
  co_return empty_answer();
}

}  // namespace

Answer take_receipt(Context& context, http::Request& request) {
  if (!is_text(request.headers.find("Content-Type")))
    co_return error_answer(request, {core::Code::unsupported_media_type,
                                     "The Content-Type of the body is not accepted.", "", "Use text/plain."});
  if (request.parameters.front() != "control")
    co_return error_answer(request, {core::Code::not_found, "Receipts are about the control log.", "", ""});
  auto const body = co_await request.body->read_all();
  if (!body) co_return error_answer(request, body.error());
  auto const keys = applied_keys(context, request);
  if (keys.empty()) co_return error_answer(request, no_peer());
  if (log::Dependents::begins(*body)) co_return co_await take_dependents(context, request, *body, keys.front().second);
  auto const opened = co_await context.bridge.run<Signed>(
      request.principal->organisation, [&](store::ReadStore& reader) -> core::Result<Signed> {
        auto const control = context.control_key();
        if (!control) return std::unexpected(control.error());
        return opened_in(*body, *control, keys, [&](std::uint64_t size) {
          return root_at(reader.leaves(), context.logs.control ? context.logs.control->size() : 0, size);
        });
      });
  if (!opened) co_return error_answer(request, opened.error());
  auto const directory = context.registry.current();
  auto const* peer = directory->organisation(std::string_view(opened->peer));
  if (peer == nullptr) co_return error_answer(request, no_peer());
  auto const& [size, time_s, note] = opened->receipt;
  store::Receipt const receipt{peer->row, size, note, context.clock.now_us()};
  auto const kept =
      co_await change<Done>(context, request, without_value([&] { return context.recalls.keep(receipt); }));
  if (!kept) co_return error_answer(request, kept.error());
  co_return empty_answer();
}

}  // namespace tocsin::endpoints
