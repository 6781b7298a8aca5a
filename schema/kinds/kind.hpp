// What a kind of native submission is: one row of the table in kinds.hpp, written in a file of its own. Constant data
// and pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/kinds/lifetime.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/marking.hpp"
#include "schema/stix/rules/model.hpp"

namespace tocsin::kinds {

using stix::Json;

// A native document in its canonical form, or those that it is split into.
using Normalised = core::Result<std::vector<Json>>;

// A relationship that a property of a kind stands for, between the object that carries it and what the property names.
struct Bond {
  std::string_view property;
  std::string_view type;     // of the relationship
  bool from_target = false;  // it begins at what is named
};

struct Kind {
  std::string_view name;     // also `indicator_kind` of an indicator that it becomes
  std::string_view meaning;  // a sentence
  // The type of the object that it becomes and that has versions. Only an indicator has an observable.
  std::string_view object = "indicator";
  // What an object that is no indicator has besides, under the names that STIX has for it, and the properties of bonds.
  std::span<stix::rules::Property const> rows = {};
  std::span<stix::rules::Rule const> rules = {};
  std::span<Bond const> bonds = {};
  // The definition of ours that carries the properties of this kind: it extends the observable, or makes its type, or
  // extends an object that is no indicator. "": the indicator alone carries everything.
  std::string_view extension = {};
  // `value`, where no property of the extension is it.
  std::optional<stix::rules::Property> value = {};
  // `value` may be sent as a JSON integer up to this one too: it is read as its digits.
  std::optional<std::int64_t> greatest = {};
  stix::rules::Names traits = {};  // of these at least one has to be there
  bool identified = true;          // the id of the observable derives from its value (STIX 2.1 section 2.9)
  stix::Tlp floor = stix::Tlp::green;
  std::optional<stix::Tlp> usual = {};  // of an item that says no level, where that is not the floor
  bool needs_audience = false;          // `markings` has to name one
  std::string_view collection;          // alias of where it goes
  std::string_view object_type = {};    // in `indicator_types` and the like, of the vocabulary there; "": there is none
  // Days that an indicator is kept which holds no more, unless the operator says otherwise; 0: for good.
  int retention_days = 0;

  // Brings a document that obeys the shape to its canonical form. Adds to `notes` what it changed that the sender may
  // not have meant. Pointers are into the native document.
  Normalised (*normalise)(Json native, std::vector<core::Error>& notes);
  // The pattern of a canonical document; of an object that is no indicator, its folded name. Two documents of a kind
  // are claims on one value when it is the same.
  std::string (*pattern)(Json const& native);
  // `type` and what STIX defines of the observable; null where the extension makes the type, or there is none.
  Json (*observable)(Json const& native) = nullptr;
  // Adds `value` to a native document, from the indicator and its observable (null when there is none).
  core::Result<void> (*recognise)(Json const& indicator, Json const& observable, Json& native) = nullptr;
  // Seconds that an indicator holds when nobody says until when; nullopt: for good.
  std::optional<std::int64_t> (*lifetime)(Json const& native, Lifetimes const& of) = nullptr;
  // Seconds after which half of the confidence is left in what is not said again of a value, as searching.hpp has it;
  // nullopt: all of it stays.
  std::optional<std::int64_t> (*half_life)(std::string_view value) = nullptr;

  [[nodiscard]] bool makes_indicator() const { return object == "indicator"; }
  [[nodiscard]] stix::Tlp usual_level() const { return usual.value_or(floor); }
};

}  // namespace tocsin::kinds
