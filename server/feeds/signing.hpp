// Signs what is said of feeds with the key of the instance's log, and numbers it: each number is greater than all
// before it, whatever the clock did and however often the instance was started. Owned by app; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "schema/log/feed_manifest.hpp"
#include "server/base/clock.hpp"
#include "server/base/log.hpp"

namespace tocsin::feeds {

class Signing {
 public:
  // `file` says which numbers may have been given out, ahead of it by an hour of them, so that it is rarely written. It
  // lies outside the database and its backups: a database that was put back makes no number come again.
  Signing(std::filesystem::path file, base::Clock const& clock, base::Log& log);

  // Signs with this key from now on; before, nothing is signed.
  void use(log::SignerKey key);

  // The next number; to be taken before what it is the number of is read, so that what comes later knows more. nullopt:
  // there is no key yet, or the file cannot be read or written, which is logged once. Then nothing is signed.
  [[nodiscard]] std::optional<std::uint64_t> next();
  // A note; "" without a key.
  [[nodiscard]] std::string sign(log::FeedManifest const& manifest) const;

 private:
  [[nodiscard]] core::Result<void> reserve(std::int64_t until);

  std::filesystem::path const file_;
  base::Clock const& clock_;
  base::Log& log_;
  mutable std::mutex mutex_;  // guards the rest
  std::optional<log::SignerKey> key_;
  std::optional<std::int64_t> reserved_;  // no number beyond it was given out; nullopt: the file was not read
  std::int64_t last_ = 0;
  bool failed_ = false;  // the last time
};

}  // namespace tocsin::feeds
