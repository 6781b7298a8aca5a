// Records of a table in text (RFC 4180), from pieces of it. Owned by the reader of a table; one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::client {

struct Record {
  std::span<std::string const> cells;  // one at least
  std::size_t line = 0;                // where it begins, from 1
};

// The separator is the first of comma, semicolon and tab that stands outside quotes in the first record. Blank lines
// are no records. A quote within a cell that does not begin with one is a character like any other.
class RecordReader {
 public:
  using Take = std::function<void(Record const&)>;
  explicit RecordReader(Take take) : take_(std::move(take)) {}

  // False when a record is longer than 1 MiB, as after a quote that nothing closes: nothing more may be fed.
  [[nodiscard]] bool feed(std::string_view piece);
  // The text has ended, and with it the last record. False when that ends within quotes.
  [[nodiscard]] bool finish();

  // The line on which the record under way begins.
  [[nodiscard]] std::size_t line() const { return begin_; }

 private:
  enum class State : unsigned char { begin, plain, quoted, after_quote };
  void add(char c);
  void end_cell();
  void end_record();

  Take take_;
  std::vector<std::string> cells_;
  std::size_t count_ = 0;  // cells of this record that are complete
  std::string cell_;
  State state_ = State::begin;
  char separator_ = '\0';
  bool quotes_ = false;  // the record has a quoted cell, so it is none but for line breaks
  std::size_t size_ = 0, begin_ = 1, line_ = 1;
};

}  // namespace tocsin::client
