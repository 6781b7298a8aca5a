#include "server/endpoints/keyed_requests.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "schema/core/digest.hpp"

namespace tocsin::endpoints {
namespace {

constexpr char const* kHeader = "Idempotency-Key";
constexpr std::size_t kLongest = 128;

bool is_of_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~:+/=").contains(c);
}

// With its length before it: no two lists of texts become the same bytes.
void add(std::string& to, std::string_view text) { to.append(std::to_string(text.size())).append(":").append(text); }

}  // namespace

core::Digest KeyedRequests::of_key(std::string_view key) const {
  std::array<std::string_view, 2> const parts{"key\n", key};
  return core::hmac_sha256(core::view(secret_), parts);
}

core::Digest KeyedRequests::of_request(http::Request const& request, core::Digest const& body) const {
  std::string asked;
  add(asked, request.principal->credential_id);
  add(asked, name(request.method));
  add(asked, request.path);
  add(asked, request.headers.find("Content-Type").value_or(""));
  for (auto const& [name, value] : request.query.parameters()) {
    add(asked, name);
    add(asked, value);
  }
  std::array<std::string_view, 3> const parts{"request\n", core::view(body), asked};
  return core::hmac_sha256(core::view(secret_), parts);
}

std::optional<KeyedRequests::Ticket> KeyedRequests::enter(std::int64_t organisation, core::Digest const& key) {
  Place const place{organisation, key};
  std::lock_guard lock(mutex_);
  if (!under_way_.insert(place).second) return std::nullopt;
  return Ticket(this, [this, place](void const*) {
    std::lock_guard leaving(mutex_);
    under_way_.erase(place);
  });
}

core::Result<std::optional<std::string_view>> idempotency_key(http::Request const& request) {
  auto key = request.headers.find(kHeader);
  if (!key) return std::nullopt;
  if (key->size() > 1 && key->front() == '"' && key->back() == '"') key = key->substr(1, key->size() - 2);
  if (request.headers.count(kHeader) == 1 && !key->empty() && key->size() <= kLongest &&
      std::ranges::all_of(*key, is_of_key))
    return key;
  return core::fail(
      core::Code::idempotency_key_invalid,
      "Idempotency-Key is there twice, or is not 1 to " + std::to_string(kLongest) + " letters, digits and -._~:+/=.",
      "", "Send one, for example a UUID.");
}

}  // namespace tocsin::endpoints
