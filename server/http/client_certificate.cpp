#include "server/http/client_certificate.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <optional>

#include "schema/core/digest.hpp"
#include "server/base/freer.hpp"

namespace tocsin::http {
namespace {

constexpr int kMostNames = 32;
constexpr std::size_t kLongestName = 512;

using base::Freer;
using Names = std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;

std::unexpected<core::Error> refuse(char const* sentence) {
  ERR_clear_error();
  return core::fail(core::Code::tls_failed, sentence);
}

std::optional<core::Digest> pin_of(X509 const& certificate) {
  unsigned char* bytes = nullptr;
  int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &bytes);
  if (size <= 0) return std::nullopt;
  core::Digest digest = core::sha256({reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)});
  OPENSSL_free(bytes);
  return digest;
}

std::optional<std::int64_t> end_of(X509 const& certificate) {
  std::tm time{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &time) != 1) return std::nullopt;
  return std::int64_t{::timegm(&time)} * 1'000'000;
}

// nullopt: a name that could be taken for another one than it is.
std::optional<std::string> text_of(ASN1_IA5STRING const* name) {
  std::string_view bytes(reinterpret_cast<char const*>(ASN1_STRING_get0_data(name)),
                         static_cast<std::size_t>(ASN1_STRING_length(name)));
  auto visible = [](char c) { return c > 0x20 && c < 0x7F; };
  if (bytes.empty() || bytes.size() > kLongestName || !std::ranges::all_of(bytes, visible)) return std::nullopt;
  return std::string(bytes);
}

bool add_name(GENERAL_NAME const* name, std::vector<std::string>& names) {
  int kind = 0;
  auto const* value = GENERAL_NAME_get0_value(name, &kind);
  if (kind != GEN_URI && kind != GEN_DNS) return true;
  auto text = text_of(static_cast<ASN1_IA5STRING const*>(value));
  if (!text) return false;
  if (kind == GEN_DNS)
    std::ranges::transform(*text, text->begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  std::string full = (kind == GEN_URI ? "URI:" : "DNS:") + *text;
  if (std::ranges::find(names, full) == names.end()) names.push_back(std::move(full));
  return true;
}

}  // namespace

core::Result<base::ClientCertificate> read_client_certificate(X509 const& certificate) {
  auto pin = pin_of(certificate);
  auto end = end_of(certificate);
  if (!pin || !end) return refuse("The key or the end of the certificate cannot be read.");
  base::ClientCertificate out{*pin, {}, *end};
  int critical = 0;
  Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, &critical, nullptr)));
  if (!names) {
    if (critical != -1) return refuse("The alternative names of the certificate cannot be read.");
    return out;
  }
  if (sk_GENERAL_NAME_num(names.get()) > kMostNames) return refuse("The certificate has more than 32 names.");
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i)
    if (!add_name(sk_GENERAL_NAME_value(names.get(), i), out.names))
      return refuse("A name in the certificate is empty, too long or holds other than visible ASCII characters.");
  return out;
}

core::Result<base::ClientCertificate> read_client_certificate(std::string_view der) {
  auto const* at = reinterpret_cast<unsigned char const*>(der.data());
  auto const* end = at + der.size();
  Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!certificate || at != end) return refuse("The bytes are no certificate.");
  return read_client_certificate(*certificate);
}

}  // namespace tocsin::http
