// The syntax tree of a STIX pattern (STIX 2.1 section 9). Values: owned by whoever holds them, compared with ==, copied
// and moved at will; any thread. parse() makes them, print() writes them, the matcher walks them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "schema/stix/timestamp.hpp"

namespace tocsin::stix::pattern {

// Constants (section 9.3). Hex and base64 hold the decoded bytes.
struct Hex {
  std::string bytes;
  bool operator==(Hex const&) const = default;
};
struct Binary {
  std::string bytes;
  bool operator==(Binary const&) const = default;
};
using Literal = std::variant<std::int64_t, double, bool, std::string, Hex, Binary, Timestamp>;

// Object paths (section 9.7): `type:key.key[0].key[*]`. The first step is always a key.
struct EveryElement {  // [*]
  bool operator==(EveryElement const&) const = default;
};
using Step = std::variant<std::string, std::int64_t, EveryElement>;  // key, list index, [*]
struct Path {
  std::string type;
  std::vector<Step> steps;
  bool operator==(Path const&) const = default;
};

enum class Operator : std::uint8_t {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  like,
  matches,
  is_subset,
  is_superset,
  exists,
};

// One comparison (section 9.5). `values`: none for exists, any number for in, one for every other operator; a string
// for like, matches, is_subset and is_superset; never a bool for the four that order.
struct Comparison {
  Path path;
  Operator op;
  bool negated;
  std::vector<Literal> values;
  bool operator==(Comparison const&) const = default;
};

// A comparison expression, what stands between [ and ]. All the comparisons of an `all` can hold for one object type.
struct Test;
struct Junction {
  enum class Kind : std::uint8_t { any, all };  // OR, AND; the looser first
  Kind kind;
  std::vector<Test> operands;  // two or more, none a junction of the same kind
  bool operator==(Junction const&) const;
};
struct Test {
  std::variant<Comparison, Junction> node;
  bool operator==(Test const&) const = default;
};

// Qualifiers (section 9.5.1), applied from the first to the last.
struct Within {
  double seconds;  // > 0
  bool operator==(Within const&) const = default;
};
struct Repeats {
  std::int64_t times;  // >= 1
  bool operator==(Repeats const&) const = default;
};
struct StartStop {
  Timestamp start;
  Timestamp stop;  // after start
  bool operator==(StartStop const&) const = default;
};
using Qualifier = std::variant<Within, Repeats, StartStop>;

// An observation expression: a test in brackets or a combination, each with its qualifiers.
struct Observation;
struct Combination {
  enum class Kind : std::uint8_t { followed_by, any, all };  // FOLLOWEDBY, OR, AND; the looser first
  Kind kind;
  // Two or more. None is an unqualified combination of the same kind, except that a FOLLOWEDBY may stand in another one
  // anywhere but first: it is read from the left, and (a, b), c is a, b, c while a, (b, c) is not.
  std::vector<Observation> operands;
  bool operator==(Combination const&) const;
};
struct Observation {
  std::variant<Test, Combination> node;
  std::vector<Qualifier> qualifiers;
  bool operator==(Observation const&) const = default;
};

struct Pattern {
  Observation root;
  bool operator==(Pattern const&) const = default;
};

}  // namespace tocsin::stix::pattern
