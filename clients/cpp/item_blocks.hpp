// A long file of lines or records, cut into blocks while it is read: memory follows the block and not the file. Owned
// by a command; one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "clients/cpp/item_forms.hpp"
#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

class ItemBlocks {
 public:
  using Take = std::function<Outcome<void>(ItemBatch)>;

  // `form` is none of JSON; a block has `lines` records at most, and the header of a table begins every one.
  ItemBlocks(ItemForm form, TableHead head, std::size_t lines, Take take);

  // The next bytes of the file. Failures: those of `take`; Exit::local for a record of more than 8 MiB.
  [[nodiscard]] Outcome<void> add(std::string_view piece);
  // The rest of the file, even when there is nothing in it.
  [[nodiscard]] Outcome<void> end();

 private:
  [[nodiscard]] Outcome<void> take_records();
  void take_record();
  [[nodiscard]] Outcome<void> close_block();

  ItemForm const form_;
  TableHead const head_;
  std::size_t const lines_;
  Take const take_;
  std::string unread_;         // begins with a record
  std::size_t looked_at_ = 0;  // of unread_: no record ends there
  bool quoted_ = false, begun_ = false;
  std::string header_;
  std::string block_;  // without its header
  std::size_t records_ = 0, blocks_ = 0;
  std::size_t lines_read_ = 0, lines_before_ = 0;  // of the file; before the block
};

}  // namespace tocsin::client
