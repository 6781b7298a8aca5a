#include "server/store/finding_text.hpp"

namespace tocsin::store {

std::string finding_text(core::Error const& error) {
  std::string out = std::string(core::row(error.code).code) + ": " + error.detail;
  if (!error.pointer.empty()) out += " (at " + error.pointer + ")";
  if (!error.remedy.empty()) out += " " + error.remedy;
  return out;
}

}  // namespace tocsin::store
