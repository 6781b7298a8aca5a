// From the native form to STIX 2.1 and back. Pure but for the ids that the caller gives; any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schema/kinds/native.hpp"
#include "schema/stix/object.hpp"

namespace tocsin::kinds {

// What the asserter has stored of a claim on the same value: null where there is nothing.
struct Earlier {
  std::shared_ptr<Json const> subject;       // the newest version, which may be revoked
  std::shared_ptr<Json const> observable;    // that its relationship is to
  std::shared_ptr<Json const> relationship;  // `based-on`
  std::shared_ptr<Json const> namesake;      // the object with the id that the observable derives
};

struct Context {
  std::int64_t now_us = 0;
  std::string creator;                 // identity--UUID, or "": nobody is named
  std::function<core::Uuid()> new_id;  // random, for whatever has versions
  Earlier earlier = {};
  Lifetimes lifetimes = {};
};

struct Expansion {
  std::optional<stix::Object> observable;
  std::optional<stix::Object> subject;       // always there: the indicator, campaign or infrastructure
  std::optional<stix::Object> relationship;  // `based-on`, from the indicator to the observable
  // Absent when the one that was revoked had other markings.
  std::optional<stix::Object> succession;  // `derived-from`, to a subject that was revoked
  bool changed = true;                     // false: all of it is what is stored
};

// The subject with our extension; of an indicator the observable, and the relationship. What is not said of an
// indicator has a default: `valid_from` is now, or what it was; `valid_until` is the lifetime of the kind from now on,
// or what it was until a tenth of the lifetime has passed. A document that says nothing new gives the objects that are
// stored, to the byte; one that does gives the subject a new version, and an observable that differs a new id, since
// observables have no versions. The document has no local names (local_names.hpp).
// Findings, with pointers into the native form: those of stix::parse_object that hold for more than one property.
[[nodiscard]] std::expected<Expansion, std::vector<core::Error>> to_stix(Native const& native, Context const& context);

// A relationship of a subject to what its document names.
struct Link {
  std::string type, source, target;
};
[[nodiscard]] std::vector<Link> links_of(Native const& native, stix::Object const& subject);

// The relationships that these links are; `stored`, as many, has what there is of each (null: nothing). What says the
// same is what is stored, to the byte. One of a campaign is not shown more widely than campaigns are.
[[nodiscard]] std::vector<stix::Object> to_relationships(Native const& native, stix::Object const& subject,
                                                         std::span<Link const> links,
                                                         std::span<std::shared_ptr<Json const> const> stored,
                                                         Context const& context);

// Of a pointer into an object that to_stix made: the native property that it comes from, or "".
[[nodiscard]] std::string native_pointer(Kind const& kind, std::string_view pointer);

// The id that the observable of a native item derives from its value; nullopt when there is none. The type is that of
// the observable.
[[nodiscard]] std::optional<stix::Identifier> observable_id(Native const& native);

// The native form of an indicator and the observable that it is based on (null: none). to_stix of it says the same.
// Errors: property_missing for an indicator without our extension; property_conflict for one that says more than the
// native form can.
[[nodiscard]] core::Result<Native> from_stix(Json const& indicator, Json const& observable);

// The native form of a campaign or of infrastructure, and of its relationships. Errors: property_missing for another
// object; property_conflict for one that says more than the native form can.
[[nodiscard]] core::Result<Native> object_from_stix(Json const& object, std::span<Json const> relationships);

}  // namespace tocsin::kinds
