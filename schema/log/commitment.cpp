#include "schema/log/commitment.hpp"

#include <algorithm>

#include "schema/core/digest.hpp"
#include "schema/log/hash.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::log {
namespace {

core::Digest commit(std::string_view label, core::Salt const& salt, std::string_view data) {
  std::array<std::string_view, 2> parts{core::view(salt), data};
  return core::hmac_sha256(label, parts);
}

}  // namespace

std::string Header::text() const {
  std::string out = "{\"class\":\"" + core::to_hex(core::view(class_token)) + "\",\"class_seq\":" + std::to_string(class_sequence) +
                    ",\"control_size\":" + std::to_string(control_size) + ",\"log\":\"data\",\"op\":\"put\",\"origin\":";
  stix::append_canonical_string(out, origin);
  return out + ",\"v\":1}";
}

core::Digest commit_header(core::Salt const& salt, std::string_view header) { return commit("fed/hdr/v1", salt, header); }

core::Digest commit_body(core::Salt const& salt, std::string_view body) { return commit("fed/body/v1", salt, body); }

Entry entry(core::Digest const& header_commitment, core::Digest const& body_commitment) {
  thread_local core::Sha256 hash;
  core::Digest digest =
      hash.update("fed/entry/v1\n").update(core::view(header_commitment)).update(core::view(body_commitment)).finish();
  Entry out;
  out[0] = 1;
  std::ranges::copy(digest, out.begin() + 1);
  return out;
}

core::Digest leaf(Entry const& entry) { return leaf_hash(core::view(entry)); }

}  // namespace tocsin::log
