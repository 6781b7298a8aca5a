// Who is served whose page: one is shared by those who see the same, and by nobody else.
#include <set>

#include "server/access/classify.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/catalog/shelf.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

using base::Role;

std::string class_text(stix::Tlp level) { return access::class_key({level, false}); }

// Members: 1 and 2 labs up to AMBER, 3 a lab up to GREEN, 4 a government up to RED. Classes 1 to 4: CLEAR, GREEN,
// AMBER, RED. Member 1 has published something RED.
struct Members {
  access::Directory::Tables tables;

  Members() {
    auto member = [](store::RowId row, char const* type, stix::Tlp clearance) {
      return store::Organisation{row, std::to_string(row), type, static_cast<int>(clearance), "", "", false, 0};
    };
    using enum stix::Tlp;
    tables.organisations = {member(1, "lab", amber), member(2, "lab", amber), member(3, "lab", green),
                            member(4, "government", red)};
    tables.classes = {{1, class_text(clear)}, {2, class_text(green)}, {3, class_text(amber)}, {4, class_text(red)}};
    tables.corners = {{1, 4, 1, 1}};
  }

  std::shared_ptr<access::View const> view(store::RowId organisation, Role role, store::Credential credential = {}) {
    credential.token_id = "token";
    credential.organisation = organisation;
    credential.roles = base::Roles{role}.bits();
    tables.credentials = {credential};
    return access::Directory(tables, 1).session("token")->view;
  }
};

bool share(std::shared_ptr<access::View const> const& one, std::shared_ptr<access::View const> const& other) {
  Shelf shelf;
  auto request = shelf.request(), asked = request;
  request.view = one;
  asked.view = other;
  shelf.make(request, page_of(1, 1, false));
  return shelf.has(asked);
}

}  // namespace

TEST_CASE("Members that see the same are served the same page", "[catalog][views]") {
  Members members;
  auto lab = members.view(2, Role::analyst);
  CHECK(share(lab, members.view(2, Role::analyst)));
  CHECK(share(lab, members.view(2, Role::feed)));
  CHECK(share(members.view(3, Role::analyst), members.view(4, Role::liaison)));
}

TEST_CASE("A page is never served across clearances", "[catalog][views]") {
  Members members;
  auto amber = members.view(2, Role::analyst), green = members.view(3, Role::analyst);
  CHECK_FALSE(share(amber, green));
  CHECK_FALSE(share(green, amber));
  CHECK_FALSE(share(amber, members.view(4, Role::analyst)));
}

TEST_CASE("A page with hidden objects of a member's own is served to that member only", "[catalog][views]") {
  Members members;
  auto own = members.view(1, Role::analyst);
  CHECK_FALSE(share(own, members.view(2, Role::analyst)));
  CHECK_FALSE(share(members.view(2, Role::analyst), own));
  CHECK(share(own, members.view(1, Role::feed)));
}

TEST_CASE("A submitter's page is served to no reader and to no other submitter that has published",
          "[catalog][views]") {
  Members members;
  members.tables.corners.push_back({1, 2, 2, 1});
  auto one = members.view(1, Role::submitter), two = members.view(2, Role::submitter);
  CHECK_FALSE(share(one, two));
  CHECK_FALSE(share(one, members.view(1, Role::analyst)));
}

TEST_CASE("Limits of a credential keep its pages apart", "[catalog][views]") {
  Members members;
  auto whole = members.view(2, Role::feed);
  store::Credential lowered, kinds, others;
  lowered.max_tlp = static_cast<int>(stix::Tlp::green);
  kinds.kinds = {"ip-range"};
  others.kinds = {"ip-range", "domain"};
  CHECK_FALSE(share(whole, members.view(2, Role::feed, lowered)));
  CHECK_FALSE(share(whole, members.view(2, Role::feed, kinds)));
  CHECK_FALSE(share(members.view(2, Role::feed, kinds), members.view(2, Role::feed, others)));
  CHECK(share(members.view(2, Role::feed, kinds), members.view(2, Role::feed, kinds)));
}

TEST_CASE("A class that becomes visible parts a reader from the pages of before", "[catalog][views]") {
  Members members;
  auto before = members.view(2, Role::analyst);
  members.tables.classes.push_back({5, access::class_key({stix::Tlp::green, true})});
  CHECK(share(before, members.view(2, Role::analyst)));  // hidden from it, so it changes nothing
  members.tables.classes[2].row = 6;
  CHECK_FALSE(share(before, members.view(2, Role::analyst)));
}

TEST_CASE("Readers in another dialect of markings have pages of their own", "[catalog][views]") {
  Members members;
  store::Credential old;
  old.dialect = stix::MarkingDialect::tlp1;
  CHECK_FALSE(share(members.view(2, Role::feed), members.view(2, Role::feed, old)));
}

TEST_CASE("Every part of a request is part of its key", "[catalog][views]") {
  Shelf shelf;
  auto const same = shelf.request();
  std::vector<catalog::PageRequest> others(7, same);
  others[0].kind = catalog::PageKind::manifest;
  others[1].kind = catalog::PageKind::versions;
  others[2].collection = 11;
  others[3].after_sequence = 1;
  others[4].limit = 1'001;
  others[5].filters = filters_of({{"match[type]", "indicator"}});
  others[6].filters = filters_of({{"match[type]", "malware"}});
  std::set<std::string> keys{catalog::Pages::key(same)};
  for (auto const& other : others) CHECK(keys.insert(catalog::Pages::key(other)).second);
  CHECK(catalog::Pages::key(shelf.request()) == catalog::Pages::key(same));
}
