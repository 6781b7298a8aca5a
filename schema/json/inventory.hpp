// docs/data-inventory.md: which data an instance takes in the short form, what of it may be personal, who reads it and
// for how long it is kept. Pure; any thread.
#pragma once

#include <string>

namespace tocsin::schemas {

[[nodiscard]] std::string data_inventory();

}  // namespace tocsin::schemas
