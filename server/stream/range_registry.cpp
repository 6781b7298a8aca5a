#include "server/stream/range_registry.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::stream {

std::shared_ptr<OwnRanges const> RangeRegistry::of(store::RowId organisation) const {
  static std::shared_ptr<OwnRanges const> const kNone = std::make_shared<OwnRanges const>();
  std::lock_guard lock(mutex_);
  auto found = ranges_.find(organisation);
  return found == ranges_.end() ? kNone : found->second;
}

std::vector<std::shared_ptr<access::Coverage const>> RangeRegistry::of_others(store::RowId organisation) const {
  std::vector<std::shared_ptr<access::Coverage const>> out;
  std::lock_guard lock(mutex_);
  for (auto const& [owner, own] : ranges_)
    if (owner != organisation && !own->empty()) out.emplace_back(own, &own->coverage());
  return out;
}

core::Result<std::vector<std::string>> RangeRegistry::parse(std::vector<std::string> const& given, For what) const {
  if (given.empty())
    return core::fail(core::Code::bad_parameter, "No range is named.", "/ranges",
                      R"(Send {"ranges":["203.0.113.0/24","AS64500"]}.)");
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::string pointer = "/ranges/" + std::to_string(i);
    auto range = parse_range(given[i], pointer);
    if (!range) return std::unexpected(range.error());
    if (what == For::adding)
      if (auto ownable = require_ownable(*range, documentation_, pointer); !ownable)
        return std::unexpected(ownable.error());
    texts.push_back(text_of(*range));
  }
  std::ranges::sort(texts);
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

core::Result<void> RangeRegistry::load() {
  auto rows = store_.ranges();
  if (!rows) return std::unexpected(rows.error());
  std::map<store::RowId, std::shared_ptr<OwnRanges const>> ranges;
  for (auto& [organisation, own] : *rows)
    ranges.emplace(organisation, std::make_shared<OwnRanges const>(std::move(own)));
  std::lock_guard lock(mutex_);
  ranges_ = std::move(ranges);
  return {};
}

core::Result<RangeRegistry::Changed> RangeRegistry::add(store::RowId organisation,
                                                        std::vector<std::string> const& texts,
                                                        std::string const& credential, std::int64_t now_us) {
  std::vector<store::OwnRange> rows;
  for (std::string const& text : texts) rows.push_back({text, credential, now_us});
  return changed(organisation, store_.add(organisation, rows, kMostRanges));
}

core::Result<RangeRegistry::Changed> RangeRegistry::remove(store::RowId organisation,
                                                           std::vector<std::string> const& texts) {
  return changed(organisation, store_.remove(organisation, texts));
}

core::Result<RangeRegistry::Changed> RangeRegistry::changed(store::RowId organisation,
                                                            core::Result<std::size_t> ranges) {
  if (!ranges) return std::unexpected(ranges.error());
  if (*ranges > 0) {
    auto rows = store_.ranges_of(organisation);
    if (!rows) return std::unexpected(rows.error());
    auto own = std::make_shared<OwnRanges const>(*std::move(rows));
    std::lock_guard lock(mutex_);
    ranges_[organisation] = std::move(own);
  }
  return Changed{*ranges, of(organisation)->rows().size()};
}

}  // namespace tocsin::stream
