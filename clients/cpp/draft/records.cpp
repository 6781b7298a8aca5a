#include "clients/cpp/draft/records.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kLongestRecord = 1u << 20;

bool separates(char c) { return c == ',' || c == ';' || c == '\t'; }

}  // namespace

bool RecordReader::feed(std::string_view piece) {
  for (char const c : piece) {
    if (++size_ > kLongestRecord) return false;
    add(c);
  }
  return true;
}

void RecordReader::add(char c) {
  if (c == '\n') ++line_;
  if (state_ == State::quoted) {
    if (c == '"') {
      state_ = State::after_quote;
    } else {
      cell_ += c;
    }
    return;
  }
  if (c == '"' && state_ == State::begin) {
    state_ = State::quoted;
    quotes_ = true;
    return;
  }
  if (c == '"' && state_ == State::after_quote) {
    cell_ += c;
    state_ = State::quoted;
    return;
  }
  if (separator_ == '\0' && separates(c)) separator_ = c;
  if (c == '\n') {
    end_record();
  } else if (c == separator_) {
    end_cell();
  } else {
    cell_ += c;
    if (state_ == State::begin) state_ = State::plain;
  }
}

void RecordReader::end_cell() {
  if (count_ == cells_.size()) cells_.emplace_back();
  cells_[count_++].swap(cell_);
  cell_.clear();
  state_ = State::begin;
}

void RecordReader::end_record() {
  if (cell_.ends_with('\r')) cell_.pop_back();
  bool const blank = count_ == 0 && cell_.empty() && !quotes_;
  end_cell();
  if (!blank) {
    if (separator_ == '\0') separator_ = ',';
    take_({std::span(cells_).first(count_), begin_});
  }
  count_ = 0;
  quotes_ = false;
  size_ = 0;
  begin_ = line_;
}

bool RecordReader::finish() {
  if (state_ == State::quoted) return false;
  if (size_ > 0) end_record();
  return true;
}

}  // namespace tocsin::client
