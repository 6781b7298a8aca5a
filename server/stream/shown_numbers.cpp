#include "server/stream/shown_numbers.hpp"

#include <algorithm>
#include <vector>

namespace tocsin::stream {
namespace {

// All that is matched are indicators.
bool shows_kind(store::Window const& window, std::string_view kind) {
  auto const is_it = [&](std::string_view one) { return one == "indicator" || one == kind; };
  return window.kinds.empty() || std::ranges::any_of(window.kinds, is_it);
}

}  // namespace

std::uint32_t ShownNumbers::number(store::RowId collection, store::RowId class_row, std::string_view kind) {
  std::lock_guard const lock(mutex_);
  auto const next = static_cast<std::uint32_t>(numbers_.size());
  return numbers_.try_emplace(What{collection, class_row, std::string(kind)}, next).first->second;
}

match::Filter ShownNumbers::filter(store::Sight const& sight) const {
  std::lock_guard const lock(mutex_);
  std::vector<std::uint64_t> visible(numbers_.size() / 64 + 1), own(visible.size());
  for (auto const& [what, number] : numbers_) {
    auto const& [collection, class_row, kind] = what;
    if (!shows_kind(sight.window, kind)) continue;
    if (std::ranges::find(sight.collections, collection) == sight.collections.end()) continue;
    auto const bit = std::uint64_t{1} << (number % 64);
    if (sight.window.visible.contains(class_row)) visible[number / 64] |= bit;
    if (sight.window.own.contains(class_row)) own[number / 64] |= bit;
  }
  match::Filter out;
  out.visible = match::Classes(std::move(visible));
  out.own = match::Classes(std::move(own));
  out.asserter = sight.window.asserter;
  return out;
}

}  // namespace tocsin::stream
