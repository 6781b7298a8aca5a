#include "schema/log/opening.hpp"

namespace tocsin::log {
namespace {

constexpr char kVersion = 0x01;
constexpr std::size_t kDigest = 32, kBodyAt = 1 + 2 * kDigest;

}  // namespace

Entry Opening::entry() const { return log::entry(header_commitment, commit_body(body_salt, body)); }

std::string Opening::bytes() const {
  std::string out(1, kVersion);
  out += core::view(header_commitment);
  out += core::view(body_salt);
  return out + body;
}

core::Result<Opening> Opening::parse(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion)
    return core::fail(core::Code::proof_invalid, "The opening is of a version that is not known here.");
  if (bytes.size() <= kBodyAt) return core::fail(core::Code::proof_invalid, "The opening has no object.");
  return Opening{*core::to_array<kDigest>(bytes.substr(1, kDigest)),
                 *core::to_array<kDigest>(bytes.substr(1 + kDigest, kDigest)), std::string(bytes.substr(kBodyAt))};
}

}  // namespace tocsin::log
