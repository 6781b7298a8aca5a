#include "server/access/authenticate.hpp"

#include <algorithm>

#include "schema/core/digest.hpp"
#include "server/access/token.hpp"

namespace tocsin::access {
namespace {

bool in_range(Session const& session, std::string_view peer_address) {
  if (session.networks.empty()) return true;
  auto address = parse_address(peer_address);
  return address &&
         std::ranges::any_of(session.networks, [&](Network const& network) { return network.contains(*address); });
}

std::unexpected<Refusal> refuse(std::string_view reason, std::shared_ptr<base::Principal const> whose = nullptr) {
  core::Error same{
      core::Code::unauthorized, "No valid credential was presented.", "",
      "Send the API token as `Authorization: Bearer tocsin_…`; under /taxii2/ also as the password of Basic."};
  return std::unexpected(Refusal{std::move(same), reason, std::move(whose)});
}

// The same at the door that asks for certificates, whatever it was: no token helps there without one.
Refusal of_certificate(Refusal refusal) {
  refusal.detail = "No valid client certificate was presented, or not with a token of its organisation.";
  refusal.remedy =
      "Present a certificate that the operator made a credential for; a token beside it has to be valid, too.";
  return refusal;
}

// Whether a credential that was presented rightly may be used here and now.
std::expected<Authenticated, Refusal> let_in(Session const& session, std::string_view peer_address,
                                             std::int64_t now_us) {
  if (session.credential.revoked_us) return refuse("revoked", session.principal);
  if (session.disabled) return refuse("disabled", session.principal);
  if (session.credential.expires_us && *session.credential.expires_us <= now_us)
    return refuse("expired", session.principal);
  if (session.credential.invitation_us && *session.credential.invitation_us <= now_us)
    return refuse("expired", session.principal);
  if (!in_range(session, peer_address)) return refuse("wrong-address", session.principal);
  return Authenticated{session.principal, session.view};
}

}  // namespace

std::expected<Authenticated, Refusal> authenticate(Directory const& directory,
                                                   std::optional<std::string_view> authorization, bool basic,
                                                   std::string_view peer_address, std::int64_t now_us) {
  if (!authorization) return refuse("missing");
  auto token = token_of_header(*authorization, basic);
  auto parts = token ? split_token(*token) : std::nullopt;
  if (!parts) return refuse("malformed");
  Session const* session = directory.session(parts->id);
  if (session != nullptr && !session->credential.certificate.empty()) session = nullptr;  // it has no secret
  // An unknown id costs the same digest and comparison as a known one.
  static core::Digest const nobody{};
  core::Digest digest = core::sha256(parts->secret);
  bool matches = core::equal_constant_time(core::view(digest),
                                           core::view(session != nullptr ? session->credential.secret_digest : nobody));
  if (session == nullptr) return refuse("unknown");
  if (!matches) return refuse("wrong-secret");
  return let_in(*session, peer_address, now_us);
}

namespace {

std::expected<Authenticated, Refusal> let_in(Directory const& directory, base::ClientCertificate const* certificate,
                                             std::optional<std::string_view> authorization, bool basic,
                                             std::string_view peer_address, std::int64_t now_us) {
  if (certificate == nullptr) return refuse("untrusted");
  if (directory.is_denied(certificate->pin)) return refuse("denied");
  auto sessions = directory.sessions(*certificate);
  if (sessions.empty()) return refuse("unbound");
  if (sessions.size() > 1) return refuse("ambiguous");
  if (certificate->ends_us <= now_us) return refuse("expired", sessions.front()->principal);
  auto bound = let_in(*sessions.front(), peer_address, now_us);
  if (!bound || !authorization) return bound;
  auto spoken = authenticate(directory, authorization, basic, peer_address, now_us);
  if (!spoken) return spoken;
  if (spoken->principal->organisation != bound->principal->organisation) return refuse("disagreeing", bound->principal);
  return spoken;
}

}  // namespace

std::expected<Authenticated, Refusal> authenticate_certificate(Directory const& directory,
                                                               base::ClientCertificate const* certificate,
                                                               std::optional<std::string_view> authorization,
                                                               bool basic, std::string_view peer_address,
                                                               std::int64_t now_us) {
  auto who = let_in(directory, certificate, authorization, basic, peer_address, now_us);
  if (!who) return std::unexpected(of_certificate(std::move(who.error())));
  return who;
}

std::expected<Authenticated, Refusal> authenticate_signed_in(Directory const& directory,
                                                             std::optional<SignedIn> const& signed_in,
                                                             bool at_mtls_door,
                                                             base::ClientCertificate const* certificate,
                                                             std::string_view peer_address, std::int64_t now_us) {
  if (!signed_in) return refuse("signed-out");
  if (signed_in->pin.has_value() != at_mtls_door) return refuse("wrong-door");
  auto const* session = directory.session(signed_in->credential);
  if (session == nullptr) return refuse("unknown");
  if (session->credential.secret_digest != signed_in->secret) return refuse("signed-out", session->principal);
  auto who = let_in(*session, peer_address, now_us);
  if (!who || !at_mtls_door) return who;
  auto bound = let_in(directory, certificate, std::nullopt, false, peer_address, now_us);
  if (!bound) return bound;
  if (certificate->pin != *signed_in->pin) return refuse("disagreeing", bound->principal);
  if (bound->principal->organisation != who->principal->organisation) return refuse("disagreeing", bound->principal);
  return who;
}

}  // namespace tocsin::access
