// The keys of the instance's log as files of the data directory. Blocking; one thread at a time, of whoever holds the
// directory's lock, but for reading.
#pragma once

#include "schema/log/keys.hpp"
#include "server/app/instance.hpp"

namespace tocsin::app {

// keys/log.key. Errors: not_found, io_failed, key_malformed, with the file's name.
[[nodiscard]] core::Result<log::SignerKey> read_signer(std::filesystem::path const& file);

// A public line. Errors: as read_signer.
[[nodiscard]] core::Result<log::VerifierKey> read_verifier(std::filesystem::path const& file);

// keys/root.pub, or the public part of keys/root.key when only that is there. Errors: as read_signer.
[[nodiscard]] core::Result<log::VerifierKey> read_root_verifier(Layout const& layout);

// A key of type `cosignature`, made when the file is not there. Errors: as read_signer; storage_full.
[[nodiscard]] core::Result<log::SignerKey> cosigner(std::filesystem::path const& file, std::string const& name);

// A fresh key of type `signature`. Error: key_malformed when the name is no key name.
[[nodiscard]] core::Result<log::SignerKey> make_signer(std::string const& name);

}  // namespace tocsin::app
