// Who is signed in to the console: a browser shows a cookie where a program shows its token. Kept in memory, by the
// digest of what the cookie holds, so that neither a restart nor a copy of the data lets anybody in. Whether the
// credential still holds is asked of the directory at each use. Owned by app; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "schema/core/digest.hpp"
#include "schema/core/result.hpp"
#include "server/access/directory.hpp"
#include "server/base/client_certificate.hpp"

namespace tocsin::access {

// RFC 6265bis section 4.1.3.2: browsers take it over HTTPS only, for this host alone and for all its paths.
inline constexpr std::string_view kConsoleCookie = "__Host-tocsin";

// What the cookie of that name holds in a `Cookie` header (RFC 6265 section 4.2.1). nullopt: there is none, more than
// one, or it is not as it was given.
[[nodiscard]] std::optional<std::string_view> console_cookie(std::string_view header);

struct SignedIn {
  std::string credential;           // its id
  core::Digest secret{};            // of the credential's secret when it was shown: a new one ends this
  std::optional<core::Digest> pin;  // of the certificate beside it, where certificates are asked for; none: elsewhere
  std::int64_t idle_us = 0, until_us = 0;  // from then on it is nobody's: unless it is used, and in any case
};

class SignedInSessions {
 public:
  static constexpr std::int64_t kIdle_us = 15 * 60 * 1'000'000LL, kLongest_us = 8 * 3'600 * 1'000'000LL;
  static constexpr std::size_t kMostOfOne = 8, kMost = 10'000;

  struct Opened {
    std::string value;  // for the cookie: 256 random bits
    SignedIn session;
  };
  // `certificate`: which was shown with it; null: the listener asks for none. The oldest of the same credential makes
  // way when it has too many. Error unavailable: all have too many.
  [[nodiscard]] core::Result<Opened> open(Session const& credential, base::ClientCertificate const* certificate,
                                          std::int64_t now_us);

  // nullopt: nobody's, or no more.
  [[nodiscard]] std::optional<SignedIn> find(core::Digest const& name, std::int64_t now_us) const;
  // As a person's doing: it is idle from now on.
  std::optional<SignedIn> use(core::Digest const& name, std::int64_t now_us);
  void close(core::Digest const& name);

  [[nodiscard]] std::size_t size() const;

 private:
  void make_room(std::string const& credential, std::int64_t now_us);

  mutable std::mutex mutex_;
  std::map<core::Digest, SignedIn> sessions_;
};

}  // namespace tocsin::access
