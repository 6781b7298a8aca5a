// The filters of a TAXII pull (TAXII 2.1 section 3.4), parsed once: match[id|type|version|spec_version] and
// added_after. Value type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::catalog {

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Filters {
  std::vector<std::pair<std::string, core::Uuid>> ids;
  std::vector<std::string> types;
  store::VersionFilter versions;
  bool no_spec_version = false;  // match[spec_version] names only versions that are not served: nothing matches
  std::optional<std::int64_t> added_after_us;
  std::string text;  // canonical: equal filters have equal text, and it parses back

  // Unknown parameters are ignored, as TAXII asks, unless they are misspelt filters (`match[…]`). Errors:
  // bad_parameter.
  [[nodiscard]] static core::Result<Filters> parse(Parameters const& parameters);
  [[nodiscard]] static core::Result<Filters> parse_text(std::string_view text);
};

}  // namespace tocsin::catalog
