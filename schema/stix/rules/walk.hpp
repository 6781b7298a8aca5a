// The interpreter of the tables: walks one object against its shape and collects findings, warnings and the facts that
// only a walk can tell. Owned by one call of parse_object; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/error.hpp"
#include "schema/stix/object.hpp"
#include "schema/stix/rules/model.hpp"

namespace tocsin::stix::rules {

struct OwnExtension;

// Where the walk stands, as a list on the stack; it becomes a JSON pointer only when something is found.
struct Path {
  Path const* parent = nullptr;
  std::string_view name = {};
  std::size_t index = 0;  // of a list item, when name has no data

  [[nodiscard]] std::string pointer() const;
};

class Walk {
 public:
  // `document` is a JSON object whose type is type.name; all three outlive the walk.
  Walk(Json const& document, ObjectType const& type, ObjectLimits const& limits);

  // Checks everything but the length of the object. Afterwards the facts below are complete if nothing was found.
  void run();

  void find(core::Code code, Path const& at, std::string detail, std::string remedy = {});
  void warn(core::Code code, Path const& at, std::string detail, std::string remedy = {});

  // Checks one JSON object against a shape.
  void object(Shape const& shape, Json const& value, Path const& at);
  // Checks one value, or each item of a list.
  void value(Type const& type, Json const& value, Path const& at);

  [[nodiscard]] Json const& document() const { return document_; }
  [[nodiscard]] ObjectType const& type() const { return type_; }

  // Facts.
  std::optional<Identifier> id;
  std::optional<Identifier> creator;
  std::vector<Identifier> markings;    // as they occur
  std::vector<Identifier> references;  // as they occur
  std::vector<core::Error> findings;
  std::vector<core::Error> warnings;

 private:
  void single(Type const& type, Json const& value, Path const& at);
  void missing(Shape const& shape, Property const& row, Path const& at);
  void undefined(Shape const& shape, std::string_view name, Path const& at);
  void name_unknown(std::string_view name);
  void report_unknown();

  void text(Type const& type, Json const& value, Path const& at);
  void amount(Type const& type, Json const& value, Path const& at);
  void moment(Json const& value, Path const& at);
  void own_id(Json const& value, Path const& at);
  void spec_version(Json const& value, Path const& at);
  void reference(Targets const& targets, Json const& value, Path const& at);
  void word(Words const& words, Json const& value, Path const& at);
  void hashes(Json const& value, Path const& at);
  void dictionary(Entries entries, Json const& value, Path const& at);
  void extensions(Json const& value, Path const& at);
  void extension(std::string_view key, Json const& body, Path const& at);
  void own_extension(OwnExtension const& own, std::string_view key, Json const& body, Path const& at);
  void translations(Json const& value, Path const& at);
  void container(Json const& value, Path const& at);
  void container_member(Json const& all, Json const& member, Path const& at);
  void wrong_type(Type const& type, Path const& at);

  Json const& document_;
  ObjectType const& type_;
  ObjectLimits const& limits_;
  bool defanged_ = false;
  bool toplevel_extension_ = false;  // an extension adds properties of its own to the object
  std::size_t unknown_count_ = 0;
  std::string unknown_names_;  // the first three
};

}  // namespace tocsin::stix::rules
