// What a request presents to say who asks. Views of the request, or of whoever keeps a copy; any thread.
#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "server/access/authenticate.hpp"
#include "server/access/permissions.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

struct Presented {
  std::optional<std::string_view> authorization;
  base::ClientCertificate const* certificate = nullptr;  // at the mtls door; null: not trusted
  bool at_mtls_door = false;
  bool basic = false;  // whether the surface accepts Basic
  std::string_view address;
};

[[nodiscard]] Presented presented(http::Request const& request);

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
