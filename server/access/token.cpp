#include "server/access/token.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "schema/core/digest.hpp"

namespace tocsin::access {
namespace {

constexpr std::string_view kPrefix = "tocsin_";
constexpr std::size_t kIdLength = 16, kSecretLength = 43;

bool is_scheme(std::string_view text, std::string_view scheme) {
  return std::ranges::equal(text, scheme, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

}  // namespace

NewToken make_token() {
  std::array<std::uint8_t, 8> id;
  core::random_bytes(id);
  return make_token(core::to_hex(core::view(id)));
}

NewToken make_token(std::string id) {
  core::Salt secret = core::random_salt();
  std::string secret_text = core::to_base64url(core::view(secret));
  NewToken out{"", std::move(id), core::sha256(secret_text)};
  out.token = std::string(kPrefix) + out.id + "_" + secret_text;
  return out;
}

std::optional<TokenParts> split_token(std::string_view token) {
  if (token.size() != kPrefix.size() + kIdLength + 1 + kSecretLength || !token.starts_with(kPrefix))
    return std::nullopt;
  token.remove_prefix(kPrefix.size());
  if (token[kIdLength] != '_') return std::nullopt;
  return TokenParts{token.substr(0, kIdLength), token.substr(kIdLength + 1)};
}

std::optional<std::string> token_of_header(std::string_view authorization, bool basic) {
  auto space = authorization.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  std::string_view scheme = authorization.substr(0, space), rest = authorization.substr(space);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  while (!rest.empty() && rest.back() == ' ') rest.remove_suffix(1);
  if (is_scheme(scheme, "bearer") || is_scheme(scheme, "token")) return std::string(rest);
  if (!basic || !is_scheme(scheme, "basic")) return std::nullopt;
  auto pair = core::from_base64(rest);
  if (!pair) return std::nullopt;
  auto colon = pair->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return pair->substr(colon + 1);
}

}  // namespace tocsin::access
