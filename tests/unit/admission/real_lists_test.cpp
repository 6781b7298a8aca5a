// Allow lists of real clouds against real lists of datacenters: that they are read, that they overlap, and how fast.
#include <chrono>
#include <filesystem>
#include <iostream>

#include "server/admission/harm/allow_list_registry.hpp"
#include "server/admission/harm/list_file.hpp"
#include "server/base/files.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using admission::harm::AllowLists;
using store::AllowKind;
using store::AllowList;

namespace {

std::string const kData = "../shared/data/";

AllowList read(std::string const& name, std::string const& file) {
  auto const parsed = admission::harm::parse_list_file(base::read_file(kData + file, 32u << 20).value()).value();
  AllowList list{name, parsed.kind == "ranges" ? AllowKind::ranges : AllowKind::domains};
  for (auto const& entry : parsed.entries)
    list.entries.push_back(admission::harm::entry_text(list.kind, entry).value());
  return list;
}

}  // namespace

TEST_CASE("ranges of datacenters overlap lists of clouds, and each is answered in microseconds",
          "[admission][allow-lists]") {
  if (!std::filesystem::exists(kData + "MISP+misp-warninglists")) TOCSIN_SKIP("the public data sets are not here");
  std::vector<AllowList> lists;
  std::size_t entries = 0;
  for (std::string name :
       {"amazon-aws", "google-gcp", "microsoft-azure", "cloudflare", "public-dns-v4", "university_domains"}) {
    lists.push_back(read(name, "MISP+misp-warninglists/lists__" + name + "__list.json"));
    entries += lists.back().entries.size();
  }
  lists.push_back(read("apple-proxy", "lord-alfred+ipranges/apple-proxy__ipv4_merged.txt"));
  entries += lists.back().entries.size();
  AllowLists const clouds(lists);

  std::vector<access::Network> asked;
  for (auto const& text : read("datacenters", "X4BNet+lists_vpn/output__datacenter__ipv4.txt").entries)
    asked.push_back(access::Network::around(text).value());
  REQUIRE(asked.size() > 10'000);
  std::size_t overlapping = 0;
  auto const begin = std::chrono::steady_clock::now();
  for (auto const& network : asked) overlapping += clouds.of({network}).empty() ? 0 : 1;
  auto const took = std::chrono::steady_clock::now() - begin;
  auto const nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(took).count();
  std::cout << overlapping << " of " << asked.size() << " ranges of datacenters overlap a list of clouds; "
            << nanoseconds / static_cast<std::int64_t>(asked.size()) << " ns each, against " << entries << " entries\n";
  CHECK(overlapping > 0);
  CHECK(overlapping < asked.size());
  CHECK(nanoseconds / static_cast<std::int64_t>(asked.size()) < 100'000);
}
