// A progress bar on a terminal; silent anywhere else. Owned by a command; one thread.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

#include "clients/cpp/console.hpp"

namespace tocsin::client {

class Progress {
 public:
  // `total` 0: nobody knows how much there is.
  Progress(std::ostream& err, bool terminal, Columns columns, std::size_t total)
      : err_(err), terminal_(terminal), columns_(std::move(columns)), total_(total) {}
  ~Progress() { clear(); }
  Progress(Progress const&) = delete;
  Progress& operator=(Progress const&) = delete;

  // `note` is ASCII. What does not fit into one line of the terminal is left out, the bar first.
  void show(std::size_t done, std::string_view note);
  // Prints a whole line above the bar; on a terminal or not.
  void line(std::string_view text);
  void clear();

 private:
  std::ostream& err_;
  bool terminal_;
  Columns columns_;
  std::size_t total_;
  std::string shown_;
};

}  // namespace tocsin::client
