#include "server/endpoints/answers.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "server/http/text.hpp"

namespace tocsin::endpoints {
namespace {

using http::equal_ignoring_case;
using http::trim;

// Takes the text up to `separator` off the front, trimmed.
std::string_view take(std::string_view& text, char separator) {
  auto end = text.find(separator);
  std::string_view part = trim(text.substr(0, end));
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

// "2.1" of `version = "2.1"`; nullopt when the parameter is another.
std::optional<std::string_view> version_of(std::string_view parameter) {
  auto equals = parameter.find('=');
  if (equals == std::string_view::npos || !equal_ignoring_case(trim(parameter.substr(0, equals)), "version"))
    return std::nullopt;
  std::string_view value = trim(parameter.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return value;
}

bool range_allows(std::string_view range) {
  std::string_view type = take(range, ';');
  bool wide = type == "*/*" || equal_ignoring_case(type, "application/*");
  if (!wide && !equal_ignoring_case(type, "application/taxii+json")) return false;
  while (!range.empty()) {
    std::string_view parameter = take(range, ';');
    if (auto version = version_of(parameter); version && *version != "2.1") return false;
    if (equal_ignoring_case(parameter.substr(0, 2), "q=") &&
        std::strtod(std::string(parameter.substr(2)).c_str(), nullptr) <= 0)
      return false;
  }
  return true;
}

}  // namespace

http::Response error_answer(http::Request const& request, core::Error const& error) {
  core::CodeRow const& row = core::row(error.code);
  bool taxii = request.path == "/taxii2" || request.path.starts_with("/taxii2/");
  std::string description = error.detail;
  if (!error.remedy.empty()) description += " " + error.remedy;
  nlohmann::json document;
  if (taxii) {
    document = {{"title", row.title},
                {"description", description},
                {"error_id", request.request_id},
                {"error_code", row.code},
                {"http_status", std::to_string(row.http)}};
  } else {
    document = {{"type", "about:blank"}, {"title", row.title}, {"status", row.http},
                {"detail", description}, {"code", row.code},   {"request_id", request.request_id}};
    if (!error.pointer.empty()) document["pointer"] = error.pointer;
  }
  http::Response response = json_answer(row.http, document, taxii ? kTaxii : "application/problem+json");
  if (row.http == 401)
    response.headers.emplace_back(
        "WWW-Authenticate", taxii ? "Basic realm=\"Tocsin\", Bearer realm=\"Tocsin\"" : "Bearer realm=\"Tocsin\"");
  // The client sends the same again, and knows by the header that this 409 passes.
  if (row.http == 429 || row.http == 503 || error.code == core::Code::idempotency_key_under_way)
    response.headers.emplace_back("Retry-After", "1");
  return response;
}

std::string rendered(nlohmann::json const& document) {
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

http::Response text_answer(int status, std::string document, std::string_view media_type) {
  http::Response response;
  response.status = status;
  response.content_type = media_type;
  response.body = std::move(document);
  return response;
}

http::Response json_answer(int status, nlohmann::json const& document, std::string_view media_type) {
  return text_answer(status, rendered(document), media_type);
}

bool accepts_taxii(std::optional<std::string_view> accept) {
  if (!accept || trim(*accept).empty()) return true;
  while (!accept->empty())
    if (range_allows(take(*accept, ','))) return true;
  return false;
}

bool is_taxii_body(std::optional<std::string_view> content_type) {
  if (!content_type) return false;
  std::string_view rest = *content_type, type = take(rest, ';');
  if (!equal_ignoring_case(type, "application/taxii+json") && !equal_ignoring_case(type, "application/stix+json"))
    return false;
  while (!rest.empty())
    if (auto version = version_of(take(rest, ';')); version && *version != "2.1") return false;
  return true;
}

bool is_json_body(std::optional<std::string_view> content_type) {
  if (!content_type) return false;
  std::string_view rest = *content_type;
  return equal_ignoring_case(take(rest, ';'), "application/json");
}

access::View const& view_of(http::Request const& request) {
  return *static_cast<access::View const*>(request.visibility.get());
}

std::shared_ptr<access::View const> shared_view_of(http::Request const& request) {
  return std::static_pointer_cast<access::View const>(request.visibility);
}

store::Actor actor_of(http::Request const& request) {
  if (request.principal == nullptr) return {};
  return {request.principal->organisation_name, request.principal->credential_id};
}

}  // namespace tocsin::endpoints
