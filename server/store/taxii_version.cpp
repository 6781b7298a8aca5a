#include "server/store/taxii_version.hpp"

#include "schema/stix/timestamp.hpp"

namespace tocsin::store {

std::int64_t taxii_version_ns(PageRow const& row) {
  if (!row.unversioned) return row.modified_ns;
  return row.created_ns.value_or(row.date_added_us * 1'000);
}

std::string taxii_version(PageRow const& row) {
  if (row.unversioned && !row.created_ns)
    return stix::Timestamp::from_microseconds(row.date_added_us).text_microseconds();
  return stix::Timestamp::from_nanoseconds(taxii_version_ns(row)).text();
}

}  // namespace tocsin::store
