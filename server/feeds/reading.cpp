#include "server/feeds/reading.hpp"

#include <algorithm>
#include <limits>

#include "schema/stix/json.hpp"

namespace tocsin::feeds {
namespace {

constexpr std::size_t kPortion = 1'000, kLeast = 64;
constexpr auto kBlock = ledger::Generations::kBlock;
constexpr auto kUnknown = std::numeric_limits<std::uint64_t>::max();  // no sum of generations

std::uint64_t stamp_of(ledger::Generations const& generations, std::int64_t block) {
  return generations.stamp(block * kBlock, block * kBlock);
}

std::uint64_t stamp_from(ledger::Generations const& generations, std::size_t block) {
  return generations.stamp(static_cast<std::int64_t>(block) * kBlock, std::numeric_limits<std::int64_t>::max() - 1);
}

// Of other kinds nothing is parsed.
bool may_enter(store::PageRow const& row) {
  return row.kind.empty() || row.kind == "ip-range" || row.kind == "proxy-asn";
}

// Calls `each` with the rows of a page and their bytes.
void each_of(store::Page const& page, auto each) {
  std::string_view const objects = page.objects;
  std::size_t at = 0;
  for (auto const& row : page.rows) {
    if (!each(row, objects.substr(std::min(at, objects.size()), row.bytes))) return;
    at += row.bytes + 1;  // the comma
  }
}

}  // namespace

Reading::Reading(Known& known, ledger::Generations const& generations, std::string const& view,
                 store::Window const& window, store::RowId collection)
    : known_(known),
      generations_(generations),
      key_(view + "of collection " + std::to_string(collection)),
      forgotten_(known.forgotten()) {
  query_.collection = collection;
  query_.window = window;
  query_.types = {"indicator"};
  query_.every_row = true;
}

void Reading::begin() {
  begun_ = true;
  all_ = known_.find(key_);
  auto const growth = generations_.growth(query_.collection);
  if (all_ != nullptr) {
    now_ = *all_;
    bytes_ = cost(now_);
  }
  auto const beyond = stamp_from(generations_, now_.blocks.size());
  grew_ = all_ == nullptr || all_->growth != growth || all_->beyond != beyond;
  now_.growth = growth;
  for (std::size_t number = 0; number < now_.blocks.size(); ++number)
    if (stamp_of(generations_, static_cast<std::int64_t>(number)) != now_.blocks[number].stamp)
      stale_.push_back(static_cast<std::int64_t>(number));
  changed_ = grew_ || !stale_.empty();
}

core::Result<bool> Reading::step(store::ReadStore& reader) {
  if (!begun_) begin();
  if (!stale_.empty()) return read_block(reader);
  if (grew_) return read_on(reader);
  if (changed_) finish();
  return false;
}

core::Result<bool> Reading::read_block(store::ReadStore& reader) {
  auto const number = stale_.back();
  auto& slot = now_.blocks.at(static_cast<std::size_t>(number));
  auto const before = slot.block == nullptr ? std::make_shared<KnownBlock const>() : slot.block;
  Versions versions;
  for (auto const& one : before->rows) versions.emplace(one.version, &one);
  KnownBlock block;
  bytes_ -= before->rows.size() * sizeof(KnownIndicator) + before->others.size() * sizeof(Chain);
  slot.stamp = stamp_of(generations_, number);
  // What is behind what was read comes with what is read on.
  auto const last = std::min((number + 1) * kBlock - 1, now_.read_to);
  query_.after_sequence = std::max<std::int64_t>(0, number * kBlock - 1);
  query_.limit = std::max(kLeast, before->rows.size() + before->others.size() + 1);
  for (bool more = true; more;) {
    auto const page = reader.page(query_);
    if (!page) return std::unexpected(page.error());
    more = page->more && !page->rows.empty() && page->rows.back().sequence < last;
    each_of(*page, [&](store::PageRow const& row, std::string_view bytes) {
      query_.after_sequence = row.sequence;
      if (row.sequence <= last) take(block, row, bytes, versions);
      return row.sequence <= last;
    });
  }
  fresh_.insert_or_assign(number, std::move(block));
  stale_.pop_back();
  return true;
}

core::Result<bool> Reading::read_on(store::ReadStore& reader) {
  auto const first = now_.blocks.size();
  now_.beyond = stamp_from(generations_, first);
  query_.after_sequence = now_.read_to;
  query_.limit = kPortion;
  auto const page = reader.page(query_);
  if (!page) return std::unexpected(page.error());
  each_of(*page, [&](store::PageRow const& row, std::string_view bytes) {
    take(block_of(row.sequence), row, bytes, {});
    now_.read_to = row.sequence;
    return true;
  });
  add_slots(first);
  grew_ = page->more && !page->rows.empty();
  return true;
}

// The stamps of blocks have to be from before the page was read. When any of them changed meanwhile, which one is not
// known, and all are read again the next time.
void Reading::add_slots(std::size_t first) {
  auto const until = static_cast<std::size_t>(now_.read_to / kBlock) + 1;
  if (now_.read_to == 0 || until <= first) return;
  now_.blocks.resize(until);
  for (auto number = first; number < until; ++number)
    now_.blocks[number].stamp = stamp_of(generations_, static_cast<std::int64_t>(number));
  bool const quiet = stamp_from(generations_, first) == now_.beyond;
  auto behind = now_.beyond;
  for (auto number = first; number < until; ++number) {
    behind -= now_.blocks[number].stamp;
    if (!quiet) now_.blocks[number].stamp = kUnknown;
  }
  now_.beyond = quiet ? behind : kUnknown;
}

KnownBlock& Reading::block_of(std::int64_t sequence) {
  auto const number = sequence / kBlock;
  auto const [at, is_new] = fresh_.try_emplace(number);
  auto const slot = static_cast<std::size_t>(number);
  if (is_new && slot < now_.blocks.size() && now_.blocks[slot].block != nullptr) at->second = *now_.blocks[slot].block;
  return at->second;
}

void Reading::take(KnownBlock& block, store::PageRow const& row, std::string_view bytes, Versions const& before) {
  KnownIndicator one{{}, row.version, row.asserter, row.modified_ns, row.sequence};
  std::optional<Fact> fact;
  if (auto const same = before.find(row.version); same != before.end())
    fact = same->second->fact;
  else if (may_enter(row))
    if (auto const object = stix::parse_json(bytes)) fact = fact_of(*object);
  bytes_ += fact ? sizeof(KnownIndicator) : sizeof(Chain);
  if (!fact) return block.others.push_back({row.asserter, row.uuid, row.modified_ns});
  one.fact = *fact;
  block.rows.push_back(one);
}

void Reading::finish() {
  for (auto& [number, block] : fresh_) {
    block.rows.shrink_to_fit();
    block.others.shrink_to_fit();
    auto const none = block.rows.empty() && block.others.empty();
    now_.blocks.at(static_cast<std::size_t>(number)).block =
        none ? nullptr : std::make_shared<KnownBlock const>(std::move(block));
  }
  fresh_.clear();
  all_ = std::make_shared<KnownCollection const>(std::move(now_));
  known_.keep(key_, forgotten_, all_);
  changed_ = false;
}

}  // namespace tocsin::feeds
