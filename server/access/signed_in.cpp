#include "server/access/signed_in.hpp"

#include <algorithm>

namespace tocsin::access {
namespace {

constexpr std::size_t kLength = 43;  // of 256 bits in base64url

bool is_over(SignedIn const& one, std::int64_t now_us) { return now_us >= one.idle_us || now_us >= one.until_us; }

std::string_view without_spaces(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<std::string_view> console_cookie(std::string_view header) {
  std::optional<std::string_view> found;
  while (!header.empty()) {
    auto const end = std::min(header.find(';'), header.size());
    auto const pair = without_spaces(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    if (!pair.starts_with(kConsoleCookie) || pair.substr(kConsoleCookie.size()).find('=') != 0) continue;
    if (found) return std::nullopt;
    found = pair.substr(kConsoleCookie.size() + 1);
  }
  if (!found || found->size() != kLength) return std::nullopt;
  return found;
}

core::Result<SignedInSessions::Opened> SignedInSessions::open(Session const& credential,
                                                              base::ClientCertificate const* certificate,
                                                              std::int64_t now_us) {
  std::lock_guard const lock(mutex_);
  make_room(credential.credential.token_id, now_us);
  if (sessions_.size() >= kMost)
    return core::fail(core::Code::unavailable, "As many are signed in as may be.", "",
                      "Try again in a moment; a session that is not used ends after a quarter of an hour.");
  Opened out;
  out.value = core::to_base64url(core::view(core::random_salt()));
  auto const pin = certificate != nullptr ? std::optional(certificate->pin) : std::nullopt;
  out.session = {credential.credential.token_id, credential.credential.secret_digest, pin, now_us + kIdle_us,
                 now_us + kLongest_us};
  sessions_.insert_or_assign(core::sha256(out.value), out.session);
  return out;
}

// What is over goes; then the oldest of that credential, should it have as many as one may.
void SignedInSessions::make_room(std::string const& credential, std::int64_t now_us) {
  std::erase_if(sessions_, [&](auto const& one) { return is_over(one.second, now_us); });
  auto const is_of_it = [&](auto const& one) { return one.second.credential == credential; };
  if (static_cast<std::size_t>(std::ranges::count_if(sessions_, is_of_it)) < kMostOfOne) return;
  auto oldest = sessions_.end();
  for (auto one = sessions_.begin(); one != sessions_.end(); ++one)
    if (is_of_it(*one) && (oldest == sessions_.end() || one->second.until_us < oldest->second.until_us)) oldest = one;
  sessions_.erase(oldest);
}

std::optional<SignedIn> SignedInSessions::find(core::Digest const& name, std::int64_t now_us) const {
  std::lock_guard const lock(mutex_);
  auto const found = sessions_.find(name);
  if (found == sessions_.end() || is_over(found->second, now_us)) return std::nullopt;
  return found->second;
}

std::optional<SignedIn> SignedInSessions::use(core::Digest const& name, std::int64_t now_us) {
  std::lock_guard const lock(mutex_);
  auto const found = sessions_.find(name);
  if (found == sessions_.end() || is_over(found->second, now_us)) return std::nullopt;
  found->second.idle_us = std::max(found->second.idle_us, std::min(now_us + kIdle_us, found->second.until_us));
  return found->second;
}

void SignedInSessions::close(core::Digest const& name) {
  std::lock_guard const lock(mutex_);
  sessions_.erase(name);
}

std::size_t SignedInSessions::size() const {
  std::lock_guard const lock(mutex_);
  return sessions_.size();
}

}  // namespace tocsin::access
