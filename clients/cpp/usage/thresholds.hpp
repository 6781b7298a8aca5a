// Which figures tell a cluster of accounts from the others of a log, as the pattern of a usage profile. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>

#include "clients/cpp/usage/figures.hpp"

namespace tocsin::client {

// Of each figure that does not grow with the cluster: half way between that of the cluster and that of the others, when
// they differ by a fifth of the greater one. Where nobody else is in the log, nine tenths of `sync_coefficient` and of
// `repeat_structure_ratio`, when they are a fifth or more. nullopt: nothing tells the cluster.
[[nodiscard]] std::optional<std::string> thresholds(Figures const& cluster, std::optional<Figures> const& others,
                                                    std::size_t min_accounts);

}  // namespace tocsin::client
