#include "server/admission/guard.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "schema/core/finding_text.hpp"

namespace tocsin::admission {
namespace {

using Outcome = Item::Outcome;

bool of_one_range(Item const& a, Item const& b) {
  return a.native && b.native && a.native->kind().name == "ip-range" && b.native->kind().name == "ip-range" &&
         a.place.line == b.place.line && a.place.pointer == b.place.pointer;
}

// The finding for networks that one range was split into, when they are too many addresses together.
std::optional<core::Error> too_many_together(std::span<Item const> parts, harm::Bounds const& bounds) {
  access::Addresses sum = 0;
  bool v4 = true;
  for (auto const& part : parts) {
    auto const network = access::Network::around(part.native->document().at("value").get_ref<std::string const&>());
    if (!network) continue;
    sum += access::addresses_in(*network);
    v4 = network->is_v4();
  }
  auto const most = access::Addresses{1} << (v4 ? 32 - bounds.widest_v4 : 128 - bounds.widest_v6);
  if (sum <= most) return std::nullopt;
  return harm::too_many_addresses(sum, v4, bounds, "/value");
}

void settle(Item& item, harm::Findings found, bool overriding) {
  if (found.empty()) return;
  auto const may = [](core::Error const& one) { return harm::may_be_overridden(one.code); };
  if (!overriding || !std::ranges::all_of(found, may)) {
    item.outcome = Outcome::refused;
    item.findings = std::move(found);
    return;
  }
  for (auto const& one : found) {
    item.overridden.push_back(one.code);
    item.notes.push_back(std::string(core::row(one.code).code) + ", overridden: " + one.detail);
  }
}

}  // namespace

void guard(std::vector<Item>& items, harm::Surroundings const& around, bool overriding) {
  for (auto first = items.begin(); first != items.end();) {
    auto end = std::next(first);
    while (end != items.end() && of_one_range(*first, *end)) ++end;
    auto const together = end - first > 1 ? too_many_together({first, end}, around.bounds) : std::nullopt;
    for (; first != end; ++first) {
      if (first->outcome == Outcome::refused) continue;
      auto found = harm::findings(*first->native, around);
      auto const broad = [](core::Error const& one) { return one.code == core::Code::value_too_broad; };
      if (together && std::ranges::none_of(found, broad)) found.push_back(*together);
      settle(*first, std::move(found), overriding);
    }
  }
}

}  // namespace tocsin::admission
