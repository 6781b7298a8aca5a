#include "server/match/range_index.hpp"

#include <algorithm>
#include <map>

#include "tests/support/catch.hpp"
#include "tests/unit/match/amount.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;

struct Row {
  IpNetwork network;
  IndicatorNumber indicator;
};

IpNetwork network(std::string_view text) {
  auto const parsed = kinds::parse_networks(text);
  REQUIRE(parsed);
  REQUIRE(parsed->all.size() == 1);
  return folded(parsed->all.front());
}

IpAddress address(std::string_view text) {
  auto const parsed = kinds::parse_networks(text);
  REQUIRE(parsed);
  return address_of(parsed->all.front());
}

// An index and the table that it writes to.
class Index {
 public:
  explicit Index(std::vector<Row> const& rows) : index_(ranges_of(rows), sets_) {}

  [[nodiscard]] std::vector<IndicatorNumber> find(IpAddress const& asked) const { return of(index_.find(asked)); }
  [[nodiscard]] std::vector<IndicatorNumber> find(std::string_view asked) const { return find(address(asked)); }
  [[nodiscard]] std::vector<std::vector<IndicatorNumber>> find(std::span<IpAddress const> asked) const {
    std::vector<SetId> sets(asked.size());
    index_.find(asked, sets);
    std::vector<std::vector<IndicatorNumber>> out;
    for (auto const set : sets) out.push_back(of(set));
    return out;
  }
  [[nodiscard]] std::size_t rows() const {
    std::size_t out = 0;
    index_.each(sets_, [&](IpNetwork const&, IndicatorNumber) { ++out; });
    return out;
  }
  [[nodiscard]] RangeIndex const& plain() const { return index_; }
  [[nodiscard]] SetTable const& sets() const { return sets_; }

 private:
  static Ranges ranges_of(std::vector<Row> const& rows) {
    Ranges out;
    for (auto const& row : rows) out.add(row.network, row.indicator);
    return out;
  }
  [[nodiscard]] std::vector<IndicatorNumber> of(SetId set) const {
    std::vector<IndicatorNumber> out;
    for (auto const one : sets_.members(set)) out.push_back(one);
    std::ranges::sort(out);
    return out;
  }

  SetTable sets_;
  RangeIndex index_;
};

using Numbers = std::vector<IndicatorNumber>;

bool lies_in(IpAddress const& asked, IpNetwork const& around) {
  if (asked.six != around.six) return false;
  auto const host_bits = (around.six ? 128u : 32u) - around.length;
  return host_bits == 128 || asked.value >> host_bits == around.first >> host_bits;
}

// A pass over every row.
Numbers counted(std::vector<Row> const& rows, IpAddress const& asked) {
  Numbers out;
  for (auto const& row : rows)
    if (lies_in(asked, row.network)) out.push_back(row.indicator);
  std::ranges::sort(out);
  return out;
}

SixBits wide(test::Random& random) { return SixBits{random.number()} << 64 | random.number(); }

// Few leading bits, so that networks meet: nested, next to each other, and the same.
IpNetwork any_network(test::Random& random, bool six) {
  unsigned const width = six ? 128 : 32;
  unsigned const fixed = six ? 30 : 10;
  auto first = wide(random) >> fixed;
  if (!six) first = static_cast<FourBits>(random.number()) >> fixed;
  auto const length =
      static_cast<unsigned>(random.chance(5) ? random.below(fixed) : fixed + random.below(width - fixed + 1));
  if (random.chance(30)) first = six ? first >> 70 << 70 : first >> 8 << 8;
  if (length < width) first = length == 0 ? 0 : first >> (width - length) << (width - length);
  return {first, six, static_cast<std::uint8_t>(length)};
}

