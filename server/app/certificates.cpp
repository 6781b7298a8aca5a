#include "server/app/certificates.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <system_error>

#include "schema/core/digest.hpp"
#include "server/base/address.hpp"
#include "server/base/files.hpp"
#include "server/base/freer.hpp"

namespace tocsin::app {
namespace {

using core::Code;
namespace fs = std::filesystem;

using base::Freer;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>>;
using Name = std::unique_ptr<GENERAL_NAME, Freer<GENERAL_NAME_free>>;

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kEarlier = 300;  // seconds: for clients whose clock is behind
constexpr std::string_view kAuthoritySuffix = " development CA";
constexpr std::size_t kLongestCommonName = 64;  // RFC 5280 appendix A.1, ub-common-name

std::unexpected<core::Error> refuse(std::string what) {
  ERR_clear_error();
  return core::fail(Code::tls_failed, std::move(what));
}

// Nobody is asked for a password: these keys have none.
int no_password(char*, int, int, void*) { return -1; }

bool set_name(X509_NAME* name, std::string_view common_name) {
  auto add = [name](char const* field, std::string_view text) {
    auto const* bytes = reinterpret_cast<unsigned char const*>(text.data());
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, bytes, static_cast<int>(text.size()), -1, 0) == 1;
  };
  return add("O", "Tocsin") && add("CN", common_name);
}

// 127 random bits: positive, and within the 20 octets of RFC 5280 section 4.1.2.2.
bool set_serial(X509* certificate) {
  Number number(BN_new());
  return number && BN_rand(number.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 && !BN_is_zero(number.get()) &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_validity(X509* certificate, std::int64_t now_us, std::int64_t days) {
  auto from = static_cast<std::time_t>(now_us / 1'000'000 - kEarlier);
  return ASN1_TIME_set(X509_getm_notBefore(certificate), from) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), from + days * kDay) != nullptr;
}

// What an authority and a server's certificate have in common; the issuer is set by the caller.
Certificate start_certificate(EVP_PKEY* key, std::string_view common_name, std::int64_t now_us, std::int64_t days) {
  Certificate out(X509_new());
  bool done = out && X509_set_version(out.get(), X509_VERSION_3) == 1 && set_serial(out.get()) &&
              set_validity(out.get(), now_us, days) && set_name(X509_get_subject_name(out.get()), common_name) &&
              X509_set_pubkey(out.get(), key) == 1;
  return done ? std::move(out) : nullptr;
}

struct ExtensionText {
  int nid;
  char const* text;
};

bool add_extensions(X509* certificate, X509* issuer, std::initializer_list<ExtensionText> extensions) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (auto const& [nid, text] : extensions) {
    Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, text));
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) return false;
  }
  return true;
}

bool add_name(GENERAL_NAMES* names, std::string const& host) {
  Name name(GENERAL_NAME_new());
  if (!name) return false;
  if (base::is_ip_address(host)) {
    ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str());
    if (!address) return false;
    GENERAL_NAME_set0_value(name.get(), GEN_IPADD, address);
  } else {
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    if (!text) return false;
    GENERAL_NAME_set0_value(name.get(), GEN_DNS, text);
    if (ASN1_STRING_set(text, host.data(), static_cast<int>(host.size())) != 1) return false;
  }
  if (sk_GENERAL_NAME_push(names, name.get()) <= 0) return false;
  (void)name.release();
  return true;
}

bool add_alternative_names(X509* certificate, std::string const& host) {
  Names names(GENERAL_NAMES_new());
  if (!names || !add_name(names.get(), host)) return false;
  for (auto const* local : {"localhost", "127.0.0.1", "::1"})
    if (host != local && !add_name(names.get(), local)) return false;
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  auto size = BIO_get_mem_data(bio, &bytes);
  return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

core::Result<KeyAndCertificate> to_pem(EVP_PKEY* key, X509* certificate) {
  Bio secret(BIO_new(BIO_s_mem())), open(BIO_new(BIO_s_mem()));
  if (!secret || !open ||
      PEM_write_bio_PKCS8PrivateKey(secret.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(open.get(), certificate) != 1)
    return refuse("A key or certificate cannot be written as PEM.");
  return KeyAndCertificate{text_of(secret.get()), text_of(open.get())};
}

// `name` with the suffix, cut at a character so that the whole fits a common name.
std::string authority_name(std::string_view name) {
  auto room = kLongestCommonName - kAuthoritySuffix.size();
  if (name.size() > room) {
    while (room > 0 && (static_cast<unsigned char>(name[room]) & 0xC0) == 0x80) --room;
    name = name.substr(0, room);
  }
  return std::string(name) + std::string(kAuthoritySuffix);
}

}  // namespace

core::Result<KeyAndCertificate> make_authority(std::string_view name, std::int64_t now_us) {
  Key key(EVP_EC_gen("P-256"));
  if (!key) return refuse("A key for the development CA cannot be made.");
  auto certificate = start_certificate(key.get(), authority_name(name), now_us, 3'650);
  bool done = certificate && X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get())) == 1 &&
              add_extensions(certificate.get(), certificate.get(),
                             {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                              {NID_key_usage, "critical,keyCertSign,cRLSign"},
                              {NID_subject_key_identifier, "hash"}}) &&
              X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0;
  if (!done) return refuse("The development CA cannot be made.");
  return to_pem(key.get(), certificate.get());
}

