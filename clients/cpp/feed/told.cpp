#include "clients/cpp/feed/told.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "schema/stix/timestamp.hpp"

namespace tocsin::client {

void tell(Console& console, FeedOptions const& options, Updated const& updated) {
  if (console.json) {
    nlohmann::json const document{{"feed", options.request.name},
                                  {"file", options.to},
                                  {"changed", updated.changed},
                                  {"ran", updated.ran},
                                  {"entries", updated.entries},
                                  {"sha256", updated.digest},
                                  {"expires", stix::Timestamp::from_microseconds(updated.expires_us).text()}};
    console.out << document.dump() << '\n';
  } else {
    console.out << printable(options.request.name) << ": " << updated.entries
                << (updated.entries == 1 ? " entry" : " entries") << (updated.changed ? "" : ", unchanged") << ", in "
                << printable(options.to) << (updated.ran ? "; the command ran" : "") << '\n';
  }
  console.out.flush();
}

}  // namespace tocsin::client