// At an end of a network, beside it, in it, or anywhere.
IpAddress any_address(test::Random& random, std::vector<Row> const& rows) {
  auto const& near = random.pick(rows).network;
  unsigned const width = near.six ? 128 : 32;
  SixBits const all = near.six ? ~SixBits{0} : SixBits{~FourBits{0}};
  SixBits const hosts = near.length == 0 ? all : (SixBits{1} << (width - near.length)) - 1;
  SixBits value = near.first;
  switch (random.below(6)) {
    case 0:
      break;
    case 1:
      value = near.first | hosts;
      break;
    case 2:
      value = near.first - 1;
      break;
    case 3:
      value = (near.first | hosts) + 1;
      break;
    case 4:
      value = near.first | (wide(random) & hosts);
      break;
    default:
      value = wide(random);
  }
  return {value & all, near.six};
}

std::vector<Row> any_rows(test::Random& random, std::size_t count) {
  std::vector<Row> out;
  for (IndicatorNumber i = 0; i < count; ++i) {
    bool const six = random.chance(50);
    if (!out.empty() && random.chance(10)) {
      out.push_back({random.pick(out).network, i});
      continue;
    }
    out.push_back({any_network(random, six), i});
  }
  return out;
}

// What covers each address of a row of intervals, as a pass over every row says it: asked at each place where something
// begins or ends, so that millions of addresses can be held against it.
class Painted {
 public:
  Painted(std::vector<Row> const& rows, bool six) {
    std::vector<SixBits> cuts{0};
    SixBits const all = six ? ~SixBits{0} : SixBits{~FourBits{0}};
    for (auto const& [network, indicator] : rows) {
      if (network.six != six) continue;
      SixBits const hosts = network.length == 0 ? all : (SixBits{1} << ((six ? 128 : 32) - network.length)) - 1;
      cuts.push_back(network.first);
      if ((network.first | hosts) != all) cuts.push_back((network.first | hosts) + 1);
    }
    for (auto const cut : cuts) painted_.try_emplace(cut, counted(rows, {cut, six}));
  }
  [[nodiscard]] Numbers const& at(SixBits value) const { return std::prev(painted_.upper_bound(value))->second; }

 private:
  std::map<SixBits, Numbers> painted_;
};

}  // namespace

TEST_CASE("Nothing covers an address in an empty index") {
  Index const index({});
  CHECK(index.find("0.0.0.0").empty());
  CHECK(index.find("255.255.255.255").empty());
  CHECK(index.find("::").empty());
  CHECK(index.find("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").empty());
}

TEST_CASE("A network of length 0 covers every address of its family and none of the other") {
  Index const index({{network("0.0.0.0/0"), 4}, {network("::/0"), 6}});
  for (auto const* four : {"0.0.0.0", "127.0.0.1", "255.255.255.255"}) CHECK(index.find(four) == Numbers{4});
  for (auto const* six : {"::", "::1", "2001:db8::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"})
    CHECK(index.find(six) == Numbers{6});
}

TEST_CASE("A single address covers itself and neither neighbour") {
  Index const index({{network("192.0.2.7/32"), 1},
                     {network("0.0.0.0/32"), 2},
                     {network("255.255.255.255/32"), 3},
                     {network("2001:db8::7/128"), 4},
                     {network("::/128"), 5},
                     {network("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"), 6}});
  CHECK(index.find("192.0.2.7") == Numbers{1});
  CHECK(index.find("192.0.2.6").empty());
  CHECK(index.find("192.0.2.8").empty());
  CHECK(index.find("0.0.0.0") == Numbers{2});
  CHECK(index.find("0.0.0.1").empty());
  CHECK(index.find("255.255.255.255") == Numbers{3});
  CHECK(index.find("255.255.255.254").empty());
  CHECK(index.find("2001:db8::7") == Numbers{4});
  CHECK(index.find("2001:db8::6").empty());
  CHECK(index.find("2001:db8::8").empty());
  CHECK(index.find("::") == Numbers{5});
  CHECK(index.find("::1").empty());
  CHECK(index.find("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff") == Numbers{6});
  CHECK(index.find("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe").empty());
}

