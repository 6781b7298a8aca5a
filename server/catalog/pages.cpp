#include "server/catalog/pages.hpp"

#include <algorithm>
#include <limits>

#include "schema/core/digest.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/catalog/dialect.hpp"
#include "server/store/taxii_version.hpp"

namespace tocsin::catalog {
namespace {

constexpr std::string_view kMediaType = "application/stix+json;version=2.1";

std::string date_text(std::int64_t us) { return stix::Timestamp::from_microseconds(us).text_microseconds(); }

std::string manifest_records(store::Page const& page) {
  std::string out;
  for (store::PageRow const& row : page.rows) {
    if (!out.empty()) out += ',';
    out += "{\"date_added\":\"" + date_text(row.date_added_us) + "\",\"id\":\"" + row.type + "--" +
           core::to_text(row.uuid) + "\",\"media_type\":\"" + std::string(kMediaType) + "\",\"version\":\"" +
           store::taxii_version(row) + "\"}";
  }
  return out;
}

std::string version_list(store::Page const& page) {
  std::string out;
  for (store::PageRow const& row : page.rows) out += (out.empty() ? "\"" : ",\"") + store::taxii_version(row) + "\"";
  return out;
}

}  // namespace

Pages::Pages(ledger::Generations const& generations, CursorCodec const& cursors, std::size_t bytes,
             base::Metrics& metrics)
    : generations_(generations),
      cursors_(cursors),
      shard_bytes_(bytes / kShards),
      hits_(metrics.counter("tocsin_page_cache_hits_total", "Pages served from memory.")),
      misses_(metrics.counter("tocsin_page_cache_misses_total", "Pages made from the database.")) {}

void Pages::set_bytes(std::size_t bytes) {
  shard_bytes_ = bytes / kShards;
  for (Shard& each : shards_) {
    std::lock_guard lock(each.mutex);
    trim(each);
  }
}

void Pages::forget() {
  for (Shard& each : shards_) {
    std::lock_guard lock(each.mutex);
    each.by_key.clear();
    each.used.clear();
    each.bytes = 0;
  }
}

std::string Pages::key(PageRequest const& request) {
  std::string key;
  key.reserve(64 + request.filters.text.size());
  key += static_cast<char>('0' + static_cast<int>(request.kind));
  key += static_cast<char>('0' + static_cast<int>(request.view->dialect));
  key += request.view->fingerprint;
  key += std::to_string(request.collection) + "/" + std::to_string(request.after_sequence) + "/" +
         std::to_string(request.limit) + "/";
  // The text of the filters is that of the cursor to come, which may leave out what its place already says.
  if (request.filters.added_after_us) key += std::to_string(*request.filters.added_after_us);
  key += request.filters.no_spec_version ? "/none/" : "/";
  return key += request.filters.text;
}

std::size_t Pages::cost(Entry const& entry) {
  constexpr std::size_t kUpkeep = 512;  // nodes of the list and the map, the page's other texts, the allocator's share
  return entry.page->body.size() + entry.key.size() + kUpkeep;
}

bool Pages::stands(Entry const& entry) const {
  if (entry.open_end && generations_.growth(entry.collection) != entry.growth) return false;
  return generations_.stamp(entry.after, entry.last) == entry.stamp;
}

std::shared_ptr<RenderedPage const> Pages::find(std::string const& key) {
  Shard& where = shard(key);
  std::lock_guard lock(where.mutex);
  auto found = where.by_key.find(key);
  if (found == where.by_key.end()) return nullptr;
  if (!stands(*found->second)) {
    where.bytes -= cost(*found->second);
    auto entry = found->second;
    where.by_key.erase(found);
    where.used.erase(entry);
    return nullptr;
  }
  hits_.add();
  where.used.splice(where.used.begin(), where.used, found->second);
  return found->second->page;
}

core::Result<std::shared_ptr<RenderedPage const>> Pages::render(store::ReadStore& reader, PageRequest const& request,
                                                                std::string const& key) {
  misses_.add();
  // Read before the database is: a commit in between makes the page look old, never the other way round.
  Entry entry{
      key, nullptr, request.collection, request.after_sequence, 0, true, 0, generations_.growth(request.collection)};
  std::uint64_t everything = generations_.stamp(request.after_sequence, std::numeric_limits<std::int64_t>::max() - 1);
  store::Page page;
  if (!request.filters.no_spec_version) {
    store::PageQuery query{request.collection,
                           request.view->window,
                           request.after_sequence,
                           request.filters.added_after_us,
                           request.limit,
                           request.filters.ids,
                           request.filters.types,
                           request.filters.versions,
                           request.kind == PageKind::objects};
    auto made = reader.page(query);
    if (!made) return std::unexpected(made.error());
    page = *std::move(made);
    if (request.view->dialect == stix::MarkingDialect::tlp1) render_tlp1(page.objects);
  }
  auto out = std::make_shared<RenderedPage>();
  out->count = page.count;
  std::string_view list = request.kind == PageKind::versions ? "versions" : "objects";
  // TAXII says that an envelope without objects is an empty object; some clients still want to see `more`.
  out->body = std::string("{\"more\":") + (page.more ? "true" : "false");
  if (page.more)
    out->body +=
        ",\"next\":\"" + cursors_.seal({request.collection, page.rows.back().sequence, request.filters.text}) + "\"";
  out->body += ",\"" + std::string(list) + "\":[";
  if (request.kind == PageKind::objects)
    out->body += page.objects;
  else
    out->body += request.kind == PageKind::manifest ? manifest_records(page) : version_list(page);
  out->body += "]}";
  if (!page.rows.empty()) {
    out->first = date_text(page.rows.front().date_added_us);
    out->last = date_text(page.rows.back().date_added_us);
    out->first_sequence = page.rows.front().sequence;
    out->last_sequence = page.rows.back().sequence;
  } else if (request.filters.added_after_us) {
    out->last = date_text(*request.filters.added_after_us);
  }
  core::Digest digest = core::sha256(out->body);
  out->etag = "\"" + core::to_hex(core::view(digest).substr(0, 12)) + "\"";
  entry.page = out;
  entry.open_end = !page.more;
  entry.last = page.more ? page.rows.back().sequence : std::numeric_limits<std::int64_t>::max() - 1;
  entry.stamp = generations_.stamp(entry.after, entry.last);
  // Something changed while the page was made: it is true for this answer, but not worth keeping.
  bool quiet = generations_.stamp(request.after_sequence, std::numeric_limits<std::int64_t>::max() - 1) == everything;
  if (quiet) keep(std::move(entry));
  return out;
}

void Pages::keep(Entry entry) {
  std::size_t size = cost(entry);
  if (size > shard_bytes_ / 4) return;
  Shard& where = shard(entry.key);
  std::lock_guard lock(where.mutex);
  if (auto found = where.by_key.find(entry.key); found != where.by_key.end()) {
    where.bytes -= cost(*found->second);
    auto old = found->second;
    where.by_key.erase(found);
    where.used.erase(old);
  }
  where.used.push_front(std::move(entry));
  where.by_key.emplace(where.used.front().key, where.used.begin());
  where.bytes += size;
  trim(where);
}

void Pages::trim(Shard& where) const {
  while (where.bytes > shard_bytes_ && !where.used.empty()) {
    where.bytes -= cost(where.used.back());
    where.by_key.erase(where.used.back().key);
    where.used.pop_back();
  }
}

}  // namespace tocsin::catalog
