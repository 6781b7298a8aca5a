// Two instances that were told the same, of which one is then told more; and everything that a reader can ask. Owned by
// a test; one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/in_process.hpp"

namespace tocsin::test {

// An indicator, canonical as it is stored. `second` tells versions apart; `marking` is "" for none.
struct Indicator {
  std::string id, marking, kind;
  int second = 0;
  std::string name = "n";
};
[[nodiscard]] std::string text_of(Indicator const& indicator);

// What a reader asks about, the same in both instances.
struct Questions {
  std::vector<std::string> collections;           // the ids of two, then whatever may be asked for
  std::vector<std::string> objects, submissions;  // ids, also such as do not exist
};

struct Exchange {
  std::string request, answer;
};

// Every answer of every GET route to the holder of a token, with all filters and errors, following every `next` to its
// end.
class Transcript {
 public:
  // Of two instances that were not given their objects by the same commits: dates become their place in the order,
  // `next` becomes its length, and ETags of what holds either become theirs.
  enum class Compare : std::uint8_t { bytes, shapes };
  Transcript(InProcess& server, std::string token, Questions const& questions, Compare compare);

  [[nodiscard]] std::vector<Exchange> const& exchanges() const { return exchanges_; }

 private:
  void learn_dates();
  void ask_route(http::Route const& route);
  void ask_all(std::string const& path);
  void ask(std::string const& name, Call call);
  void walk(std::string const& path, std::string const& query);
  [[nodiscard]] std::vector<std::string> queries_of(std::string const& path) const;
  [[nodiscard]] std::string written(Answer const& answer) const;
  [[nodiscard]] std::string without_dates(std::string text) const;

  InProcess& server_;
  std::string const token_;
  Questions const& questions_;
  Compare const compare_;
  std::vector<std::string> dates_;  // of what the reader sees, in order
  std::vector<Exchange> exchanges_;
};

}  // namespace tocsin::test
