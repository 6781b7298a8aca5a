// The rules of commits as an instance has them: which readers see what, access says, and its registry learns of every
// class before anybody can read what is of it. Any thread.
#pragma once

#include "server/access/directory.hpp"
#include "server/base/config.hpp"
#include "server/ledger/rules.hpp"

namespace tocsin::app {

// `registry` outlives them, and is told on the commit thread.
[[nodiscard]] ledger::Rules commit_rules(base::Config const& config, access::Registry& registry);

}  // namespace tocsin::app
