#include "server/app/certificates.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "tests/support/catch.hpp"

using namespace tocsin::app;
using tocsin::core::Code;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kNow = 1'790'000'000'000'000;  // 2026-09-21

class Directory {
 public:
  Directory() {
    auto pattern = (fs::temp_directory_path() / "tocsin-certificates-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Directory() { fs::remove_all(path); }
  [[nodiscard]] std::string file(char const* name) const { return (path / name).string(); }
  fs::path path;
};

struct Ran {
  int status;
  std::string output;
};

Ran run(std::string const& command) {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>&1").c_str(), "r"), ::pclose);
  REQUIRE(pipe);
  std::string output;
  std::array<char, 4096> part{};
  while (auto got = std::fread(part.data(), 1, part.size(), pipe.get())) output.append(part.data(), got);
  return {WEXITSTATUS(::pclose(pipe.release())), output};
}

void check_passes(std::string const& command) {
  auto ran = run(command);
  INFO(command << "\n" << ran.output);
  CHECK(ran.status == 0);
}

std::unique_ptr<X509, void (*)(X509*)> parse(std::string const& pem) {
  std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  std::unique_ptr<X509, void (*)(X509*)> out(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
  REQUIRE(out);
  return out;
}

KeyAndCertificate authority() {
  auto made = make_authority("Test lab", kNow);
  REQUIRE(made);
  return *made;
}

}  // namespace

TEST_CASE("the certificates pass strict checks for every name they are for, and no other", "[app][certificates]") {
  auto host = GENERATE(as<std::string>(), "tocsin.example", "192.0.2.7", "2001:db8::7", "localhost", "::1");
  INFO(host);
  Directory directory;
  REQUIRE(write_certificates(directory.path, "Test lab", host, kNow));
  auto verify = "openssl verify -x509_strict -purpose sslserver -attime " + std::to_string(kNow / 1'000'000) +
                " -CAfile " + directory.file("ca.crt");
  auto leaf = " " + directory.file("server.crt");
  check_passes(verify + leaf);
  check_passes(verify + " -verify_hostname localhost" + leaf);
  check_passes(verify + " -verify_ip 127.0.0.1" + leaf);
  check_passes(verify + " -verify_ip ::1" + leaf);
  bool is_address = host.find(':') != host.npos || host == "192.0.2.7";
  check_passes(verify + (is_address ? " -verify_ip " : " -verify_hostname ") + host + leaf);
  CHECK(run(verify + " -verify_hostname other.example" + leaf).status != 0);
  CHECK(run(verify + " -verify_ip 192.0.2.8" + leaf).status != 0);
  check_passes("openssl verify -x509_strict -attime " + std::to_string(kNow / 1'000'000) + " -CAfile " +
               directory.file("ca.crt") + " " + directory.file("ca.crt"));
}

TEST_CASE("a Python client that checks strictly completes a handshake", "[app][certificates]") {
  if (run("python3 -c 'import ssl; ssl.VERIFY_X509_STRICT'").status != 0)
    TOCSIN_SKIP("python3 with ssl is not installed");
  Directory directory;
  auto now = run("date +%s");
  REQUIRE(write_certificates(directory.path, "Test lab", "tocsin.example", std::stoll(now.output) * 1'000'000));
  std::ofstream(directory.path / "shake.py") << R"(import ssl, sys
folder, host = sys.argv[1:]
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain(folder + "/server.crt", folder + "/server.key")
client = ssl.create_default_context(cafile=folder + "/ca.crt")
client.verify_flags |= ssl.VERIFY_X509_STRICT
up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
ends = [client.wrap_bio(down, up, server_hostname=host), server.wrap_bio(up, down, server_side=True)]
for _ in range(4):
    for end in ends:
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            pass
assert ends[0].version() == "TLSv1.3" and ends[0].getpeercert()
)";
  for (std::string host : {"tocsin.example", "localhost", "127.0.0.1", "::1"})
    check_passes("python3 " + directory.file("shake.py") + " " + directory.path.string() + " " + host);
  CHECK(run("python3 " + directory.file("shake.py") + " " + directory.path.string() + " other.example").status != 0);
}

TEST_CASE("extensions are those that RFC 5280 asks for, critical where it says so", "[app][certificates]") {
  Directory directory;
  REQUIRE(write_certificates(directory.path, "Test lab", "tocsin.example", kNow));
  auto ca = run("openssl x509 -noout -text -in " + directory.file("ca.crt")).output;
  for (auto const* wanted :
       {"X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0", "CN = Test lab development CA",
        "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n", "X509v3 Subject Key Identifier",
        "ASN1 OID: prime256v1", "Signature Algorithm: ecdsa-with-SHA256", "Version: 3"}) {
    INFO(ca);
    CHECK(ca.find(wanted) != ca.npos);
  }
  auto leaf = run("openssl x509 -noout -text -in " + directory.file("server.crt")).output;
  for (auto const* wanted : {"X509v3 Basic Constraints: critical\n                CA:FALSE",
                             "X509v3 Key Usage: critical\n                Digital Signature\n",
                             "X509v3 Extended Key Usage: \n                TLS Web Server Authentication\n",
                             "X509v3 Subject Key Identifier", "X509v3 Authority Key Identifier",
                             "DNS:tocsin.example, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1\n"}) {
    INFO(leaf);
    CHECK(leaf.find(wanted) != leaf.npos);
  }
}

TEST_CASE("validity starts five minutes ago; ten years for the authority, 365 days for the server",
          "[app][certificates]") {
  auto ca = authority();
  auto server = make_server_certificate(ca, "tocsin.example", kNow);
  REQUIRE(server);
  auto check = [](X509* certificate, int days) {
    auto from = static_cast<std::time_t>(kNow / 1'000'000 - 300);
    CHECK(ASN1_TIME_cmp_time_t(X509_get0_notBefore(certificate), from) == 0);
    CHECK(ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate), from + days * std::time_t{86'400}) == 0);
  };
  check(parse(ca.certificate).get(), 3'650);
  check(parse(server->certificate).get(), 365);
}

TEST_CASE("serial numbers are random, positive and of at most 127 bits; keys are new each time",
          "[app][certificates]") {
  auto ca = authority();
  auto one = make_server_certificate(ca, "tocsin.example", kNow),
       two = make_server_certificate(ca, "tocsin.example", kNow);
  REQUIRE((one && two));
  CHECK(one->key != two->key);
  auto first = parse(one->certificate), second = parse(two->certificate);
  CHECK(ASN1_INTEGER_cmp(X509_get0_serialNumber(first.get()), X509_get0_serialNumber(second.get())) != 0);
  std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(first.get()), nullptr),
                                                    BN_free);
  CHECK_FALSE(BN_is_negative(serial.get()));
  CHECK(BN_num_bits(serial.get()) <= 127);
  CHECK(BN_num_bits(serial.get()) > 64);  // fewer come once in 2^63 runs
}

TEST_CASE("a long name is cut at a character, a short one is kept", "[app][certificates]") {
  std::string name(48, 'x');
  name += "\xC3\xA9";  // two bytes of which only the first would fit
  auto made = make_authority(name, kNow);
  REQUIRE(made);
  auto certificate = parse(made->certificate);
  std::array<char, 100> text{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, text.data(), text.size());
  CHECK(std::string(text.data()) == std::string(48, 'x') + " development CA");
  CHECK(make_authority("", kNow));
}

TEST_CASE("a certificate says whether it is for a host, in any case, and a text without one is refused",
          "[app][certificates]") {
  auto made = make_server_certificate(authority(), "Tocsin.example", kNow);
  REQUIRE(made);
  for (char const* host : {"tocsin.example", "TOCSIN.example", "localhost", "127.0.0.1", "::1"}) {
    INFO(host);
    CHECK(is_certificate_of(made->certificate, host).value());
  }
  for (char const* host : {"other.example", "example", "192.0.2.7", "development server"}) {
    INFO(host);
    CHECK_FALSE(is_certificate_of(made->certificate, host).value());
  }
  CHECK(is_certificate_of("no certificate", "localhost").error().code == Code::tls_failed);
}

TEST_CASE("a host that is neither a name nor an address gets no certificate", "[app][certificates]") {
  auto ca = authority();
  for (std::string host : {"", "a b", "*.example", "a,DNS:evil.example", "host:443", "[::1]"}) {
    INFO(host);
    auto made = make_server_certificate(ca, host, kNow);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == Code::tls_failed);
  }
}

TEST_CASE("an authority whose key is another's, or is no key, signs nothing", "[app][certificates]") {
  auto ca = authority(), other = authority();
  CHECK(make_server_certificate({other.key, ca.certificate}, "tocsin.example", kNow).error().code == Code::tls_failed);
  CHECK(make_server_certificate({"", ca.certificate}, "tocsin.example", kNow).error().code == Code::tls_failed);
  CHECK(make_server_certificate({ca.key, "-----BEGIN"}, "tocsin.example", kNow).error().code == Code::tls_failed);
}

TEST_CASE("keys are for their owner alone, and nothing is overwritten", "[app][certificates]") {
  Directory directory;
  REQUIRE(write_certificates(directory.path, "Test lab", "tocsin.example", kNow));
  auto mode = [&](char const* name) {
    struct stat facts{};
    REQUIRE(::stat(directory.file(name).c_str(), &facts) == 0);
    return facts.st_mode & 0777;
  };
  CHECK(mode("ca.key") == 0600);
  CHECK(mode("server.key") == 0600);
  CHECK(mode("ca.crt") == 0644);
  CHECK(mode("server.crt") == 0644);
  auto again = write_certificates(directory.path, "Test lab", "tocsin.example", kNow);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Code::directory_in_use);
}
