// What somebody asks: the body of `POST /api/v1/match`. Foreign bytes: what is not as the document of the interface
// says is refused with its place. Nothing of it is kept or logged. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "server/match/item.hpp"

namespace tocsin::match {

inline constexpr std::size_t kMostItems = 10'000, kLongestPrompt = 64u << 10, kLongestRef = 256, kMostIdentifiers = 64;

struct Asked {
  std::string ref;  // what the asker calls it; "": nothing
  Item item;        // of its prompt the fingerprints: the text is not kept
};

struct Question {
  std::vector<Asked> items;
  int min_confidence = 0;
  bool is_subject = false;  // one item: its hits are to be weighed together
};

// {"items":[…]} or {"subject":{…}}, and "min_confidence". Errors: those of stix::parse_json; bad_parameter and
// property_unknown with the pointer of what is wrong; content_too_large for too many items or too long a prompt.
[[nodiscard]] core::Result<Question> parse_question(std::string_view body);

// The value of one field of an item, by the name of its member. Error bad_parameter, without the value.
[[nodiscard]] core::Result<void> take_field(Asked& asked, std::string_view member, std::string_view text);

}  // namespace tocsin::match
