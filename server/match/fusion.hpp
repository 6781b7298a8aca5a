// What hits of one subject say together. Hits of the same evidence count once, by the best of them; what is independent
// adds up (noisy-or): other kinds of evidence, of which other parties speak. An action is suggested only where two
// parties agree by two kinds that somebody acts in bad faith: one hit is evidence, and never a verdict, and nobody
// makes two of it alone. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "server/match/item.hpp"

namespace tocsin::match {

// Kinds of evidence that are independent of each other: an address and its autonomous system are one.
enum class Evidence : std::uint8_t { network, name, client, identifier, content };
[[nodiscard]] Evidence evidence_of(Field field);
[[nodiscard]] std::string_view name(Evidence evidence);

// By weight, the lightest first.
enum class Action : std::uint8_t { none, observe, challenge, verify, rate_limit, block };
[[nodiscard]] std::string_view name(Action action);
// Of a suggested_action of the data model; `none` for others.
[[nodiscard]] Action action_of(std::string_view suggested);

// Who says it, by the number of a party, above 0: organisations that count as one.
using Party = std::int64_t;
inline constexpr Party kUnnamed = 0;   // may be any of those who are named, so that it is independent of none of them
inline constexpr Party kOneself = -1;  // the asker, who does not deceive himself: each kind counts

// A hit, as far as it weighs.
struct Weighed {
  Evidence evidence = Evidence::network;
  Party party = kUnnamed;
  double score = 0;       // how well it matched, 0 to 1
  double confidence = 0;  // that the indicator holds now, 0 to 1
  Action suggested = Action::none;
};

struct Suggestion {
  double confidence = 0;           // of all together, 0 to 1
  std::vector<Evidence> evidence;  // that there is, in order
  Action action = Action::none;    // the weightiest on which two independent ones agree
};

[[nodiscard]] Suggestion weigh(std::span<Weighed const> hits);

}  // namespace tocsin::match
