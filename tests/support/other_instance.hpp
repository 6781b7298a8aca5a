// An instance that is not there but for its keys and its manifest, as far as a peer meets it. Owned by a test; one
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "schema/log/peering.hpp"

namespace tocsin::test {

class OtherInstance {
 public:
  // `host`: all else is named after it. Keys, and the pin, are random.
  explicit OtherInstance(std::string const& host);

  [[nodiscard]] log::VerifierKey const& root() const { return root_.verifier(); }
  [[nodiscard]] log::SignerKey const& log_key() const { return log_; }
  // May be changed before what shows it is asked for.
  [[nodiscard]] log::Manifest& manifest() { return manifest_; }
  [[nodiscard]] std::string note() const;  // the manifest, signed
  [[nodiscard]] log::Introduction introduction(std::uint64_t until_s) const;
  [[nodiscard]] std::string invitation(std::uint64_t until_s) const;
  [[nodiscard]] std::string acceptance(std::string const& invitation) const;  // throws unless that opens

 private:
  log::SignerKey root_, log_;
  log::Manifest manifest_;
};

}  // namespace tocsin::test
