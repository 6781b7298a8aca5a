// Who did not log an object may hand it on only where its own marking says so. Pure; any thread.
#pragma once

#include <string_view>

namespace tocsin::federation {

// Whether the object is marked CLEAR or GREEN itself, and with nothing above that, in whole or in part. What has no
// level of its own has that of its collection at its origin, which nobody else knows; what is no object is not handed
// on.
[[nodiscard]] bool may_be_relayed(std::string_view body);

}  // namespace tocsin::federation
