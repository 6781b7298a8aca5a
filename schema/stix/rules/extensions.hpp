// The predefined object extensions of STIX 2.1 (sections 6.7, 6.12, 6.13, 6.16). Constant data; any thread.
#pragma once

#include "schema/stix/rules/model.hpp"

namespace tocsin::stix::rules {

struct Extension {
  std::string_view name;
  std::string_view of;  // the object type it extends
  Shape shape;
};

[[nodiscard]] std::span<Extension const> predefined_extensions();

// nullptr when the name is not a predefined one.
[[nodiscard]] Extension const* find_extension(std::string_view name);

}  // namespace tocsin::stix::rules
