// A candidate as text, for as long as it waits: all that the door found out, besides its bytes and what the table has a
// column for. Pure.
#pragma once

#include <string>
#include <string_view>

#include "server/store/rows.hpp"

namespace tocsin::store::sqlite {

[[nodiscard]] std::string facts_of(Candidate const& candidate);

// The candidate without its bytes, digest and asserter. Throws SqliteError on what facts_of() did not make.
[[nodiscard]] Candidate candidate_from(std::string_view facts);

}  // namespace tocsin::store::sqlite
