// What an instance says of a feed that it hands out: what was asked for, which bytes that is, and since when. It is
// signed with the key of the instance's log. Values of their users; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/keys.hpp"

namespace tocsin::log {

struct FeedManifest {
  std::string feed;              // its name
  std::string asked;             // asked_digest of the request
  std::uint64_t generation = 0;  // of two answers of an instance, the later one has the greater number
  std::string as_of;             // RFC 3339, as schema/stix/timestamp.hpp writes it
  std::string expires;           // likewise
  std::uint64_t entries = 0;
  std::string sha256;  // of the bytes, in hexadecimal digits

  // A title that names the kind and its version, and a line `member VALUE` each, in this order.
  [[nodiscard]] std::string text() const;
  // Exactly what text() writes. Error: note_malformed.
  [[nodiscard]] static core::Result<FeedManifest> parse(std::string_view text);

  friend bool operator==(FeedManifest const&, FeedManifest const&) = default;
};

// SHA-256 of the parameters of a request, in hexadecimal digits: name, NUL, value, NUL each, sorted.
[[nodiscard]] std::string asked_digest(std::vector<std::pair<std::string, std::string>> parameters);

// A note. `log_key` is of type `signature`. Error: note_malformed.
[[nodiscard]] core::Result<std::string> sign_feed_manifest(FeedManifest const& manifest, SignerKey const& log_key);
// Errors: note_malformed; note_unverified unless that key signed it.
[[nodiscard]] core::Result<FeedManifest> open_feed_manifest(std::string_view note, VerifierKey const& log_key);

}  // namespace tocsin::log
