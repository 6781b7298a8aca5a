// What SIGHUP does: the files as they are now come into force, as far as a running server can take them. Owned by
// serve; one thread at a time, any but the commit thread.
#pragma once

#include "server/app/expiry.hpp"
#include "server/app/instance.hpp"
#include "server/http/server.hpp"

namespace tocsin::app {

class Reload {
 public:
  // `started` is the configuration that the server was started with.
  Reload(Layout const& layout, base::Config started, Instance& instance, http::Server& server, Expiry& expiry);

  // Reads tocsin.toml, certificate and key. A mistake in one of them is logged, each on a line, and everything stays
  // as it was. Else the keys that can change while the server runs do, and one line names the others that differ from
  // what the server was started with: they need a restart. No connection is dropped.
  void operator()();

 private:
  Layout const layout_;
  base::Config const started_;
  Instance& instance_;
  http::Server& server_;
  Expiry& expiry_;
};

}  // namespace tocsin::app
