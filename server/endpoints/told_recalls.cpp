#include "server/endpoints/told_recalls.hpp"

#include "schema/log/decimal.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/stored_objects.hpp"

namespace tocsin::endpoints {
namespace {

core::Error no_recall() {
  return {core::Code::not_found, "There is no such recall.", "", "`tocsin recall status` lists them."};
}

}  // namespace

bool is_administrator(http::Request const& request) {
  return request.on_admin_socket || (request.principal && request.principal->roles.has(base::Role::admin));
}

core::Result<bool> is_told(store::ReadStore& reader, access::Directory const& directory, http::Request const& request,
                           store::MadeRecall const& made) {
  if (is_administrator(request)) return true;
  if (made.asserter != request.principal->organisation) return false;
  auto const stored = reader.retractions().stored(made.asserter, made.type, made.uuid);
  if (!stored) return std::unexpected(stored.error());
  return *stored && is_shown(**stored, made.asserter, view_of(request)) && is_within(directory, request, **stored);
}

core::Result<store::MadeRecall> told_recall(store::ReadStore& reader, access::Directory const& directory,
                                            http::Request const& request) {
  auto const position = log::parse_decimal(request.parameters.front());
  if (!position) return std::unexpected(no_recall());
  auto const made = reader.recalls().recall(*position);
  if (!made) return std::unexpected(made.error());
  if (!*made) return std::unexpected(no_recall());
  auto const shown = is_told(reader, directory, request, **made);
  if (!shown) return std::unexpected(shown.error());
  if (!*shown) return std::unexpected(no_recall());
  return **made;
}

}  // namespace tocsin::endpoints
