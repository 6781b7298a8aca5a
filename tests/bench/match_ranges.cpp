// Look-ups of the engines of server/match that need no text, each beside what one would take instead, in one process:
// addresses among ranges beside libmaxminddb and a binary trie, which both tell the narrowest range only; exact keys
// beside std::unordered_map; how long indexes and snapshots take to make, to change and to fold, and what they hold.
// All references are first held against ours. Prints one line of JSON.
//
// usage: match_ranges FOLDER RANGES LOOKUPS
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <unordered_map>

#include "server/match/engine.hpp"
#include "tests/support/mmdb_file.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;
using Random = std::mt19937_64;

double seconds(auto const& work) {
  auto const started = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

// The best of three: what else the machine does only adds.
double best_ns(std::size_t count, auto const& work) {
  double best = 1e9;
  for (int round = 0; round < 3; ++round) best = std::min(best, seconds(work));
  return best * 1e9 / static_cast<double>(count);
}

[[noreturn]] void fail(char const* what) {
  std::fprintf(stderr, "match_ranges: %s\n", what);
  std::exit(1);
}

SixBits wide(Random& random) { return SixBits{random()} << 64 | random(); }

// Lengths as routes have them, in 40,000 blocks: nearly half are /24 (/48), many are single addresses (/64).
std::vector<IpNetwork> ranges(Random& random, bool six, std::size_t count) {
  std::vector<SixBits> blocks(40'000);
  for (auto& block : blocks) block = six ? SixBits{0x2} << 124 | wide(random) >> 4 : random() & 0xffffffff;
  std::vector<IpNetwork> out(count);
  for (auto& one : out) {
    auto const kind = random() % 100;
    unsigned const length = kind < 45   ? (six ? 48 : 24)
                            : kind < 60 ? (six ? 64 : 32)
                                        : static_cast<unsigned>((six ? 33 : 17) + random() % (six ? 31 : 15));
    unsigned const width = six ? 128 : 32, block = six ? 32 : 16;
    auto const inside = six ? wide(random) >> block : SixBits{random() & 0xffffffff} >> block;
    auto const first = blocks[random() % blocks.size()] >> (width - block) << (width - block) | inside;
    one = {first >> (width - length) << (width - length), six, static_cast<std::uint8_t>(length)};
  }
  return out;
}

// Half inside the ranges, half in the blocks around them.
std::vector<IpAddress> addresses(Random& random, std::vector<IpNetwork> const& near, std::size_t count) {
  std::vector<IpAddress> out(count);
  for (auto& one : out) {
    auto const& network = near[random() % near.size()];
    unsigned const width = network.six ? 128 : 32, block = network.six ? 32 : 16;
    unsigned const fixed = random() % 2 == 0 ? network.length : block;
    auto const bits = network.six ? wide(random) : SixBits{random() & 0xffffffff};
    one = {fixed >= width ? network.first : network.first >> (width - fixed) << (width - fixed) | bits >> fixed,
           network.six};
  }
  return out;
}

// What one writes by hand: a node a bit, the narrowest network on the way is remembered.
class Trie {
 public:
  void add(IpNetwork const& network, std::uint32_t value) {
    std::uint32_t at = 0;
    for (unsigned bit = 0; bit < network.length; ++bit) {
      auto const side = network.first >> ((network.six ? 128 : 32) - 1 - bit) & 1;
      if (nodes_[at].child[side] == 0) {
        nodes_[at].child[side] = static_cast<std::uint32_t>(nodes_.size());
        nodes_.emplace_back();
      }
      at = nodes_[at].child[side];
    }
    nodes_[at].value = value;
  }

  // 0: nothing.
  [[nodiscard]] std::uint32_t find(IpAddress const& address) const {
    std::uint32_t at = 0, best = nodes_[0].value;
    for (unsigned bit = address.six ? 128 : 32; bit-- > 0;) {
      at = nodes_[at].child[address.value >> bit & 1];
      if (at == 0) break;
      if (nodes_[at].value != 0) best = nodes_[at].value;
    }
    return best;
  }

 private:
  struct Node {
    std::uint32_t child[2] = {0, 0};
    std::uint32_t value = 0;
  };
  std::vector<Node> nodes_ = std::vector<Node>(1);
};

// The number of a network is one more than its place; of networks that are the same, the last one's.
void family(char const* name, bool six, std::string const& folder, std::size_t count, std::size_t lookups) {
  Random random(six ? 6 : 4);
  auto all = ranges(random, six, count);
  std::ranges::sort(all, {}, &IpNetwork::length);
  auto const asked = addresses(random, all, lookups);

  SetTable sets;
  std::vector<RangeIndex> index;  // of one
  Ranges given;
  for (std::size_t i = 0; i < all.size(); ++i) given.add(all[i], static_cast<IndicatorNumber>(i + 1));
  auto const build = seconds([&] { index.emplace_back(std::move(given), sets); });
  Trie trie;
  auto const path = folder + "/ranges.mmdb";
  {
    test::MmdbFile file;
    for (std::size_t i = 0; i < all.size(); ++i) {
      trie.add(all[i], static_cast<std::uint32_t>(i + 1));
      file.add(all[i], static_cast<std::uint32_t>(i + 1));
    }
    file.write(path);
  }
  auto const database = AsnDatabase::open(path).value();

  std::vector<SetId> found(asked.size());
  std::size_t met = 0;
  index[0].find(asked, found);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    std::uint32_t narrowest = 0;
    for (auto const number : sets.members(found[i])) narrowest = std::max(narrowest, number), ++met;
    if (index[0].find(asked[i]) != found[i]) fail("addresses together are found otherwise than one by one");
    if (trie.find(asked[i]) != narrowest) fail("the trie finds another range");
    if (database.find(asked[i]).value_or(0) != narrowest) fail("libmaxminddb finds another range");
  }

  std::uint64_t sum = 0;
  auto const together = best_ns(lookups, [&] {
    index[0].find(asked, found);
    sum += found.back();
  });
  auto const single = best_ns(lookups, [&] {
    for (auto const& one : asked) sum += index[0].find(one);
  });
  auto const by_trie = best_ns(lookups, [&] {
    for (auto const& one : asked) sum += trie.find(one);
  });
  auto const by_maxminddb = best_ns(lookups, [&] {
    for (auto const& one : asked) sum += database.find(one).value_or(0);
  });
  if (sum == 0) fail("nothing was found");
  std::printf(
      "\"%s\":{\"together_ns\":%.1f,\"single_ns\":%.1f,\"trie_ns\":%.1f,\"maxminddb_ns\":%.1f,\"build_s\":%.3f,"
      "\"bytes\":%zu,\"met\":%.2f},",
      name, together, single, by_trie, by_maxminddb, build, index[0].bytes() + sets.bytes(),
      static_cast<double>(met) / static_cast<double>(lookups));
}

void keys(std::size_t count, std::size_t lookups) {
  Random random(8);
  auto const name = [](std::size_t i) { return "account-host-" + std::to_string(i * 7'919) + ".example.net"; };
  SetTable sets;
  KeyIndex index;
  std::unordered_map<std::string, std::uint32_t> map;
  for (std::size_t i = 0; i < count; ++i) {
    index.add(Field::domain, name(i), static_cast<IndicatorNumber>(i + 1), sets);
    map.emplace(name(i), static_cast<std::uint32_t>(i + 1));
  }
  sets.shrink();
  index.shrink();
  std::vector<std::string> asked(lookups);
  for (auto& one : asked) one = name(random() % (2 * count));
  for (auto const& one : asked) {
    auto const known = map.find(one);
    auto const found = index.find(Field::domain, one);
    if ((found == kNobody ? 0 : sets.newest(found)) != (known == map.end() ? 0 : known->second))
      fail("the map finds another key");
  }
  std::uint64_t sum = 0;
  auto const ours = best_ns(lookups, [&] {
    for (auto const& one : asked) sum += index.find(Field::domain, one);
  });
  auto const theirs = best_ns(lookups, [&] {
    for (auto const& one : asked) {
      auto const known = map.find(one);
      sum += known == map.end() ? 0 : known->second;
    }
  });
  if (sum == 0) fail("nothing was found");
  std::printf("\"keys\":{\"index_ns\":%.1f,\"map_ns\":%.1f,\"bytes\":%zu},", ours, theirs,
              index.bytes() + sets.bytes());
}

Entry entry(std::uint64_t number, IpNetwork const& network) {
  Entry out;
  for (unsigned at = 0; at < 8; ++at) out.facts.id[at] = static_cast<std::uint8_t>(number >> 8 * at);
  out.classes = {static_cast<std::uint32_t>(number % 16)};
  out.networks = {network};
  return out;
}

// The whole engine: half of the classes are visible.
void engine(std::size_t count, std::size_t lookups) {
  Random random(9);
  auto const all = ranges(random, false, count);
  Snapshot::Builder builder;
  builder.reserve(count);
  for (std::size_t i = 0; i < count; ++i) builder.add(entry(i, all[i]));
  auto const snapshot = std::move(builder).build();
  Engine ours;
  ours.reset(snapshot, 1);

  std::vector<Item> items(lookups);
  auto const asked = addresses(random, all, lookups);
  for (std::size_t i = 0; i < lookups; ++i) items[i].address = asked[i];
  Filter filter;
  filter.visible = Classes({0xff});
  constexpr std::size_t kBatch = 1'000;
  std::size_t hits = 0;
  auto const batch = best_ns(lookups, [&] {
    for (std::size_t at = 0; at + kBatch <= lookups; at += kBatch)
      hits += ours.match(std::span(items).subspan(at, kBatch), filter).hits.size();
  });
  if (hits == 0) fail("nothing was hit");

  std::vector<Change> changes;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    auto const now = entry(count + i, all[i]);
    changes.push_back({now.facts.id, now});
  }
  auto const apply = seconds([&] { ours.apply(changes, 2); });
  auto const fold = seconds([&] { ours.fold(); });
  std::printf("\"engine\":{\"batch_ns\":%.1f,\"apply_ms\":%.2f,\"fold_s\":%.3f,\"bytes\":%zu}}\n", batch, apply * 1e3,
              fold, snapshot->bytes());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  auto const count = static_cast<std::size_t>(std::atol(argv[2]));
  auto const lookups = static_cast<std::size_t>(std::atol(argv[3]));
  std::printf("result {");
  family("v4", false, argv[1], count, lookups);
  family("v6", true, argv[1], count, lookups);
  keys(count, lookups);
  engine(count, lookups);
}
