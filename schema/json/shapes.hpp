// A table of the rules as JSON Schema (draft 2020-12). A schema never refuses what the rules accept; what a schema
// cannot say (order of timestamps, patterns, selectors) stays with them. Owned by the writer of one document; one
// thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>

#include "schema/stix/rules/model.hpp"

namespace tocsin::schemas {

using Json = nlohmann::ordered_json;  // documents are read by people too, from `$id` to the rules

class Shapes {
 public:
  // `type` is what the document is about; empty for documents of structures. `root` leads from the document's folder to
  // schema/json: "" or "../".
  Shapes(std::string_view type, std::string_view root) : type_(type), root_(root) {}

  // The object that a shape describes, without its title.
  [[nodiscard]] Json object(stix::rules::Shape const& shape);
  [[nodiscard]] Json value(stix::rules::Type const& type);

  // `$defs` of what the schemas made since the last call refer to within the document; null when there is nothing.
  [[nodiscard]] Json definitions();

 private:
  Json row(stix::rules::Property const& property, bool custom);
  Json single(stix::rules::Type const& type);
  Json text(stix::rules::Type const& type) const;
  Json reference(stix::rules::Targets const& targets) const;
  Json word(stix::rules::Words const& words) const;
  Json structure(stix::rules::Shape const& shape);
  Json extensions();
  Json defined_in_common(std::string_view name) const;
  Json local(stix::rules::Shape const& shape);

  std::string type_;
  std::string root_;
  std::set<stix::rules::Shape const*> wanted_;  // shapes that were referred to
};

// What a vocabulary is as a schema: an enumeration refuses, an open vocabulary only says which values it suggests.
[[nodiscard]] Json vocabulary(stix::rules::Words const& words);

// The name of a definition in common.json for references to objects of these categories.
[[nodiscard]] std::string category_reference(std::uint8_t categories);

// The tables have views; documents have strings.
[[nodiscard]] std::string text_of(std::string_view text);

}  // namespace tocsin::schemas
