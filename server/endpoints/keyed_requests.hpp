// Requests that come with an Idempotency-Key: which are under way, and under what their answers are found. Owned by
// app, outlives every ticket; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

class KeyedRequests {
 public:
  // Gives the key back when it is destroyed. Never null.
  using Ticket = std::shared_ptr<void const>;

  explicit KeyedRequests(core::Digest const& secret) : secret_(secret) {}

  // The digests are keyed: what is kept lets nobody test guesses of what was sent.
  [[nodiscard]] core::Digest of_key(std::string_view key) const;
  // Of credential, method, path, query, media type, and the digest of the body.
  [[nodiscard]] core::Digest of_request(http::Request const& request, core::Digest const& body) const;

  // nullopt: a request of this organisation with this key is under way.
  [[nodiscard]] std::optional<Ticket> enter(std::int64_t organisation, core::Digest const& key);

 private:
  using Place = std::pair<std::int64_t, core::Digest>;

  core::Digest const secret_;
  std::mutex mutex_;
  std::set<Place> under_way_;
};

// The key of a request; nullopt: it has none. Error: idempotency_key_invalid unless it is one header of 1 to 128
// letters, digits and -._~:+/=, which may stand in quotation marks.
[[nodiscard]] core::Result<std::optional<std::string_view>> idempotency_key(http::Request const& request);

}  // namespace tocsin::endpoints
