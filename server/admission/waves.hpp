// In which order items are made that refer to each other by local names. Pure; any thread.
#pragma once

#include "server/admission/items.hpp"

namespace tocsin::admission {

// Fills in what each item needs, and its wave. Refuses items with names that none has (reference_unknown) and those
// that refer to each other in a circle (reference_cycle). Error: content_too_large for more than kMostLinks references.
[[nodiscard]] core::Result<void> put_in_order(Batch& batch);

// Items in the order of their waves, and within a wave in that of the body.
[[nodiscard]] std::vector<std::size_t> in_order(std::vector<Item> const& items);

// Refuses what refers to an item that is refused. True: this item is refused now.
bool refuse_with_its_needs(std::vector<Item>& items, std::size_t index);

}  // namespace tocsin::admission