TEST_CASE("All nested networks around an address are found, also where an inner one ends with an outer one") {
  Index const index({{network("10.0.0.0/8"), 1},
                     {network("10.1.0.0/16"), 2},
                     {network("10.1.255.0/24"), 3},
                     {network("10.1.255.255/32"), 4},
                     {network("10.255.0.0/16"), 5}});
  CHECK(index.find("10.0.0.1") == Numbers{1});
  CHECK(index.find("10.1.0.0") == Numbers{1, 2});
  CHECK(index.find("10.1.255.254") == Numbers{1, 2, 3});
  CHECK(index.find("10.1.255.255") == Numbers{1, 2, 3, 4});
  CHECK(index.find("10.2.0.0") == Numbers{1});
  CHECK(index.find("10.255.255.255") == Numbers{1, 5});
  CHECK(index.find("11.0.0.0").empty());
}

TEST_CASE("Adjacent networks do not reach into each other") {
  Index const index({{network("192.0.2.0/25"), 1}, {network("192.0.2.128/25"), 2}, {network("192.0.3.0/24"), 1}});
  CHECK(index.find("192.0.2.127") == Numbers{1});
  CHECK(index.find("192.0.2.128") == Numbers{2});
  CHECK(index.find("192.0.2.255") == Numbers{2});
  CHECK(index.find("192.0.3.0") == Numbers{1});
  CHECK(index.find("192.0.4.0").empty());
}

TEST_CASE("A network of several indicators has each of them, and one that is said twice once") {
  Index const index({{network("192.0.2.0/24"), 1}, {network("192.0.2.0/24"), 2}, {network("192.0.2.0/24"), 1}});
  CHECK(index.find("192.0.2.9") == Numbers{1, 2});
  CHECK(index.rows() == 2);
}

TEST_CASE("IPv4 that is mapped into IPv6 is IPv4, in an indicator and in a question") {
  Index const index({{network("192.0.2.0/24"), 1},
                     {network("::ffff:192.0.2.0/120"), 2},
                     {network("::ffff:0:0/96"), 3},
                     {network("::/64"), 4}});
  CHECK(index.find("192.0.2.1") == Numbers{1, 2, 3});
  CHECK(index.find("::ffff:192.0.2.1") == Numbers{1, 2, 3});
  CHECK(index.find("::ffff:198.51.100.1") == Numbers{3});
  CHECK(index.find("::192.0.2.1") == Numbers{4});
}

TEST_CASE("The last address is found in its place, however many networks are before it") {
  std::vector<Row> rows{{network("::/0"), 1}, {network("0.0.0.0/0"), 1}};
  for (IndicatorNumber i = 2; i < 700; ++i) {
    rows.push_back({{SixBits{i} << 64, true, 64}, i});
    rows.push_back({{FourBits{i} << 8, false, 24}, i});
    Index const index(rows);
    REQUIRE(index.find("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff") == Numbers{1});
    REQUIRE(index.find("255.255.255.255") == Numbers{1});
    i += i / 4;
  }
}

TEST_CASE("An index tells the networks that it was made from") {
  test::Random random;
  auto const rows = any_rows(random, 500);
  Index const index(rows);
  std::size_t seen = 0;
  index.plain().each(index.sets(), [&](IpNetwork const& around, IndicatorNumber indicator) {
    auto const& said = rows[indicator].network;
    seen += said.first == around.first && said.six == around.six && said.length == around.length;
  });
  CHECK(seen == rows.size());
}

TEST_CASE("What an index finds is what a pass over every network finds") {
  test::Random random;
  auto const wanted = test::lookups();
  for (std::size_t done = 0, round = 0; done < wanted; ++round) {
    auto const rows = any_rows(random, 1 + random.below(round % 4 == 0 ? 20 : 3'000));
    Index const index(rows);
    Painted const four(rows, false), six(rows, true);
    std::vector<IpAddress> asked(wanted / 40 + 37);
    for (auto& one : asked) one = any_address(random, rows);
    auto const together = index.find(asked);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      auto const& expected = (asked[i].six ? six : four).at(asked[i].value);
      wrong += index.find(asked[i]) != expected || together[i] != expected;
    }
    REQUIRE(wrong == 0);
    for (int i = 0; i < 20; ++i) REQUIRE(index.find(asked[i]) == counted(rows, asked[i]));
    done += asked.size();
  }
}