core::Result<KeyAndCertificate> make_server_certificate(KeyAndCertificate const& authority, std::string_view host,
                                                        std::int64_t now_us) {
  if (!base::is_host_name(host) && !base::is_ip_address(host))
    return refuse("A server certificate is for a DNS name or an IP address; the host is neither.");
  Bio key_text(BIO_new_mem_buf(authority.key.data(), static_cast<int>(authority.key.size())));
  Bio issuer_text(BIO_new_mem_buf(authority.certificate.data(), static_cast<int>(authority.certificate.size())));
  Key issuer_key(key_text ? PEM_read_bio_PrivateKey(key_text.get(), nullptr, no_password, nullptr) : nullptr);
  Certificate issuer(issuer_text ? PEM_read_bio_X509(issuer_text.get(), nullptr, no_password, nullptr) : nullptr);
  if (!issuer_key || !issuer || X509_check_private_key(issuer.get(), issuer_key.get()) != 1)
    return refuse("The development CA's key and certificate cannot be used.");
  Key key(EVP_EC_gen("P-256"));
  if (!key) return refuse("A key for the server cannot be made.");
  auto certificate = start_certificate(key.get(), "development server", now_us, 365);
  bool done = certificate && X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get())) == 1 &&
              add_extensions(certificate.get(), issuer.get(),
                             {{NID_basic_constraints, "critical,CA:FALSE"},
                              {NID_key_usage, "critical,digitalSignature"},
                              {NID_ext_key_usage, "serverAuth"},
                              {NID_subject_key_identifier, "hash"},
                              {NID_authority_key_identifier, "keyid:always"}}) &&
              add_alternative_names(certificate.get(), std::string(host)) &&
              X509_sign(certificate.get(), issuer_key.get(), EVP_sha256()) > 0;
  if (!done) return refuse("The server's certificate cannot be made.");
  auto made = to_pem(key.get(), certificate.get());
  if (made) made->certificate += authority.certificate;
  return made;
}

core::Result<bool> is_certificate_of(std::string_view pem, std::string const& host) {
  Bio text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Certificate certificate(text ? PEM_read_bio_X509(text.get(), nullptr, no_password, nullptr) : nullptr);
  if (!certificate) return refuse("The certificate cannot be read.");
  bool names = base::is_ip_address(host) ? X509_check_ip_asc(certificate.get(), host.c_str(), 0) == 1
                                         : X509_check_host(certificate.get(), host.data(), host.size(),
                                                           X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
  ERR_clear_error();
  return names;
}

core::Result<std::optional<core::Digest>> authority_in(std::string_view pem) {
  Bio text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Certificate last;
  while (X509* next = text ? PEM_read_bio_X509(text.get(), nullptr, no_password, nullptr) : nullptr) last.reset(next);
  if (!last) return refuse("The certificate cannot be read.");
  ERR_clear_error();  // the end of the text
  if (X509_check_issued(last.get(), last.get()) != X509_V_OK) return std::nullopt;
  core::Digest digest{};
  unsigned size = 0;
  if (X509_digest(last.get(), EVP_sha256(), digest.data(), &size) != 1) return refuse("The certificate has no digest.");
  return digest;
}

core::Result<core::Digest> pin_of_certificate(std::string_view pem) {
  Bio text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Certificate certificate(text ? PEM_read_bio_X509(text.get(), nullptr, no_password, nullptr) : nullptr);
  if (!certificate) return refuse("The certificate cannot be read.");
  unsigned char* bytes = nullptr;
  int const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &bytes);
  if (size <= 0) return refuse("The key of the certificate cannot be read.");
  core::Digest digest = core::sha256({reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)});
  OPENSSL_free(bytes);
  return digest;
}

core::Result<void> write_certificates(fs::path const& directory, std::string_view name, std::string_view host,
                                      std::int64_t now_us) {
  for (auto const* file : {"ca.crt", "ca.key", "server.crt", "server.key"}) {
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(directory / file, ignored)))
      return core::fail(Code::directory_in_use, (directory / file).string() + " exists already.", {},
                        "Remove the old certificates, or keep them.");
  }
  auto authority = make_authority(name, now_us);
  if (!authority) return std::unexpected(authority.error());
  auto server = make_server_certificate(*authority, host, now_us);
  if (!server) return std::unexpected(server.error());
  struct File {
    char const* name;
    std::string const& text;
    mode_t mode;
  };
  for (auto const& file : {File{"ca.key", authority->key, 0600}, File{"ca.crt", authority->certificate, 0644},
                           File{"server.key", server->key, 0600}, File{"server.crt", server->certificate, 0644}})
    if (auto written = base::write_file(directory / file.name, file.text, file.mode); !written) return written;
  return {};
}

}  // namespace tocsin::app
