#include "server/feeds/made.hpp"

#include "schema/core/digest.hpp"
#include "server/feeds/formats/documents.hpp"

namespace tocsin::feeds {

Made make(Feed const& feed, Asked const& asked, Selected selected, Publisher const& publisher,
          std::vector<std::string> const& objects) {
  auto const& format = *asked.format;
  auto rendered = format.is_of_objects()      ? as_stix_bundle(objects)
                  : format.publish != nullptr ? format.publish(publisher, feed.name, feed.family, selected.entries)
                                              : format.render(feed.name, feed.family, selected.entries);
  Made out;
  out.digest = core::to_hex(core::view(core::sha256(rendered.body)));
  out.body = std::make_shared<std::string const>(std::move(rendered.body));
  out.entries = rendered.count;
  out.indicators = selected.places.size();
  out.excluded = std::move(selected.excluded);
  out.places = std::move(selected.places);
  out.holds_until_us = selected.holds_until_us;
  out.stands_until_us = selected.stands_until_us;
  return out;
}

}  // namespace tocsin::feeds
