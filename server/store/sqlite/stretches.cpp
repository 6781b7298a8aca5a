// The part of Reads that merges collections.
#include <algorithm>
#include <limits>

#include "server/store/sqlite/reads.hpp"
#include "server/store/sqlite/snapshot.hpp"

namespace tocsin::store::sqlite {

core::Result<Stretch> Reads::stretch(StretchQuery const& query) {
  try {
    Snapshot snapshot(*connection_, begin_, end_);
    Stretch out;
    // A collection that has more is known up to its last row only, and so is the merged order.
    std::int64_t known_until = std::numeric_limits<std::int64_t>::max();
    for (RowId collection : query.collections) {
      PageQuery part;
      part.collection = collection;
      part.window = query.window;
      part.after_sequence = query.after_sequence;
      part.limit = std::max<std::size_t>(1, query.limit / query.collections.size());
      part.with_bytes = false;
      Page page = ranged(part);
      if (page.more) known_until = std::min(known_until, page.rows.back().sequence);
      out.more = out.more || page.more;
      for (PageRow& row : page.rows) out.rows.push_back({collection, std::move(row), {}});
    }
    std::erase_if(out.rows, [&](Published const& one) { return one.row.sequence > known_until; });
    std::ranges::sort(out.rows, {}, [](Published const& one) { return one.row.sequence; });
    std::size_t bytes = 0;
    for (auto at = out.rows.begin(); at != out.rows.end(); ++at) {
      if (std::ranges::find(query.types, at->row.type) == query.types.end()) continue;
      if (bytes >= query.bytes) {
        out.rows.erase(at, out.rows.end());
        out.more = true;
        break;
      }
      at->bytes = bytes_at(at->collection, at->row.sequence);
      bytes += at->bytes.size();
    }
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

std::string Reads::bytes_at(std::int64_t collection, std::int64_t sequence) {
  std::optional<Row> row = row_at(collection, sequence);
  if (!row || !body_.start().bind(row->version).step()) throw SqliteError(0, 0, "a publication without its version");
  std::string bytes(body_.text(0));
  body_.reset();
  return bytes;
}

}  // namespace tocsin::store::sqlite
