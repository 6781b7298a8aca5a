// Random items of a kind, for tests of properties. One test.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "schema/kinds/kind.hpp"
#include "tests/support/randomness.hpp"

namespace tocsin::kinds::test {

// A document of the kind with a random choice of its properties, each with a random value, that read_native accepts.
[[nodiscard]] Json random_native(Kind const& kind, tocsin::test::Random& chance);

}  // namespace tocsin::kinds::test
