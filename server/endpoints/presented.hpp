// What a request presents to say who asks. Views of the request, or of whoever keeps a copy; any thread.
#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "server/access/authenticate.hpp"
#include "server/access/permissions.hpp"
#include "server/access/signed_in.hpp"
#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

struct Presented {
  std::optional<std::string_view> authorization;
  base::ClientCertificate const* certificate = nullptr;  // at the mtls door; null: not trusted
  bool at_mtls_door = false;
  bool basic = false;  // whether the surface accepts Basic
  std::string_view address;
  // Under which name somebody is signed in to the console; absent beside Authorization, which counts for more.
  std::optional<core::Digest> session;
  access::SignedInSessions const* sessions = nullptr;  // with `session`; outlives all requests
};

[[nodiscard]] Presented presented(Context const& context, http::Request const& request);

// Why a request is refused that was made in a session of the console: a browser sends the cookie with it whoever made
// it do so. Of ours it says that its page is of this origin, and with a method that changes something it has the header
// X-Tocsin-Console, which a page of another origin cannot send. nullopt: it may go on. Error origin_refused.
[[nodiscard]] std::optional<core::Error> not_of_console(http::Request const& request);

// Who that is, as the directory is. Errors: as access::authenticate.
[[nodiscard]] std::expected<access::Authenticated, access::Refusal> authenticate(access::Directory const& directory,
                                                                                 Presented const& by,
                                                                                 std::int64_t now_us);

// The same, of whoever acts later than the gates decided: also whether he may still do it. Error forbidden as well.
[[nodiscard]] std::expected<access::Authenticated, core::Error> authorise(access::Directory const& directory,
                                                                          Presented const& by,
                                                                          access::Permission const& permission,
                                                                          std::int64_t now_us);

}  // namespace tocsin::endpoints
