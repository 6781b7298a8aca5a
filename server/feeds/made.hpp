// A feed as it was made: its bytes, and what is said of them. Immutable once made; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/feeds/selection.hpp"

namespace tocsin::feeds {

struct Made {
  std::shared_ptr<std::string const> body;
  std::size_t entries = 0;  // lines, rows or elements that hold a value
  std::string digest;       // SHA-256 of the body, hexadecimal
  std::size_t indicators = 0;
  std::map<std::string_view, std::size_t> excluded;
  std::vector<Place> places;
  std::int64_t holds_until_us = 0;   // the first end of validity of what is in it
  std::int64_t stands_until_us = 0;  // until then time alone changes nothing of all this
};

// `objects`: those of what was selected, of a format that is made of them.
[[nodiscard]] Made make(Feed const& feed, Asked const& asked, Selected selected, Publisher const& publisher,
                        std::vector<std::string> const& objects);

}  // namespace tocsin::feeds
