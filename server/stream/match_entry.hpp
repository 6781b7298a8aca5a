// What matching is told of a published indicator: by which of its values it is found, and under which classes it may be
// seen. Pure; any thread.
#pragma once

#include <functional>
#include <string_view>

#include "server/match/indicator.hpp"
#include "server/store/indicator_store.hpp"

namespace tocsin::stream {

// Whether its bytes are needed to tell by what it is found.
[[nodiscard]] bool needs_bytes(store::ListedIndicator const& one);

// "": it has none.
[[nodiscard]] std::string_view kind_of(store::ListedIndicator const& one);

// Whether it is of a prompt template, which Templates knows, and small enough to be held against traffic.
[[nodiscard]] bool is_template(store::ListedIndicator const& one);

// `shown`: the number of its collection, class and kind. `bytes`: "" unless they are needed. What is found by no value
// here, or is too large to be held against traffic, is counted as unindexed.
[[nodiscard]] match::Entry match_entry(store::ListedIndicator const& one, std::uint32_t shown, std::string_view bytes);

// One chain in one collection, as the engine knows it.
[[nodiscard]] core::Uuid match_id(store::RowId collection, store::ListedIndicator const& one);

}  // namespace tocsin::stream
