// Shapes that answers share: errors in the surface's media type, JSON documents, content negotiation of TAXII. Pure;
// any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "server/access/directory.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

inline constexpr std::string_view kTaxii = "application/taxii+json;version=2.1";

// A TAXII error message (TAXII 2.1 section 3.6.1) below /taxii2, problem details (RFC 9457) elsewhere.
[[nodiscard]] http::Response error_answer(http::Request const& request, core::Error const& error);

[[nodiscard]] http::Response json_answer(int status, nlohmann::json const& document,
                                         std::string_view media_type = "application/json");
// Of a document that was rendered already.
[[nodiscard]] http::Response text_answer(int status, std::string document, std::string_view media_type);
[[nodiscard]] std::string rendered(nlohmann::json const& document);

// Does an Accept header allow TAXII 2.1? With or without version, spaces, in a list, */*; an absent header does.
[[nodiscard]] bool accepts_taxii(std::optional<std::string_view> accept);

// Is a Content-Type one that TAXII POST takes: application/taxii+json or application/stix+json, with version 2.1 or
// none?
[[nodiscard]] bool is_taxii_body(std::optional<std::string_view> content_type);
[[nodiscard]] bool is_json_body(std::optional<std::string_view> content_type);

[[nodiscard]] access::View const& view_of(http::Request const& request);
[[nodiscard]] std::shared_ptr<access::View const> shared_view_of(http::Request const& request);

// Who asks, as the audit trail names them: a credential, the operator on the admin socket, or the program itself.
[[nodiscard]] store::Actor actor_of(http::Request const& request);

}  // namespace tocsin::endpoints
