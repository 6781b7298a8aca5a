// A STIX bundle on the native way: every object is admitted as one that comes by TAXII, into the collection where the
// native form of its kind goes. Nothing is stored here. Pure but for the directory; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "server/admission/drafts.hpp"

namespace tocsin::admission {

struct Bundle {
  std::vector<Item> items;             // one an object, in the order of the bundle
  std::vector<Draft> drafts;           // one a collection; first that which has definitions of markings
  std::vector<Referring> referring{};  // candidates by their place in all drafts
};

// `around` and `overriding` as Visit has them. Errors, for the body as a whole: those of split_envelope;
// content_too_large for more than kMostItems objects.
[[nodiscard]] core::Result<Bundle> read_bundle(std::string_view body, Door const& door, Sender const& sender,
                                               harm::Surroundings const& around, bool overriding);

}  // namespace tocsin::admission
