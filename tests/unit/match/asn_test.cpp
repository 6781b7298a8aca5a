#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "server/match/asn_database.hpp"
#include "server/match/asn_index.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/mmdb_file.hpp"
#include "tests/unit/match/amount.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;
using Numbers = std::vector<IndicatorNumber>;

IpNetwork network(std::string_view text) { return folded(kinds::parse_networks(text).value().all.front()); }
IpAddress address(std::string_view text) { return address_of(kinds::parse_networks(text).value().all.front()); }

}  // namespace

TEST_CASE("What an index of AS numbers finds is what a map finds") {
  test::Random random;
  SetTable sets;
  AsnIndex index;
  std::map<std::uint32_t, Numbers> expected;
  std::vector<std::uint32_t> edges{0, 1, 65'535, 65'536, ~0u};
  auto const any = [&] {
    return random.chance(5) ? random.pick(edges) : static_cast<std::uint32_t>(random.below(20'000) << random.below(4));
  };
  for (IndicatorNumber i = 0; i < 5'000; ++i) {
    auto const asn = any();
    index.add(asn, i, sets);
    expected[asn].push_back(i);
  }
  auto const wanted = test::lookups() / 4;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < wanted; ++i) {
    auto const asn = any();
    auto const known = expected.find(asn);
    std::size_t seen = 0;
    for (auto const one : sets.members(index.find(asn)))
      seen += known != expected.end() && std::ranges::binary_search(known->second, one);
    wrong += seen != (known == expected.end() ? 0 : known->second.size());
    wrong += known == expected.end() && index.find(asn) != kNobody;
  }
  CHECK(wrong == 0);
}

TEST_CASE("A database tells the autonomous system of the narrowest network around an address") {
  test::Folder const folder;
  auto const path = (folder.path() / "asn.mmdb").string();
  test::MmdbFile file;
  file.add(network("198.51.100.0/24"), 64'496);
  file.add(network("2001:db8::/32"), 64'498);
  file.add(network("198.51.100.64/26"), 4'200'000'001);
  file.add(network("2001:db8:1::/48"), 64'499);
  file.write(path);
  auto const database = AsnDatabase::open(path);
  REQUIRE(database);
  CHECK(database->find(address("198.51.100.1")) == 64'496);
  CHECK(database->find(address("198.51.100.63")) == 64'496);
  CHECK(database->find(address("198.51.100.64")) == 4'200'000'001);
  CHECK(database->find(address("::ffff:198.51.100.127")) == 4'200'000'001);
  CHECK(database->find(address("198.51.100.128")) == 64'496);
  CHECK(database->find(address("198.51.101.0")) == std::nullopt);
  CHECK(database->find(address("2001:db8::1")) == 64'498);
  CHECK(database->find(address("2001:db8:1::1")) == 64'499);
  CHECK(database->find(address("2001:db9::1")) == std::nullopt);
}

TEST_CASE("A file that is not there or is no database is refused with its name") {
  test::Folder const folder;
  auto const path = (folder.path() / "asn.mmdb").string();
  auto const refused = [&] {
    auto const opened = AsnDatabase::open(path);
    return !opened && opened.error().code == core::Code::io_failed && opened.error().detail.contains("asn.mmdb");
  };
  CHECK(refused());
  std::ofstream(path) << "no database";
  CHECK(refused());
}
