// What was observed at one time: objects of STIX, and how often. A pattern's tests are asked of observations. Owns
// nothing: the documents outlive it. Immutable once made; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::match::pattern {

// Nanoseconds since 1970. What lies before 1678 or after 2261 is moved to the end of what can be held.
[[nodiscard]] std::int64_t instant(stix::Timestamp const& time);

// An object and the name by which others refer to it: its identifier, or its key where objects are embedded; empty when
// nothing does.
struct Object {
  std::string_view name;
  std::string_view type;
  stix::Json const* document;
};

// The object of this name, with its type.
[[nodiscard]] Object named_object(std::string_view name, stix::Json const& document);

class Observation {
 public:
  // One record: its objects were there once, at `at`.
  Observation(std::int64_t at, std::vector<Object> objects) : Observation(at, at, 1, std::move(objects)) {}

  // Seen `times` times, at least once, each at an unknown instant of [first, last].
  Observation(std::int64_t first, std::int64_t last, std::uint64_t times, std::vector<Object> objects);

  [[nodiscard]] std::int64_t first() const { return first_; }
  [[nodiscard]] std::int64_t last() const { return last_; }
  [[nodiscard]] std::uint64_t times() const { return times_; }
  [[nodiscard]] std::span<Object const> objects() const { return objects_; }

  // What a reference means within this observation; null when it names nothing here.
  [[nodiscard]] stix::Json const* named(std::string_view name) const;

 private:
  std::int64_t first_, last_;
  std::uint64_t times_;
  std::vector<Object> objects_;  // by name
};

using Lookup = std::function<stix::Json const*(std::string_view id)>;

// An Observed Data object (STIX 2.1 section 4.14) with the objects it refers to, or those embedded in `objects` as STIX
// 2.0 did. What `lookup` does not know is left out. Errors property_missing, property_type, timestamp_invalid,
// timestamp_order name the property.
[[nodiscard]] core::Result<Observation> observation_of(stix::Json const& observed_data, Lookup const& lookup);

}  // namespace tocsin::match::pattern
