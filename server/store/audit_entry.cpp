#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/store/audit_store.hpp"

namespace tocsin::store {

// Members are sorted, numbers are integers and names are ASCII: then this is RFC 8785.
AuditEntry audit_entry(std::string_view action, std::int64_t at_us, Actor const& by, nlohmann::json details) {
  details["action"] = action;
  details["at"] = stix::Timestamp::from_microseconds(at_us).text_microseconds();
  details["by"] = {{"credential", by.credential}, {"organisation", by.organisation}};
  return {at_us, details.dump()};
}

}  // namespace tocsin::store
