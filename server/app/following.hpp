// Following peers, as the instance that serves does: what the threads that follow need, wired together. Owned by the
// instance; begun and ended on the main thread, while the ledger works.
#pragma once

#include <memory>
#include <vector>

#include "server/app/instance.hpp"
#include "server/federation/puller.hpp"

namespace tocsin::app {

// How peers are reached: with the certificate that the configuration names.
[[nodiscard]] federation::Puller::Connect connect_by(Layout const& layout, base::Config const& config);

class Following {
 public:
  // `announced`: who is told inside a transaction what it shows again; outlives this.
  Following(Layout const& layout, base::Config const& config, endpoints::Context& context, store::Database& database,
            store::CommitListener const& announced, Witnessing& witnessing, ledger::RecallAlarm& alarm);
  ~Following();
  Following(Following const&) = delete;
  Following& operator=(Following const&) = delete;

  // Over connections as the configuration has them now, and with the certificate that lies there now. Any thread.
  void reload(base::Config const& config);

  [[nodiscard]] std::vector<federation::PeerStatus> status() const;  // any thread

 private:
  struct Parts;

  Layout const layout_;
  endpoints::Context& context_;
  Witnessing& witnessing_;
  std::unique_ptr<Parts> parts_;
  std::unique_ptr<federation::Puller> puller_;  // ends first
};

}  // namespace tocsin::app
