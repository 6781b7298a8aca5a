// The events of MISP as items: attributes of those types that are kinds of ours, at the level that their tags say.
// Pure; any thread.
#pragma once

#include <string_view>

#include "server/admission/readers/reader.hpp"

namespace tocsin::admission {

// {"Event": …} or {"response": [{"Event": …}, …]}, as MISP exports them and answers searches. Every attribute, of the
// event or of one of its objects, is an item or is refused: what is no indicator (`to_ids` false), was deleted, is of a
// type that is not shared here, has a tag that cannot be read, or is for readers that are not known here (its own
// organisation, a sharing group of MISP). Types that mostly are something else (`ip-dst`, `domain`, `hostname`) are
// taken where `defaults` say their kind. Of `tlp:` tags of the attribute, its object and its event the strictest is
// what counts. Errors: items_invalid for another document; content_too_large for more than 20,000 events and objects;
// json_syntax, json_encoding and the like for text that is none.
[[nodiscard]] core::Result<void> read_misp(std::string_view body, kinds::Cells const& defaults, Items& items);

}  // namespace tocsin::admission
