#include "server/feeds/made.hpp"

#include "schema/core/digest.hpp"

namespace tocsin::feeds {

Made make(Feed const& feed, Asked const& asked, Selected selected) {
  auto rendered = asked.format->render(feed.name, feed.family, selected.entries);
  Made out;
  out.digest = core::to_hex(core::view(core::sha256(rendered.body)));
  out.body = std::make_shared<std::string const>(std::move(rendered.body));
  out.entries = rendered.count;
  out.indicators = selected.entries.size();
  out.excluded = std::move(selected.excluded);
  out.places = std::move(selected.places);
  out.holds_until_us = selected.holds_until_us;
  out.stands_until_us = selected.stands_until_us;
  return out;
}

}  // namespace tocsin::feeds
