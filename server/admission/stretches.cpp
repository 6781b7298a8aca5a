#include "server/admission/stretches.hpp"

#include <utility>

#include "schema/core/bytes.hpp"
#include "server/admission/waves.hpp"

namespace tocsin::admission {
namespace {

constexpr std::size_t kLongestRecord = 1u << 20;

std::unique_ptr<LineReader> reader_of(Form form, kinds::Cells const& defaults, Layout const& layout) {
  switch (form) {
    case Form::lines_of_json:
      return json_lines_reader(defaults);
    case Form::csv:
      return table_reader(defaults, layout);
    default:
      break;
  }
  return list_reader(defaults);
}

std::unexpected<core::Error> too_long(std::size_t line) {
  return core::fail(core::Code::items_invalid,
                    "The record that begins on line " + std::to_string(line) + " is longer than " +
                        std::to_string(kLongestRecord) + " bytes.",
                    "", "In a table, look for a quote there that is never closed.");
}

}  // namespace

bool has_stretches(Form form) { return form == Form::lines_of_json || form == Form::csv || form == Form::list; }

Stretches::Stretches(Form form, kinds::Cells const& defaults, Layout const& layout)
    : reader_(reader_of(form, defaults, layout)) {}

// A line feed is never part of a longer character, so that the lines are text when each stretch of them is.
core::Result<void> Stretches::check_text(std::size_t end) {
  if (!core::is_utf8(std::string_view(unread_).substr(checked_, end - checked_))) return not_utf8();
  checked_ = end;
  return {};
}

core::Result<bool> Stretches::read() {
  if (!begun_ && !ended_ && unread_.size() < kByteOrderMark.size()) return false;
  if (!std::exchange(begun_, true) && unread_.starts_with(kByteOrderMark)) unread_.erase(0, kByteOrderMark.size());
  auto const end = ended_ ? unread_.size() : unread_.rfind('\n') + 1;  // npos + 1 is 0
  if (auto good = check_text(end); !good) return std::unexpected(good.error());
  std::string_view text(unread_.data(), end);
  if (auto done = reader_->read(text, ended_, collector_); !done) return std::unexpected(done.error());
  auto const taken = end - text.size();
  unread_.erase(0, taken);
  checked_ -= taken;
  needs_more_ = !collector_.is_full();
  if (!needs_more_ || at_end()) return true;
  if (unread_.size() > kLongestRecord) return too_long(reader_->line());
  return false;
}

core::Result<Batch> Stretches::take() {
  first_line_ = reader_->line();
  auto batch = collector_.take_batch();
  if (auto ordered = put_in_order(batch); !ordered) return std::unexpected(ordered.error());
  return batch;
}

}  // namespace tocsin::admission
