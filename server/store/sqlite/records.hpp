// The record of a submission and its row in `submissions`: the commit thread writes what readers read back. Pure; any
// thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/rows.hpp"

namespace tocsin::store::sqlite {

// Adds the fates of candidates, one for each.
void grow(SubmissionRecord& record, std::span<Candidate const> candidates, std::vector<Fate> const& fates);

// The columns that hold lists: rows of versions in eight bytes each, little endian; JSON; JSON,
// {"messages":[…],"items":[[id, version, index of the message],…]}, since many objects are refused for the same reason.
struct RecordColumns {
  std::string accepted, notes, refused;
};
[[nodiscard]] RecordColumns to_columns(SubmissionRecord const& record);

// A record with nothing but its lists, notes in the order of what they are about. Throws when a column was damaged.
[[nodiscard]] SubmissionRecord from_columns(std::string_view accepted, std::string_view notes,
                                            std::string_view refused);

}  // namespace tocsin::store::sqlite
