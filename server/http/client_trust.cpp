#include "server/http/client_trust.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <memory>

namespace tocsin::http {
namespace {

constexpr int kIntermediates = 2;
constexpr long kLongestChain = 16 * 1024;  // bytes; OpenSSL would take 100 KiB of anybody
constexpr unsigned char kSession[] = "tocsin-mtls";

// OpenSSL takes a certificate that names no use for one of every use.
int check_use(int good, X509_STORE_CTX* chain) {
  if (good != 1 || X509_STORE_CTX_get_error_depth(chain) != 0) return good;
  X509* certificate = X509_STORE_CTX_get_current_cert(chain);
  bool for_clients = (X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) != 0 &&
                     (X509_get_extended_key_usage(certificate) & XKU_SSL_CLIENT) != 0;
  if (!for_clients) X509_STORE_CTX_set_error(chain, X509_V_ERR_INVALID_PURPOSE);
  return for_clients ? 1 : 0;
}

std::unexpected<core::Error> refuse(std::string sentence, std::string remedy) {
  ERR_clear_error();
  return core::fail(core::Code::tls_failed, std::move(sentence), "", std::move(remedy));
}

bool load_lists(X509_STORE* store, std::filesystem::path const& file) {
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  return lookup != nullptr && X509_load_crl_file(lookup, file.c_str(), X509_FILETYPE_PEM) > 0 &&
         X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) == 1;
}

}  // namespace

core::Result<void> require_clients(SSL_CTX* context, ClientFiles const& files) {
  auto* names = SSL_load_client_CA_file(files.authorities.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(context, files.authorities.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return refuse("The authorities of client certificates cannot be read: " + files.authorities.string() + ".",
                  "Put their certificates into that file, in PEM; it is tls.client_ca.");
  }
  SSL_CTX_set_client_CA_list(context, names);
  if (!files.revoked.empty() && !load_lists(SSL_CTX_get_cert_store(context), files.revoked))
    return refuse("The revocation lists cannot be read: " + files.revoked.string() + ".",
                  "Put a list of each authority into that file, in PEM; it is tls.client_crl.");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, check_use);
  SSL_CTX_set_verify_depth(context, kIntermediates);
  SSL_CTX_set_max_cert_list(context, kLongestChain);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_session_id_context(context, kSession, sizeof kSession - 1);
  ERR_clear_error();
  return {};
}

bool is_trusted(SSL_CTX* context, X509* certificate, STACK_OF(X509) * intermediates) {
  std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> chain(X509_STORE_CTX_new(), X509_STORE_CTX_free);
  bool ready = certificate != nullptr && chain &&
               X509_STORE_CTX_init(chain.get(), SSL_CTX_get_cert_store(context), certificate, intermediates) == 1 &&
               X509_STORE_CTX_set_default(chain.get(), "ssl_client") == 1;
  if (ready) {
    auto* rules = X509_STORE_CTX_get0_param(chain.get());
    X509_VERIFY_PARAM_set1(rules, SSL_CTX_get0_param(context));
    X509_VERIFY_PARAM_set_auth_level(rules, SSL_CTX_get_security_level(context));
    X509_STORE_CTX_set_verify_cb(chain.get(), check_use);
    ready = X509_verify_cert(chain.get()) == 1;
  }
  ERR_clear_error();
  return ready;
}

}  // namespace tocsin::http
