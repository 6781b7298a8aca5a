#include "schema/core/finding_text.hpp"

namespace tocsin::core {

std::string finding_text(core::Error const& error) {
  std::string out = std::string(core::row(error.code).code) + ": " + error.detail;
  if (!error.pointer.empty()) out += " (at " + error.pointer + ")";
  if (!error.remedy.empty()) out += " " + error.remedy;
  return out;
}

}  // namespace tocsin::core
