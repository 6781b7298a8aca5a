// From what a request presents to who is asking. Constant time in the secret; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <expected>

#include "schema/core/result.hpp"
#include "server/access/directory.hpp"
#include "server/access/signed_in.hpp"

namespace tocsin::access {

struct Authenticated {
  std::shared_ptr<base::Principal const> principal;
  std::shared_ptr<View const> view;
};

// The error is for the caller, and the same for every failure. The rest is for the operator's log and is never sent:
// why (missing, malformed, unknown, wrong-secret, disabled, revoked, expired, wrong-address; of a client certificate
// also untrusted, denied, unbound, ambiguous, disagreeing; of a cookie signed-out, wrong-door), and which credential it
// was when the secret was the right one.
struct Refusal : core::Error {
  std::string_view reason;
  std::shared_ptr<base::Principal const> whose;
};

// `authorization`: the header's value, absent when there is none. `basic`: whether the surface accepts Basic. Every
// failure is the same unauthorized error: unknown, wrong, expired, revoked, disabled and out of range are not told
// apart.
[[nodiscard]] std::expected<Authenticated, Refusal> authenticate(Directory const& directory,
                                                                 std::optional<std::string_view> authorization,
                                                                 bool basic, std::string_view peer_address,
                                                                 std::int64_t now_us);

// On a listener that asks for client certificates. `certificate` is null when the chain is not trusted any more, or its
// names can be taken for nobody. Alone it is the one credential that asks for its pin or one of its names; a
// certificate that no credential or more than one asks for is refused, and so is one whose pin is denied. With a token
// as well, the token decides what is allowed, and only if both are of one organisation.
[[nodiscard]] std::expected<Authenticated, Refusal> authenticate_certificate(
    Directory const& directory, base::ClientCertificate const* certificate,
    std::optional<std::string_view> authorization, bool basic, std::string_view peer_address, std::int64_t now_us);

// Of a cookie instead of a token. `signed_in`: nullopt when nobody is, under that cookie. A session holds at the door
// at which it was begun, and where that asks for certificates beside the same one.
[[nodiscard]] std::expected<Authenticated, Refusal> authenticate_signed_in(
    Directory const& directory, std::optional<SignedIn> const& signed_in, bool at_mtls_door,
    base::ClientCertificate const* certificate, std::string_view peer_address, std::int64_t now_us);

}  // namespace tocsin::access
