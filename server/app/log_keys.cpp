#include "server/app/log_keys.hpp"

#include "server/base/files.hpp"

namespace tocsin::app {
namespace {

core::Result<std::string> line_of(std::filesystem::path const& file) {
  auto text = base::read_file(file, 4'096);
  if (text && text->ends_with('\n')) text->pop_back();
  return text;
}

core::Error of_file(std::filesystem::path const& file, core::Error error) {
  error.detail = file.string() + ": " + error.detail;
  return error;
}

}  // namespace

core::Result<log::SignerKey> read_signer(std::filesystem::path const& file) {
  auto text = line_of(file);
  if (!text) return std::unexpected(text.error());
  auto key = log::SignerKey::parse(*text);
  if (!key) return std::unexpected(of_file(file, key.error()));
  return key;
}

core::Result<log::VerifierKey> read_verifier(std::filesystem::path const& file) {
  auto text = line_of(file);
  if (!text) return std::unexpected(text.error());
  auto key = log::VerifierKey::parse(*text);
  if (!key) return std::unexpected(of_file(file, key.error()));
  return key;
}

core::Result<log::VerifierKey> read_root_verifier(Layout const& layout) {
  auto key = read_verifier(layout.root_public_key());
  if (!key && key.error().code == core::Code::not_found)
    if (auto secret = read_signer(layout.root_key()); secret) return secret->verifier();
  return key;
}

core::Result<log::SignerKey> cosigner(std::filesystem::path const& file, std::string const& name) {
  auto there = read_signer(file);
  if (there || there.error().code != core::Code::not_found) return there;
  auto made = log::SignerKey::make(name, log::KeyType::cosignature, log::SigningKey::generate());
  if (!made) return made;
  if (auto written = base::write_file(file, made->text() + "\n", 0600); !written)
    return std::unexpected(written.error());
  return made;
}

core::Result<log::SignerKey> make_signer(std::string const& name) {
  return log::SignerKey::make(name, log::KeyType::signature, log::SigningKey::generate());
}

}  // namespace tocsin::app
