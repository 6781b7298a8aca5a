// A STIX bundle.
#include <algorithm>

#include "schema/core/bytes.hpp"
#include "schema/core/digest.hpp"
#include "server/feeds/formats/documents.hpp"

namespace tocsin::feeds {
namespace {

// Of what is in it, so that the same objects are the same bundle; in the form of a random one (RFC 4122, section 4.4).
core::Uuid id_of(std::string const& objects) {
  auto const digest = core::sha256(objects);
  core::Uuid out;
  std::copy_n(digest.begin(), out.size(), out.begin());
  out[6] = static_cast<std::uint8_t>((out[6] & 0x0F) | 0x40);
  out[8] = static_cast<std::uint8_t>((out[8] & 0x3F) | 0x80);
  return out;
}

}  // namespace

Rendered as_stix_bundle(std::span<std::string const> indicators) {
  std::string objects;
  for (auto const& one : indicators) (objects += objects.empty() ? "" : ",") += one;
  std::string out = R"({"type":"bundle","id":"bundle--)" + core::to_text(id_of(objects)) + "\"";
  if (!objects.empty()) ((out += ",\"objects\":[") += objects) += "]";
  return {out + "}\n", indicators.size()};
}

}  // namespace tocsin::feeds
