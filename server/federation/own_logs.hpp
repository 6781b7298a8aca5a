// What a peer saw of this instance's own logs, asked for when these were restored from a backup. Nothing of it is
// believed yet. Blocking; of who asks, one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/openings.hpp"
#include "server/federation/transport.hpp"
#include "server/store/leaf_store.hpp"

namespace tocsin::federation {

class OwnLogs {
 public:
  // `origin`: of the data log.
  OwnLogs(Transport& transport, std::string origin) : transport_(transport), origin_(std::move(origin)) {}

  // The newest checkpoint that the peer verified or cosigned; nullopt: it saw none. Errors: those of ask.
  [[nodiscard]] core::Result<std::optional<std::string>> checkpoint(store::LogName name);
  // Hashes of leaves [first, end), joined. Errors: those of ask; not_found when the peer does not hold them all;
  // log_inconsistent.
  [[nodiscard]] core::Result<std::string> leaves(store::LogName name, std::uint64_t first, std::uint64_t end);
  // Entries [first, end) of the control log. Errors: likewise; openings_malformed.
  [[nodiscard]] core::Result<std::vector<log::OpenedEntry>> control(std::uint64_t first, std::uint64_t end);

 private:
  [[nodiscard]] std::string path(store::LogName name) const;
  // nullopt: 404.
  [[nodiscard]] core::Result<std::optional<std::string>> get(std::string const& target, std::size_t most_bytes);

  Transport& transport_;
  std::string const origin_;
};

}  // namespace tocsin::federation
