// What speaks for caution where an indicator is hit: what was hit is on an allow list of this instance, or somebody
// whose observable the caller sees says that innocent users share the address. Owned by one answer; a reader thread.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "server/admission/harm/allow_lists.hpp"
#include "server/catalog/indicators.hpp"
#include "server/feeds/bystanders.hpp"
#include "server/match/fusion.hpp"
#include "server/match/item.hpp"

namespace tocsin::endpoints {

class MatchWarnings {
 public:
  MatchWarnings(std::shared_ptr<admission::harm::AllowLists const> lists, catalog::Asking const& asking)
      : lists_(std::move(lists)), asking_(asking) {}

  // Before `of`: the observables of addresses and autonomous systems that indicators (catalog::indicator_items) and the
  // items that hit them are of. Each is read once. Errors: storage_failed.
  [[nodiscard]] core::Result<void> learn(store::ReadStore& reader, std::span<nlohmann::json const> indicators,
                                         std::span<match::Item const* const> items);

  // schema/openapi.yaml, MatchHit: names, in order; empty for most.
  [[nodiscard]] std::vector<std::string_view> of(match::Item const& item, match::Field field) const;

 private:
  [[nodiscard]] bool is_listed(match::Item const& item, match::Field field) const;
  [[nodiscard]] core::Result<void> read(store::ReadStore& reader, store::PageQuery query);

  std::shared_ptr<admission::harm::AllowLists const> lists_;
  catalog::Asking const& asking_;
  std::set<std::pair<std::string, core::Uuid>> known_;  // observables that were looked for
  feeds::Bystanders bystanders_;
};

}  // namespace tocsin::endpoints
