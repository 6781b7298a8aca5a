// The short form in which analysts and pipelines write: a JSON object of a kind. A Native that exists obeys the shape
// of its kind and is in canonical form. A value type; any thread.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

class Native {
 public:
  [[nodiscard]] Kind const& kind() const { return *kind_; }
  [[nodiscard]] Json const& document() const { return *document_; }
  [[nodiscard]] std::string const& pattern() const { return pattern_; }

 private:
  friend struct Reading;
  friend std::expected<struct Reading, std::vector<core::Error>> read_native(Json document);
  Native(Kind const& kind, Json document);

  Kind const* kind_;
  std::shared_ptr<Json const> document_;
  std::string pattern_;
};

// One document may be several items: a range of addresses is split into networks.
struct Reading {
  std::vector<Native> items;       // never empty
  std::vector<core::Error> notes;  // what was changed, and values outside open vocabularies
  std::string ref;                 // what other items of the submission call it; "": it has no name
};

// Pointers are into the document. Errors: those of the rules of STIX (property_missing, property_type, property_value,
// property_unknown with the nearest name, property_conflict, timestamp_invalid, timestamp_order, reference_type,
// pattern_invalid); marking_below_floor.
[[nodiscard]] std::expected<Reading, std::vector<core::Error>> read_native(Json document);

}  // namespace tocsin::kinds
