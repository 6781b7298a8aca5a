// The question that is asked most, read without a document of it in memory: a batch of addresses, each with what the
// asker calls it or without. Foreign bytes. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "server/match/question.hpp"

namespace tocsin::match {

// {"items":[{"ip":"…"},{"ip":"…","ref":"…"},…]} of printable ASCII without escapes, and what parse_question makes of
// it. Nothing: it is another question or a wrong one, and parse_question's slower way says which.
[[nodiscard]] std::optional<Question> parse_plain_items(std::string_view body);

}  // namespace tocsin::match
