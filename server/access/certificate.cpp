#include "server/access/certificate.hpp"

#include <algorithm>

#include "server/base/address.hpp"

namespace tocsin::access {
namespace {

constexpr std::size_t kLongestUri = 512;  // as long as a name that is read from a certificate

std::unexpected<core::Error> refuse(char const* sentence, char const* remedy) {
  return core::fail(core::Code::bad_parameter, sentence, "", remedy);
}

}  // namespace

std::string pin_name(core::Digest const& pin) { return "pin:" + core::to_hex(core::view(pin)); }

core::Result<core::Digest> parse_pin(std::string_view text) {
  auto bytes = text.size() == 64 ? core::from_hex(text) : core::from_base64(text);
  auto pin = bytes ? core::to_array<32>(*bytes) : std::nullopt;
  if (!pin)
    return refuse("The pin is not the SHA-256 of a public key.",
                  "Give 64 hexadecimal digits or base64; docs/client-certificates.md says how to get it.");
  return *pin;
}

core::Result<std::string> parse_certificate_name(std::string_view text) {
  std::string_view rest = text.substr(std::min<std::size_t>(text.size(), 4));
  if (text.starts_with("pin:")) {
    auto pin = parse_pin(rest);
    if (!pin) return std::unexpected(pin.error());
    return pin_name(*pin);
  }
  if (text.starts_with("URI:")) {
    auto visible = [](char c) { return c > 0x20 && c < 0x7F; };
    if (rest.empty() || rest.size() > kLongestUri || !std::ranges::all_of(rest, visible))
      return refuse("The URI is empty, longer than 512 bytes or holds other than visible ASCII characters.",
                    "Give it exactly as the certificate has it.");
    return std::string(text);
  }
  if (!text.starts_with("DNS:"))
    return refuse("A certificate is known by its pin, or by a URI or DNS name in its subjectAltName.",
                  "Write pin:…, URI:… or DNS:…; subjects and common names are never looked at.");
  if (!base::is_host_name(rest))
    return refuse("The DNS name is none.", "Give one whole name; wildcards match nothing here.");
  std::string out(text);
  std::ranges::transform(rest, out.begin() + 4,
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::vector<std::string> names_of(base::ClientCertificate const& certificate) {
  std::vector<std::string> names{pin_name(certificate.pin)};
  names.insert(names.end(), certificate.names.begin(), certificate.names.end());
  return names;
}

}  // namespace tocsin::access
