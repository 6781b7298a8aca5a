#include "server/endpoints/referred.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "server/endpoints/seen.hpp"

namespace tocsin::endpoints {
namespace {

using admission::Shown;

constexpr std::size_t kTogether = 256;  // ids that are looked up while commits wait
constexpr std::size_t kAll = 1'000'000;

// The newest versions that are shown of these ids, in every collection.
core::Result<std::vector<store::PageRow>> rows_of(store::ReadStore& reader, store::Sight const& sight,
                                                  std::span<stix::Identifier const> ids) {
  std::vector<store::PageRow> out;
  for (; !ids.empty(); ids = ids.subspan(std::min(kTogether, ids.size()))) {
    store::PageQuery query;
    query.window = sight.window;
    query.limit = kAll;
    query.with_bytes = false;
    for (auto const& id : ids.first(std::min(kTogether, ids.size())))
      query.ids.emplace_back(std::string(id.type()), id.uuid());
    for (auto const collection : sight.collections) {
      query.collection = collection;
      auto page = reader.page(query);
      if (!page) return std::unexpected(page.error());
      out.insert(out.end(), page->rows.begin(), page->rows.end());
    }
  }
  return out;
}

}  // namespace

http::Awaitable<core::Result<Shown>> shown_of(Context& context, http::Request const& request,
                                              std::vector<stix::Identifier> ids) {
  if (ids.empty()) co_return Shown();
  using Rows = std::vector<store::PageRow>;
  auto const seen = seen_by(context, request);
  auto const rows = co_await context.bridge.run<Rows>(
      request.principal->organisation,
      [&](store::ReadStore& reader) -> core::Result<Rows> { return rows_of(reader, seen.sight, ids); });
  if (!rows) co_return std::unexpected(rows.error());
  auto const& classes = seen.directory->tables().classes;
  Shown out;
  for (auto const& row : *rows) {
    auto const found = std::ranges::find(classes, row.class_row, &store::ClassRow::row);
    auto facts = found == classes.end() ? std::nullopt : access::parse_class_key(found->key);
    if (facts) out[stix::Identifier::make(row.type, row.uuid)].push_back(*std::move(facts));
  }
  co_return out;
}

}  // namespace tocsin::endpoints
