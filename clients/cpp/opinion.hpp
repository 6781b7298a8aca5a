// The opinion that disputes an object (STIX 2.1 section 4.13). Pure; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "clients/cpp/outcome.hpp"
#include "schema/stix/marking.hpp"

namespace tocsin::client {

struct Dispute {
  std::string id;       // of the opinion
  std::string creator;  // identity--UUID
  std::string because;
  std::optional<stix::Tlp> level;  // stricter than that of what is disputed; absent: the same
  std::int64_t now_us = 0;
};

// As canonical JSON. It has every marking that any of the disputed objects has as a whole or on a part: one version for
// each organisation that published the id. With a level, the TLP markings among them give way to its own. Failure,
// Exit::local: no text, or a level that is lower than theirs or meets none.
[[nodiscard]] Outcome<std::string> opinion_about(std::vector<nlohmann::json> const& objects, Dispute const& dispute);

}  // namespace tocsin::client
