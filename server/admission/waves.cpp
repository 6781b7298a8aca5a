#include "server/admission/waves.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "schema/kinds/local_names.hpp"

namespace tocsin::admission {
namespace {

using core::Code;
using Outcome = Item::Outcome;

core::Error unknown(std::string pointer) {
  return {Code::reference_unknown, "No item of the body has this name.", std::move(pointer),
          "Write the `ref` of an item of the same body, or the identifier of an object."};
}

core::Error circle(std::string pointer) {
  return {Code::reference_cycle, "The item refers to itself, over others or directly.", std::move(pointer),
          "Take one of the references out of the circle."};
}

core::Error refused_itself(std::string pointer) {
  return {Code::reference_refused, "The item that is referred to here is refused.", std::move(pointer),
          "Correct that item."};
}

// Error: more references than kMostLinks.
core::Result<void> find_needs(Batch& batch) {
  std::size_t count = 0;
  for (auto& item : batch.items) {
    if (item.outcome == Outcome::refused) continue;
    for (auto& reference : kinds::local_references(*item.native)) {
      auto const found = batch.names.find(reference.name);
      if (found == batch.names.end()) {
        refuse(item, {unknown(std::move(reference.pointer))});
        continue;
      }
      count += found->second.size();
      if (count > kMostLinks)
        return core::fail(Code::content_too_large,
                          "The items refer to more than " + std::to_string(kMostLinks) + " others.", "",
                          "Send them in several bodies.");
      for (auto const other : found->second) item.needs.push_back({other, reference.pointer});
    }
  }
  return {};
}

// Gives waves to the items that no circle holds up, and returns which it does hold up.
std::vector<bool> give_waves(std::vector<Item>& items) {
  std::vector<std::vector<std::size_t>> needed_by(items.size());
  std::vector<std::size_t> missing(items.size()), ready;
  std::vector<bool> held(items.size(), true);
  for (std::size_t i = 0; i < items.size(); ++i) {
    missing[i] = items[i].needs.size();
    if (missing[i] == 0) ready.push_back(i);
    for (auto const& need : items[i].needs) needed_by[need.item].push_back(i);
  }
  while (!ready.empty()) {
    auto const done = ready.back();
    ready.pop_back();
    held[done] = false;
    for (auto const next : needed_by[done]) {
      items[next].wave = std::max(items[next].wave, items[done].wave + 1);
      if (--missing[next] == 0) ready.push_back(next);
    }
  }
  return held;
}

// Of those that are held up, leaves those that others of them need: what only refers to a circle is in none.
void keep_circles(std::vector<Item> const& items, std::vector<bool>& held) {
  std::vector<std::size_t> wanted(items.size()), ready;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (held[i])
      for (auto const& need : items[i].needs) ++wanted[need.item];
  for (std::size_t i = 0; i < items.size(); ++i)
    if (held[i] && wanted[i] == 0) ready.push_back(i);
  while (!ready.empty()) {
    auto const done = ready.back();
    ready.pop_back();
    held[done] = false;
    for (auto const& need : items[done].needs)
      if (held[need.item] && --wanted[need.item] == 0) ready.push_back(need.item);
  }
}

}  // namespace

core::Result<void> put_in_order(Batch& batch) {
  if (auto found = find_needs(batch); !found) return found;
  auto& items = batch.items;
  auto const held = give_waves(items);
  auto circles = held;
  keep_circles(items, circles);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!held[i]) continue;
    auto const& which = circles[i] ? circles : held;
    auto const need = std::ranges::find_if(items[i].needs, [&](Need const& one) { return which[one.item]; });
    refuse(items[i], {circles[i] ? circle(need->pointer) : refused_itself(need->pointer)});
  }
  return {};
}

std::vector<std::size_t> in_order(std::vector<Item> const& items) {
  std::vector<std::size_t> out(items.size());
  std::iota(out.begin(), out.end(), std::size_t{0});
  std::ranges::sort(out, {}, [&](std::size_t index) { return std::pair(items[index].wave, index); });
  return out;
}

bool refuse_with_its_needs(std::vector<Item>& items, std::size_t index) {
  auto& item = items[index];
  if (item.outcome == Outcome::refused) return false;
  auto const need =
      std::ranges::find_if(item.needs, [&](Need const& one) { return items[one.item].outcome == Outcome::refused; });
  if (need == item.needs.end()) return false;
  refuse(item, {refused_itself(need->pointer)});
  return true;
}

}  // namespace tocsin::admission
