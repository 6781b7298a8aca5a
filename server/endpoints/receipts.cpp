// What peers say that they applied of the control log: schema/openapi.yaml, takeReceipt.
#include <algorithm>

#include "schema/log/compact_range.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/federation/receipts.hpp"

namespace tocsin::endpoints {
namespace {

core::Error no_peer() {
  return {core::Code::forbidden, "Receipts are taken of peers alone.", "", "Show the certificate of your manifest."};
}

std::optional<log::VerifierKey> applied_key_of(Context& context, http::Request const& request) {
  for (auto const& known : context.peering.peers())
    if (known.peer.name == request.principal->organisation_name && known.peer.state == store::PeerState::active)
      return known.manifest.applied;
  return std::nullopt;
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

}  // namespace

Answer take_receipt(Context& context, http::Request& request) {
  if (!is_text(request.headers.find("Content-Type")))
    co_return error_answer(request, {core::Code::unsupported_media_type,
                                     "The Content-Type of the body is not accepted.", "", "Use text/plain."});
  if (request.parameters.front() != "control")
    co_return error_answer(request, {core::Code::not_found, "Receipts are about the control log.", "", ""});
  auto const body = co_await request.body->read_all();
  if (!body) co_return error_answer(request, body.error());
  auto const applied = request.principal ? applied_key_of(context, request) : std::nullopt;
  if (!applied) co_return error_answer(request, no_peer());
  using federation::OpenedReceipt;
  auto const opened = co_await context.bridge.run<OpenedReceipt>(
      request.principal->organisation, [&](store::ReadStore& reader) -> core::Result<OpenedReceipt> {
        auto const control = context.control_key();
        if (!control) return std::unexpected(control.error());
        return federation::open_receipt(*body, *control, *applied, [&](std::uint64_t size) {
          return root_at(reader.leaves(), context.logs.control ? context.logs.control->size() : 0, size);
        });
      });
  if (!opened) co_return error_answer(request, opened.error());
  store::Receipt const receipt{request.principal->organisation, opened->size, opened->note, context.clock.now_us()};
  auto const kept =
      co_await change<Done>(context, request, without_value([&] { return context.recalls.keep(receipt); }));
  if (!kept) co_return error_answer(request, kept.error());
  http::Response response;
  response.status = 204;
  co_return response;
}

}  // namespace tocsin::endpoints
