// One round of keeping a file as a feed is: asked, checked, guarded, replaced, and the command run. Blocking; one
// thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/outcome.hpp"
#include "clients/cpp/session.hpp"

namespace tocsin::client {

struct Updated {
  bool changed = false;  // the file has other bytes than before
  bool ran = false;      // the command did, and ended with 0
  std::size_t entries = 0;
  std::string digest;
  std::int64_t expires_us = 0;
  std::chrono::milliseconds lasts{0};  // until then, by the clock of the server
};

// The command runs when the file changed, and when an earlier run was stopped before its command had ended with 0. When
// it fails the file is again what it was when the command last ended with 0. Failures besides those of asking:
// Exit::unverified (guarded, or the file holds something else), Exit::local.
[[nodiscard]] Outcome<Updated> update(Session& session, FeedOptions const& options);

}  // namespace tocsin::client
