#include "server/access/permissions.hpp"

#include <set>
#include <string>

#include "tests/support/catch.hpp"

using namespace tocsin;
using base::Role;

namespace {

base::Principal with(Role role) { return {1, 1, "member", "", base::Roles{role}}; }

constexpr Role kAll[] = {Role::submitter, Role::analyst, Role::feed, Role::liaison,
                         Role::peer,      Role::auditor, Role::admin};

}  // namespace

TEST_CASE("every permission is found by its name and has one row", "[access][permissions]") {
  std::set<std::string> names;
  for (auto const& row : access::permissions()) {
    CHECK(access::find_permission(row.name) == &row);
    CHECK(names.emplace(row.name).second);
  }
  CHECK(access::find_permission("") == nullptr);
  CHECK(access::find_permission("taxii") == nullptr);
}

TEST_CASE("only the permissions for anyone allow a caller without credential", "[access][permissions]") {
  for (auto const& row : access::permissions())
    CHECK(access::may(row, nullptr) == (row.name == "operations.health" || row.name == "clients.download"));
}

TEST_CASE("every other permission is somebody's and allows exactly the roles of its row", "[access][permissions]") {
  for (auto const& row : access::permissions()) {
    if (row.anyone) continue;
    CHECK(row.roles.bits() != 0);
    for (Role role : kAll) {
      auto principal = with(role);
      CHECK(access::may(row, &principal) == row.roles.has(role));
    }
  }
}

TEST_CASE("an administrator and an auditor read the audit trail and no content", "[access][permissions]") {
  auto admin = with(Role::admin), auditor = with(Role::auditor);
  for (char const* content :
       {"taxii.objects.read", "taxii.objects.add", "taxii.status", "taxii.collections", "audit.readers"}) {
    CHECK_FALSE(access::may(*access::find_permission(content), &admin));
    CHECK_FALSE(access::may(*access::find_permission(content), &auditor));
  }
  for (auto const& row : access::permissions())
    if (access::may(row, &auditor) && !row.anyone)
      CHECK((row.name == "native.me" || row.name == "taxii.discovery" || row.name == "audit.trail" ||
             row.name == "console.session" || row.name == "log.read" || row.name == "native.peers" || row.name == "witness.read"));
  CHECK(access::may(*access::find_permission("audit.trail"), &auditor));
  CHECK(access::may(*access::find_permission("audit.trail"), &admin));
}
