// Rules between properties. Constant data and the functions behind it; any thread.
#pragma once

#include "schema/stix/rules/model.hpp"

namespace tocsin::stix::rules {

class Walk;
struct Path;

// What a rule looks at: one object of one shape, and the walk that found it.
struct Scope {
  Json const& object;
  Shape const& shape;
  Path const& at;
  Walk& walk;
};

namespace check {
void not_before(Rule const&, Scope const&);
void after(Rule const&, Scope const&);
void any_of(Rule const&, Scope const&);
void exactly_one(Rule const&, Scope const&);
void needs(Rule const&, Scope const&);
void excludes(Rule const&, Scope const&);
void some_property(Rule const&, Scope const&);
}  // namespace check

// The timestamp `later` is not before `earlier`, when both are present.
constexpr Rule not_before(std::string_view later, std::string_view earlier) {
  return {.check = check::not_before, .first = earlier, .second = later};
}
// The timestamp `later` is after `earlier`, when both are present.
constexpr Rule after(std::string_view later, std::string_view earlier) {
  return {.check = check::after, .first = earlier, .second = later};
}
// At least one of the names is present.
constexpr Rule any_of(Names names) { return {.check = check::any_of, .names = names}; }
// One of the two is present, the other not.
constexpr Rule exactly_one(std::string_view first, std::string_view second) {
  return {.check = check::exactly_one, .first = first, .second = second};
}
// Where `first` is, `second` is too.
constexpr Rule needs(std::string_view first, std::string_view second) {
  return {.check = check::needs, .first = first, .second = second};
}
// Where `first` is, `second` is not.
constexpr Rule excludes(std::string_view first, std::string_view second) {
  return {.check = check::excludes, .first = first, .second = second};
}
// At least one property that the shape defines is present, besides the common ones and the one named.
constexpr Rule some_property(std::string_view besides = {}) {
  return {.check = check::some_property, .first = besides};
}

}  // namespace tocsin::stix::rules
