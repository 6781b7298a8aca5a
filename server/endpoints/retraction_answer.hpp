// What is told of a retraction: what was done to which objects, how many organisations may have read the indicator, and
// how its bytes are erased. Any thread; what needs a reader, on its thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "schema/core/result.hpp"
#include "server/access/directory.hpp"
#include "server/admission/retraction.hpp"
#include "server/endpoints/context.hpp"
#include "server/store/bridge.hpp"

namespace tocsin::endpoints {

// What is stored under the id of an indicator, and of each who has the claim on its value now.
struct Found {
  std::vector<store::Retractable> all;  // of one asserter each; never empty
  std::vector<store::StoredClaim> claims;
  std::optional<store::Retractable> other;  // that it is a duplicate of: the organisation's own, and shown to who asks
};

struct RetractionTold {
  core::Uuid indicator{};
  admission::Because because = admission::Because::wrong;
  Found const& found;
  std::vector<admission::Withdrawing> const& plans;  // empty: there were new versions instead
  std::vector<admission::Deed> const& deeds;
};

// schema/openapi.yaml, Retraction. What is done is done: when the audit trail cannot be read, the readers are left out.
[[nodiscard]] nlohmann::json retraction_answer(Context const& context, store::ReadStore& reader,
                                               access::Directory const& directory, RetractionTold const& told);

}  // namespace tocsin::endpoints
