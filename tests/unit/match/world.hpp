// Random indicators and items that meet often, and what a pass over every indicator says of an item: written without
// the indexes, from docs/matching.md. One thread.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "server/match/item.hpp"
#include "tests/support/randomness.hpp"

namespace tocsin::test {

inline match::IpNetwork network(std::string_view text) {
  return match::folded(kinds::parse_networks(text).value().all.front());
}
inline match::IpAddress address(std::string_view text) {
  return match::address_of(kinds::parse_networks(text).value().all.front());
}
inline match::Key key(match::Field field, std::string_view text) { return match::parse_key(field, text).value(); }
inline core::Uuid id(std::uint8_t number) { return core::Uuid{number}; }

// Visible to those who see class 1, from time 0 on.
inline match::Entry entry(std::uint8_t number, std::string_view about = "192.0.2.0/24") {
  match::Entry out;
  out.facts.id = id(number);
  out.classes = {1};
  if (!about.empty()) out.networks = {network(about)};
  return out;
}
inline match::Change change(match::Entry const& now) { return {now.facts.id, now}; }
inline match::Item at(std::string_view where) {
  return {.address = address(where), .asn = {}, .keys = {}, .prints = {}, .at_us = {}};
}
inline match::Filter seeing(std::vector<std::uint64_t> words, std::int64_t now_us = 100) {
  return {.visible = match::Classes(std::move(words)), .asserter = 0, .own = {}, .min_confidence = 0, .now_us = now_us};
}
inline match::Filter seeing_class_1(std::int64_t now_us = 100) { return seeing({0b10}, now_us); }

class World {
 public:
  explicit World(Random& random) : random_(random) {}

  match::Change change() {
    auto const which = id(static_cast<std::uint8_t>(random_.below(200)));
    match::Change out{which, std::nullopt};
    if (!random_.chance(25)) out.now = any_entry(which);
    now_.erase(which);
    if (out.now) now_.emplace(which, *out.now);
    return out;
  }

  match::Item item() {
    match::Item out;
    if (random_.chance(70)) {
      bool const six = random_.chance(50);
      out.address = match::IpAddress{(six ? match::SixBits{0x2001} << 112 : 0xc0000200) | random_.below(1 << 10), six};
    }
    if (random_.chance(50)) out.asn = static_cast<std::uint32_t>(random_.below(20));
    while (random_.chance(60)) out.keys.push_back(any_key());
    if (random_.chance(40)) out.prints = any_prints(60);
    if (random_.chance(50)) out.at_us = any_time();
    return out;
  }

  match::Filter filter() {
    match::Filter out = seeing({random_.number() & 0b1111}, any_time());
    out.asserter = static_cast<std::int64_t>(random_.below(3));
    out.own = match::Classes({random_.number() & 0b1111});
    out.min_confidence = static_cast<int>(random_.chance(50) ? random_.below(100) : 0);
    return out;
  }

  [[nodiscard]] std::vector<match::Hit> expected(std::vector<match::Item> const& items,
                                                 match::Filter const& filter) const {
    std::vector<match::Hit> out;
    for (std::size_t place = 0; place < items.size(); ++place)
      for (auto const& [which, entry] : now_)
        if (is_told(entry, items[place], filter))
          if (auto const best = best_of(entry, items[place]); best.score > 0)
            out.push_back({place, best.field, best.score, entry.facts});
    return out;
  }

  [[nodiscard]] std::map<core::Uuid, match::Entry> const& now() const { return now_; }

 private:
  struct Best {
    match::Field field = match::Field::address;
    float score = 0;
  };

  std::int64_t any_time() { return static_cast<std::int64_t>(random_.below(20)); }

  match::Key any_key() {
    using match::Field;
    static std::vector<match::Key> const keys{key(Field::domain, "example.net"),
                                              key(Field::domain, "a.example.net"),
                                              key(Field::domain, "b.a.example.net"),
                                              key(Field::email_domain, "example.net"),
                                              key(Field::email_domain, "x.example.net"),
                                              key(Field::ja4, "t13d1516h2_8daaf6152771_02713d6af862"),
                                              key(Field::ja4, "t13d1516h2_000000000000_02713d6af862"),
                                              key(Field::ja4, "t13d1516h2_*_02713d6af862"),
                                              key(Field::ja4, "t13d1516h2"),
                                              key(Field::ja3, "cd08e31494f9531f560d64c695473da9"),
                                              key(Field::user_agent, "Harvester/2.1")};
    return random_.pick(keys);
  }

