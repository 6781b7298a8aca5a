// What is told of a release: who would see the object by which rule, what it names, and what stays behind. Any thread;
// what needs a reader, on its thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "server/endpoints/releasing.hpp"

namespace tocsin::endpoints {

// schema/openapi.yaml, ReleaseProposal. `state`: open, or the code of why it can be approved no more.
[[nodiscard]] nlohmann::json proposal_json(access::Directory const& directory, store::ReleaseProposal const& proposal,
                                           std::string_view state);

// What schema/openapi.yaml, ReleaseProposal, has of an open one besides: of what `view` shows and of nothing else.
// Errors: storage_failed.
[[nodiscard]] core::Result<nlohmann::json> consequences(store::ReadStore& reader, Release const& release,
                                                        access::View const& view, store::RowId organisation);

}  // namespace tocsin::endpoints
