// What the operator should know of a configuration that works. Main thread, or the one that reloads; blocks.
#pragma once

#include <string>
#include <vector>

#include "server/app/instance.hpp"

namespace tocsin::app {

struct Warning {
  std::string_view event;  // of its line in the log
  std::string sentence, remedy;
};

// A certificate that does not carry instance.host; a private key that others on the machine can read; more connections
// than fit the descriptors that the process may have. Files that cannot be read are not warned of: the server refuses
// them.
[[nodiscard]] std::vector<Warning> warnings(Layout const& layout, base::Config const& config);

}  // namespace tocsin::app
