// Both logs of a peer in memory, as the peer serves them: who follows them asks here. Owned by a test; one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "schema/log/manifest.hpp"
#include "schema/log/numbering.hpp"
#include "schema/log/openings.hpp"
#include "server/federation/transport.hpp"

namespace tocsin::test {

class PeerLogs final : public federation::Transport {
 public:
  explicit PeerLogs(std::string const& host);

  [[nodiscard]] log::Manifest const& manifest() const { return manifest_; }
  [[nodiscard]] std::string const& origin() const { return manifest_.origin(); }

  // `shown`: whether it opens the entry. `control_size` and `origin`: what its header says.
  void add(std::string body, bool shown = true, std::uint64_t control_size = 0, std::string const& origin = "");
  // The head of a numbering, as it says.
  void add_head(core::Uuid const& token, log::Head const& head);
  // Of the entry only the header is opened from now on.
  void close(std::size_t index);
  void add_control(std::string body = "a statement");
  // As if the last entries had never been.
  void cut(std::size_t size);
  [[nodiscard]] std::vector<log::OpenedEntry>& data() {
    return data_.entries;
  }  // as they are opened: their leaves stay
  [[nodiscard]] std::string checkpoint(std::string const& name) const;

  core::Uuid terms{};
  std::uint64_t now_s = 1'790'000'000;
  // Is asked first; what it does not answer is answered from the logs.
  std::function<std::optional<core::Result<federation::PeerAnswer>>(std::string const& target)> instead;
  std::vector<std::string> asked;

  core::Result<federation::PeerAnswer> get(std::string const& target, std::size_t most_bytes,
                                           std::chrono::milliseconds timeout) override;
  core::Result<federation::PeerAnswer> post(std::string const&, std::string const&, std::string const&, std::size_t,
                                            std::chrono::milliseconds) override;
  void stop() override {}

 private:
  struct OneLog {
    std::vector<log::OpenedEntry> entries;
    std::vector<core::Digest> leaves;
    std::vector<bool> shown;
  };
  [[nodiscard]] OneLog const& of(std::string const& name) const { return name == "data" ? data_ : control_; }
  [[nodiscard]] std::string tile(OneLog const& log, std::string const& path) const;
  [[nodiscard]] std::string openings(std::string const& name, std::uint64_t from, std::uint64_t to) const;

  log::SignerKey log_, freshness_;
  log::Manifest manifest_;
  OneLog data_, control_;
};

}  // namespace tocsin::test