  match::Entry any_entry(core::Uuid const& which) {
    match::Entry out;
    out.facts.id = which;
    out.facts.asserter = static_cast<std::int64_t>(random_.below(3));
    out.facts.valid_from_us = any_time();
    if (random_.chance(50)) out.facts.valid_until_us = any_time();
    if (random_.chance(20)) out.facts.share_until_us = any_time();
    if (random_.chance(70)) out.facts.confidence = static_cast<std::int8_t>(random_.below(101));
    while (random_.chance(60) || out.classes.empty())
      out.classes.push_back(static_cast<std::uint32_t>(random_.below(5)));
    while (random_.chance(50)) out.networks.push_back(any_network());
    while (random_.chance(30)) out.asns.push_back(static_cast<std::uint32_t>(random_.below(20)));
    while (random_.chance(50)) out.keys.push_back(any_key());
    if (random_.chance(30)) out.prints = any_prints(12);
    return out;
  }

  // So many of a hundred at most: none is so common that it weighs nothing.
  std::vector<kinds::Print> any_prints(std::size_t most) {
    std::vector<kinds::Print> out(random_.below(most));
    for (auto& one : out) one = random_.below(100);
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
  }

  match::IpNetwork any_network() {
    bool const six = random_.chance(50);
    auto const free = static_cast<unsigned>(random_.below(11));
    auto const first = (six ? match::SixBits{0x2001} << 112 : 0xc0000200) | random_.below(1 << 10);
    return {first >> free << free, six, static_cast<std::uint8_t>((six ? 128 : 32) - free)};
  }

  static bool is_told(match::Entry const& entry, match::Item const& item, match::Filter const& filter) {
    auto const& facts = entry.facts;
    bool const own = filter.asserter != 0 && facts.asserter == filter.asserter;
    bool const seen = std::ranges::any_of(
        entry.classes, [&](auto one) { return filter.visible.contains(one) || (own && filter.own.contains(one)); });
    auto const when = item.at_us.value_or(filter.now_us);
    bool const believed = filter.min_confidence == 0 || facts.confidence >= filter.min_confidence;
    return seen && believed && facts.valid_from_us <= when && when < facts.valid_until_us &&
           filter.now_us < facts.share_until_us;
  }

  static Best best_of(match::Entry const& entry, match::Item const& item) {
    Best best;
    auto const better = [&](match::Field field, float score) {
      if (score > best.score || (score == best.score && score > 0 && field < best.field)) best = {field, score};
    };
    for (auto const& network : entry.networks)
      if (item.address && item.address->six == network.six) {
        auto const free = (network.six ? 128u : 32u) - network.length;
        if (item.address->value >> free == network.first >> free) better(match::Field::address, 1);
      }
    if (item.asn && std::ranges::count(entry.asns, *item.asn) > 0) better(match::Field::asn, 1);
    for (auto const& said : entry.keys)
      for (auto const& asked : item.keys)
        if (said.field == asked.field) better(said.field, score_of(said, asked));
    better(match::Field::prompt, share_of(entry.prints, item.prints));
    return best;
  }

  static float share_of(std::vector<kinds::Print> const& of, std::vector<kinds::Print> const& in) {
    auto const shared = std::ranges::count_if(of, [&](auto print) { return std::ranges::count(in, print) > 0; });
    return shared >= 3 && 5 * static_cast<std::size_t>(shared) >= of.size()
               ? static_cast<float>(shared) / static_cast<float>(of.size())
               : 0;
  }

  static float score_of(match::Key const& said, match::Key const& asked) {
    using match::Field;
    if (said.text == asked.text) return 1;
    if (said.field == Field::domain || said.field == Field::email_domain)
      return asked.text.ends_with("." + said.text) ? 1 : 0;
    bool const whole = said.field == Field::ja4 && !asked.text.contains('*');
    if (!whole || !said.text.contains('*') || asked.text.substr(0, 10) != said.text.substr(0, 10)) return 0;
    if (said.text.ends_with("_*_*")) return 0.3F;
    return asked.text.substr(24) == said.text.substr(13) ? 0.7F : 0;
  }

  Random& random_;
  std::map<core::Uuid, match::Entry> now_;
};

}  // namespace tocsin::test
