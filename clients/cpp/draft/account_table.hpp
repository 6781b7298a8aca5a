// A table of accounts, from pieces of its text: CSV with a header, or one JSON object a line. Owned by a command; one
// thread.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "clients/cpp/draft/columns.hpp"
#include "clients/cpp/draft/records.hpp"

namespace tocsin::client {

struct Skipped {
  std::size_t rows = 0;
  std::size_t first_line = 0;  // of the first such row; 0: there is none
};

struct TableCounts {
  std::size_t rows = 0;  // in all
  Skipped torn;          // another number of cells than the header, or no JSON object
  Skipped nameless;      // no account
};

class AccountTable {
 public:
  using Take = std::function<void(AccountRow const&)>;
  // `take` is called for each row that has an account.
  AccountTable(ColumnNames columns, Take take);
  AccountTable(AccountTable const&) = delete;
  AccountTable& operator=(AccountTable const&) = delete;

  // Failure: Exit::local, for a header that does not name the account, and a row that is longer than 1 MiB. Nothing may
  // be fed after it.
  [[nodiscard]] Outcome<void> feed(std::string_view piece);
  [[nodiscard]] Outcome<void> finish();

  [[nodiscard]] TableCounts const& counts() const { return counts_; }

 private:
  [[nodiscard]] Outcome<void> feed_lines(std::string_view piece);
  void take_record(Record const& record);
  void take_line(std::string_view line);
  void take_row(AccountRow const& row, std::size_t line);

  ColumnNames columns_;
  Take take_;
  RecordReader records_;
  std::optional<ColumnNames::Places> places_;
  std::size_t width_ = 0;  // cells of the header
  std::optional<Failure> failure_;
  std::string begin_;          // of the text, until its form is known
  std::optional<bool> lines_;  // it has JSON objects
  std::string line_;           // the one under way
  std::size_t line_number_ = 1;
  TableCounts counts_;
};

}  // namespace tocsin::client
