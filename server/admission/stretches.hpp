// A body of items that is as long as it likes, read in stretches: memory follows the stretch and not the body. Owned by
// the handler of a request; one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "server/admission/collector.hpp"

namespace tocsin::admission {

// Whether a body of this form may be read so: one of lines or records.
[[nodiscard]] bool has_stretches(Form form);

class Stretches {
 public:
  // `form` has stretches.
  Stretches(Form form, kinds::Cells const& defaults, Layout const& layout);

  // Whether what was added before is read, as far as it can be.
  [[nodiscard]] bool needs_more() const { return needs_more_ && !ended_; }
  // The next bytes of the body.
  void add(std::string_view piece) { unread_ += piece; }
  // There are no more.
  void end() { ended_ = true; }
  [[nodiscard]] bool has_ended() const { return ended_; }

  // Reads what has been added. True: the stretch is complete, with kMostItems items or Collector::kStretchBytes (and
  // what its last record is split into) or with what was left of the body. Errors: those of the readers; items_invalid
  // for a record of more than a mebibyte, which a quote that is never closed makes of the rest of a table.
  [[nodiscard]] core::Result<bool> read();

  // The stretch that was read, in order as read_items has it; the next one begins. Errors: those of read_items.
  [[nodiscard]] core::Result<Batch> take();

  // The whole body has been read.
  [[nodiscard]] bool at_end() const { return ended_ && unread_.empty(); }
  // On which line the stretch begins.
  [[nodiscard]] std::size_t first_line() const { return first_line_; }

 private:
  [[nodiscard]] core::Result<void> check_text(std::size_t end);

  std::unique_ptr<LineReader> reader_;
  Collector collector_{Collector::Beyond::later};
  std::string unread_;
  std::size_t checked_ = 0;  // of unread_: known to be UTF-8
  std::size_t first_line_ = 1;
  bool begun_ = false, ended_ = false, needs_more_ = true;
};

}  // namespace tocsin::admission
