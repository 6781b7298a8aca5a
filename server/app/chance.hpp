// Chance for waits that should not fall together; for no secret. Any thread.
#pragma once

namespace tocsin::app {

[[nodiscard]] double by_chance();  // from [0, 1)

}  // namespace tocsin::app
