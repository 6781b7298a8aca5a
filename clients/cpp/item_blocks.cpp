#include "clients/cpp/item_blocks.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::client {
namespace {

constexpr std::size_t kLongestRecord = 8u << 20;

std::size_t lines_in(std::string_view text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

}  // namespace

ItemBlocks::ItemBlocks(ItemForm form, TableHead head, std::size_t lines, Take take)
    : form_(form), head_(head), lines_(lines), take_(std::move(take)) {}

Outcome<void> ItemBlocks::add(std::string_view piece) {
  unread_ += piece;
  return take_records();
}

Outcome<void> ItemBlocks::end() {
  if (!unread_.empty() && !unread_.ends_with('\n')) {
    unread_ += '\n';
    if (auto taken = take_records(); !taken) return taken;
  }
  if (!unread_.empty()) take_record();  // in a quote that is never closed
  return records_ > 0 || blocks_ == 0 ? close_block() : Outcome<void>();
}

// Quotes inside a quoted cell are written twice, so that counting them is enough.
Outcome<void> ItemBlocks::take_records() {
  std::size_t taken = 0;
  auto const all = std::move(unread_);
  for (auto at = looked_at_; at < all.size(); ++at) {
    if (form_ == ItemForm::csv && all[at] == '"') quoted_ = !quoted_;
    if (all[at] != '\n' || quoted_) continue;
    unread_ = all.substr(taken, at + 1 - taken);
    taken = at + 1;
    take_record();
    if (records_ < lines_) continue;
    if (auto closed = close_block(); !closed) return closed;
  }
  unread_ = all.substr(taken);
  looked_at_ = unread_.size();
  if (unread_.size() <= kLongestRecord) return {};
  return fail(Exit::local,
              "The record that begins on line " + std::to_string(lines_read_ + 1) + " is longer than 8 MiB.",
              "In a table, look for a quote there that is never closed.");
}

void ItemBlocks::take_record() {
  if (!std::exchange(begun_, true)) {
    if (unread_.starts_with(kByteOrderMark)) unread_.erase(0, kByteOrderMark.size());
    if (begins_with_header(form_, unread_, head_)) {
      header_ = std::move(unread_);
      unread_.clear();
      lines_read_ = lines_before_ = lines_in(header_);
      return;
    }
  }
  lines_read_ += lines_in(unread_);
  block_ += unread_;
  unread_.clear();
  ++records_;
}

Outcome<void> ItemBlocks::close_block() {
  ++blocks_;
  records_ = 0;
  ItemBatch batch{header_ + std::exchange(block_, {}), lines_before_ - lines_in(header_)};
  lines_before_ = lines_read_;
  return take_(std::move(batch));
}

}  // namespace tocsin::client
