// `submit --as-member`: the objects name the instance as their creator, and who submits them nowhere. Pure; any thread.
#pragma once

#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cpp/batches.hpp"
#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

struct Identities {
  std::string own;       // of the submitting organisation
  std::string instance;  // of the organisation that runs the instance
};

// Makes `instance` the creator of every object that has a creation date (all but SCOs) and names no creator or `own`;
// one that names somebody else is another's content and stays as it is. New texts are added to `texts`, which the items
// then point into. Failure, Exit::local: an object that holds `own` besides, told by its place.
[[nodiscard]] Outcome<void> name_instance(Identities const& identities, std::list<std::string>& texts,
                                          std::vector<Item>& items);

}  // namespace tocsin::client
