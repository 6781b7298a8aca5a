// What a reader is shown of objects whose ids an index gave: the last word is a page's, whatever the index says. Only
// for this folder; the thread of the reader.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "server/store/campaign_store.hpp"
#include "server/store/read_store.hpp"

namespace tocsin::store::sqlite {

// Rows of the classes in a set.
template <class Visit>
void each_class(ClassSet const& classes, Visit const& visit) {
  auto const& words = classes.words();
  for (std::size_t word = 0; word < words.size(); ++word)
    for (std::size_t bit = 0; bit < 64; ++bit)
      if ((words[word] >> bit & 1) != 0) visit(static_cast<RowId>(word * 64 + bit));
}

// Versions of these ids that are shown, whoever asserted them, collection by collection. `query` is what is asked for
// of each, but for collection, window and ids; `more`: a page had further versions.
[[nodiscard]] core::Result<std::vector<Published>> shown(ReadStore& reader, Sight const& sight, std::string const& type,
                                                         std::span<core::Uuid const> uuids, PageQuery query,
                                                         bool& more);

// Newest versions, all of them.
[[nodiscard]] core::Result<std::vector<Published>> newest_shown(ReadStore& reader, Sight const& sight,
                                                                std::string const& type,
                                                                std::span<core::Uuid const> uuids, bool with_bytes);

// Of each asserter's object the newest version that any collection shows, by version.
[[nodiscard]] std::map<RowId, Published*> newest_of_each(std::vector<Published>& found);

}  // namespace tocsin::store::sqlite
