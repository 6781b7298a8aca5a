// Members of a class compare how far an origin's log was shown to them: who was not shown a head that another was, is
// told. Both sides of the question (schema/log/head_exchange.hpp); neither learns of heads that it was shown nothing
// of. Stateless; any thread but the commit thread.
#pragma once

#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/head_exchange.hpp"
#include "server/base/log.hpp"
#include "server/federation/origin_trees.hpp"
#include "server/federation/peering.hpp"
#include "server/federation/transport.hpp"
#include "server/store/opening_reader.hpp"
#include "server/store/origin_store.hpp"

namespace tocsin::federation {

class HeadExchange {
 public:
  struct Parts {
    Peering const& peering;
    store::OriginStore& origins;  // on the commit thread
    Perform const& perform;
    base::Log& log;
  };
  explicit HeadExchange(Parts const& parts) : parts_(parts) {}

  // Asks a peer about every other log that is followed here. `own`: the name of this instance's data log. What is found
  // is kept as a flaw of the origin, and told once; whom a connection fails is asked nothing more until the next time.
  void exchange(Peering::Shown const& peer, std::string const& own, Transport& transport) const;

 private:
  [[nodiscard]] bool ask(store::Origin const& origin, Peering::Shown const& peer, std::string const& own,
                         Transport& transport) const;  // false: it cannot be reached
  [[nodiscard]] core::Result<void> compare(store::Origin const& origin, Peering::Shown const& peer,
                                           std::string_view answer) const;

  Parts const parts_;
};

// What is answered: the heads behind those that are asked for, nothing for every other reason. Errors: those of the
// reader.
[[nodiscard]] core::Result<std::vector<log::LaterHead>> later_heads(store::OpeningReader& reader, store::RowId origin,
                                                                    log::HeadQuestion const& question,
                                                                    log::HeadParties const& parties);

}  // namespace tocsin::federation
