#include "schema/log/commitment.hpp"

#include <algorithm>
#include <utility>

#include "schema/core/digest.hpp"
#include "schema/log/hash.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kHeaderLabel = "fed/hdr/v1", kBodyLabel = "fed/body/v1", kEntryLabel = "fed/entry/v1\n";

core::Digest commit(std::string_view label, core::Salt const& salt, std::string_view data) {
  return core::hmac_sha256(label, std::array{core::view(salt), data});
}

}  // namespace

core::Digest commit_header(core::Salt const& salt, std::string_view header) {
  return commit(kHeaderLabel, salt, header);
}

core::Digest commit_body(core::Salt const& salt, std::string_view body) { return commit(kBodyLabel, salt, body); }

Entry entry(core::Digest const& header_commitment, core::Digest const& body_commitment) {
  thread_local core::Sha256 hash;
  core::Digest const digest =
      hash.update(kEntryLabel).update(core::view(header_commitment)).update(core::view(body_commitment)).finish();
  Entry out{0x01};
  std::ranges::copy(digest, out.begin() + 1);
  return out;
}

core::Digest leaf(Entry const& entry) { return leaf_hash(core::view(entry)); }

Sealed seal(core::Salt const& header_salt, Header const& header, core::Digest const& body_commitment) {
  std::string text = header.text();
  Entry const sealed = entry(commit_header(header_salt, text), body_commitment);
  return {std::move(text), sealed, leaf(sealed)};
}

}  // namespace tocsin::log
