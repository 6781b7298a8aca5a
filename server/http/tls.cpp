#include "server/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string>

#include "server/http/client_trust.hpp"

namespace tocsin::http {
namespace {

constexpr char const* kTls12Suites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

int choose_protocol(SSL*, unsigned char const** out, unsigned char* out_length, unsigned char const* in,
                    unsigned in_length, void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  int found = SSL_select_next_proto(&chosen, out_length, kHttp11, sizeof kHttp11 - 1, in, in_length);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;  // RFC 7301 section 3.2
}

// A key with a passphrase would stop the server at a prompt that nobody sees.
int no_passphrase(char*, int, int, void*) { return 0; }

bool set_groups(SSL_CTX* context) {
  // The hybrid group is there from OpenSSL 3.5 on.
  return SSL_CTX_set1_groups_list(context, "X25519MLKEM768:X25519:P-256:P-384") == 1 ||
         SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1;
}

bool configure(SSL_CTX* context, TlsFiles const& files) {
  constexpr unsigned char kSession[] = "tocsin-https";
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Without RELEASE_BUFFERS an idle connection costs 37 KiB, with it 16.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  // Tickets spare clients that leave Nagle's algorithm on a stall of 40 ms after the handshake.
  SSL_CTX_set_num_tickets(context, 2);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  bool done = SSL_CTX_set_min_proto_version(context, files.tls12 ? TLS1_2_VERSION : TLS1_3_VERSION) == 1 &&
              SSL_CTX_set_cipher_list(context, kTls12Suites) == 1 && set_groups(context) &&
              SSL_CTX_set_session_id_context(context, kSession, sizeof kSession - 1) == 1;
  ERR_clear_error();
  return done;
}

std::unexpected<core::Error> refuse(std::string sentence, std::string remedy = {}) {
  ERR_clear_error();
  return core::fail(core::Code::tls_failed, std::move(sentence), "", std::move(remedy));
}

}  // namespace

core::Result<TlsContext> make_tls_context(TlsFiles const& files) {
  TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context || !configure(context.get(), files)) return refuse("OpenSSL does not offer what TLS 1.3 needs.");
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1)
    return refuse("The certificate cannot be read: " + files.certificate.string() + ".",
                  "Give a PEM file that begins with the server's certificate, then its intermediates.");
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return refuse("The private key cannot be used: " + files.key.string() + ".",
                  "Give a PEM file without a passphrase whose key belongs to the certificate.");
  if (SSL_CTX_check_private_key(context.get()) != 1)
    return refuse("The private key does not belong to the certificate: " + files.key.string() + ".");
  return context;
}

core::Result<TlsContext> make_mutual_tls_context(TlsFiles const& files) {
  auto context = make_tls_context(files);
  if (!context) return context;
  if (auto required = require_clients(context->get(), files.clients); !required)
    return std::unexpected(std::move(required.error()));
  return context;
}

}  // namespace tocsin::http
