// What an answer says of items that were held against indicators: candidates of the engine, of which each is looked up
// again as the caller is shown it, and held against the whole pattern. `find_candidates` on any thread, `hits_among` on
// a reader thread.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "server/admission/harm/allow_lists.hpp"
#include "server/catalog/indicators.hpp"
#include "server/catalog/mutes.hpp"
#include "server/endpoints/seen.hpp"
#include "server/match/fusion.hpp"
#include "server/match/question.hpp"

namespace tocsin::endpoints {

struct Hits {
  std::vector<nlohmann::json> told;     // schema/openapi.yaml, MatchHit
  std::vector<match::Weighed> weighed;  // those that are not muted
  std::vector<ShownAt> places;          // of the indicators, each once
  bool complete = true;                 // false: there may be more
};

// Of a question, by version: indicators that the caller may see, and where they meet its items by what they are looked
// up by.
struct Candidates {
  std::map<store::RowId, std::vector<match::Hit>> by_version;
  bool complete = true;  // false: there may be more
};

// How much of what others published a question's prompts and texts are held against: about a second, and a fraction of
// a millisecond.
inline constexpr std::size_t kMostPostings = 1u << 24, kFewPostings = 1u << 12;

// Waits for nothing. Error: unavailable until everything was read once.
[[nodiscard]] core::Result<Candidates> find_candidates(stream::Matching const& matching,
                                                       match::Question const& question, catalog::Asking const& asking,
                                                       std::size_t most_postings);

// Errors: storage_failed.
[[nodiscard]] core::Result<Hits> hits_among(store::ReadStore& reader, Candidates const& candidates,
                                            match::Question const& question, catalog::Asking const& asking,
                                            catalog::Mutes const& mutes,
                                            std::shared_ptr<admission::harm::AllowLists const> allow_lists);

// How many indicators that the caller sees nothing is held against.
[[nodiscard]] std::size_t count_unindexed(stream::Matching const& matching, match::Question const& question,
                                          catalog::Asking const& asking);

// schema/openapi.yaml, MatchSuggestion.
[[nodiscard]] nlohmann::json to_json(match::Suggestion const& suggestion);

}  // namespace tocsin::endpoints
