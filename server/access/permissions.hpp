// The one table of who may do what: a row for every permission that routes name. Constant; any thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "server/base/principal.hpp"

namespace tocsin::access {

struct Permission {
  std::string_view name;
  base::Roles roles;    // any of these
  bool anyone = false;  // no credential is asked for
};

[[nodiscard]] std::span<Permission const> permissions();

// nullptr when there is no such row: then a route that names it must not start.
[[nodiscard]] Permission const* find_permission(std::string_view name);

[[nodiscard]] bool may(Permission const& permission, base::Principal const* principal);

}  // namespace tocsin::access
