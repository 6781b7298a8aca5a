#include "tests/support/other_instance.hpp"

#include "schema/core/digest.hpp"

namespace tocsin::test {
namespace {

log::SignerKey key(std::string name, log::KeyType type = log::KeyType::signature) {
  return log::SignerKey::make(std::move(name), type, log::SigningKey::generate()).value();
}

log::VerifierKey cosigner(std::string name) { return key(std::move(name), log::KeyType::cosignature).verifier(); }

log::Manifest manifest_of(std::string const& host, log::VerifierKey const& log_key) {
  constexpr std::uint64_t kYear2090 = 3'786'912'000;
  std::string const& origin = log_key.name();
  return {1,
          kYear2090,
          log_key,
          cosigner(log::freshness_name(origin)),
          cosigner(log::witness_name(origin)),
          cosigner(log::applied_name(origin)),
          "https://" + host + ":8444",
          {core::random_salt()},
          {"identity--" + core::to_text(core::random_uuid())}};
}

}  // namespace

OtherInstance::OtherInstance(std::string const& host)
    : root_(key(host + "/root")), log_(key(host + "/log")), manifest_(manifest_of(host, log_.verifier())) {}

std::string OtherInstance::note() const { return log::sign_manifest(manifest_, root_).value().format(); }

log::Introduction OtherInstance::introduction(std::uint64_t until_s) const {
  return {core::random_uuid(), std::nullopt, until_s, root_.verifier(), note()};
}

std::string OtherInstance::invitation(std::uint64_t until_s) const {
  return log::write_introduction(introduction(until_s), log_).value();
}

std::string OtherInstance::acceptance(std::string const& invitation) const {
  auto const opened = log::open_introduction(invitation).value();
  auto answer = introduction(opened.introduction.until_s);
  answer.answers = log::Introduction::Answered{opened.introduction.id, core::sha256(opened.text)};
  return log::write_introduction(answer, log_).value();
}

}  // namespace tocsin::test
