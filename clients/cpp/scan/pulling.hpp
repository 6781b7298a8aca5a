// Pulls what traffic is held against at home. Over a session; one thread.
#pragma once

#include <memory>

#include "clients/cpp/console.hpp"
#include "clients/cpp/outcome.hpp"
#include "clients/cpp/scan/known_indicators.hpp"
#include "clients/cpp/session.hpp"

namespace tocsin::client {

// Every indicator that the session sees, indexed, without what its organisation muted. Above 0, only what states this
// much confidence hits. Failures: those of the session; Exit::server.
[[nodiscard]] Outcome<std::unique_ptr<KnownIndicators>> pull_known(Session& session, Console& console,
                                                                   int min_confidence);

}  // namespace tocsin::client
