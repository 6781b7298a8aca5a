#include "server/store/sqlite/shown.hpp"

#include <algorithm>

namespace tocsin::store::sqlite {
namespace {

constexpr std::size_t kTogether = 256;  // ids of one page: while they are looked up in memory, commits wait

// The objects of a page, one by one: they are joined by commas, and each row has the length of its own.
void append(std::vector<Published>& out, RowId collection, Page& page) {
  std::size_t at = 0;
  for (auto& row : page.rows) {
    std::string bytes = page.objects.substr(std::min(at, page.objects.size()), row.bytes);
    at += row.bytes + 1;
    out.push_back({collection, std::move(row), std::move(bytes)});
  }
}

}  // namespace

core::Result<std::vector<Published>> shown(ReadStore& reader, Sight const& sight, std::string const& type,
                                           std::span<core::Uuid const> uuids, PageQuery query, bool& more) {
  std::vector<Published> out;
  query.window = sight.window;
  query.every_row = true;
  for (; !uuids.empty(); uuids = uuids.subspan(std::min(kTogether, uuids.size()))) {
    query.ids.clear();
    for (auto const& uuid : uuids.first(std::min(kTogether, uuids.size()))) query.ids.emplace_back(type, uuid);
    for (RowId collection : sight.collections) {
      query.collection = collection;
      auto page = reader.page(query);
      if (!page) return std::unexpected(page.error());
      more = more || page->more;
      append(out, collection, *page);
    }
  }
  return out;
}

core::Result<std::vector<Published>> newest_shown(ReadStore& reader, Sight const& sight, std::string const& type,
                                                  std::span<core::Uuid const> uuids, bool with_bytes) {
  constexpr std::size_t kAll = 1'000'000;
  PageQuery query;
  query.limit = kAll;
  query.with_bytes = with_bytes;
  query.most_bytes = kAll * kAll;
  bool more = false;
  return shown(reader, sight, type, uuids, std::move(query), more);
}

std::map<RowId, Published*> newest_of_each(std::vector<Published>& found) {
  std::map<std::pair<RowId, core::Uuid>, Published*> chains;
  for (auto& one : found) {
    auto& newest = chains.try_emplace({one.row.asserter, one.row.uuid}, &one).first->second;
    if (newest->row.modified_ns < one.row.modified_ns) newest = &one;
  }
  std::map<RowId, Published*> out;
  for (auto& [chain, one] : chains) out.emplace(one->row.version, one);
  return out;
}

}  // namespace tocsin::store::sqlite
