// Every file of schema/json, made from the tables of the rules. Pure; any thread.
#pragma once

#include <map>
#include <string>

namespace tocsin::schemas {

// Path below schema/json → text.
[[nodiscard]] std::map<std::string, std::string> documents();

}  // namespace tocsin::schemas
