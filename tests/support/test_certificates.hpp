// A certificate authority for one test: keys and certificates made on the spot, so that none lie in the repository or
// expire.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace tocsin::test {

struct TestCertificate {
  std::string certificate;  // PEM
  std::string key;          // PEM
  long serial = 0;
};

class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(TestAuthority const&) = delete;
  TestAuthority& operator=(TestAuthority const&) = delete;

  [[nodiscard]] std::string certificate() const;  // PEM
  // A server's certificate for alternative names as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
  [[nodiscard]] TestCertificate issue(std::string const& names) const;
  // A client's, for names such as "URI:spiffe://lab/feed" (or none, "") and an extended key usage (or none, "").
  [[nodiscard]] TestCertificate issue_client(std::string const& names, std::string const& usage = "clientAuth") const;
  // PEM; good for `hours` from now, or until so long ago.
  [[nodiscard]] std::string revocation_list(std::initializer_list<long> serials, int hours = 1) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::test
