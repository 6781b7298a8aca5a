// A certificate authority for one test: keys and certificates made on the spot, so that none lie in the repository or
// expire.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace tocsin::test {

struct TestCertificate {
  std::string certificate;  // PEM
  std::string key;          // PEM
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

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::test
