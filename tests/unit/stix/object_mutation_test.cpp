// Takes every accepted case apart, property by property, with the tables as the guide.
#include <nlohmann/json.hpp>

#include "schema/stix/rules/extensions.hpp"
#include "schema/stix/rules/own_extensions.hpp"
#include "schema/stix/rules/types.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/stix/object_cases.hpp"

namespace tocsin::stix {
namespace {

using rules::Kind;
using rules::Need;

struct Site {
  rules::Property const* row;
  std::string pointer;
};

// Every property of `value` that a table defines, in nested structures and predefined extensions too.
void collect(rules::Shape const& shape, Json const& value, std::string const& at, std::vector<Site>& out) {
  for (auto const& row : shape.properties) {
    auto const found = value.find(row.name);
    if (found == value.end()) continue;
    auto const here = at + "/" + std::string(row.name);
    out.push_back({&row, here});
    if (row.type.kind == Kind::extensions && found->is_object()) {
      for (auto const& [key, body] : found->items()) {
        if (auto const* extension = rules::find_extension(key)) collect(extension->shape, body, here + "/" + key, out);
        if (auto const* own = rules::find_own_extension(key)) collect(own->shape, body, here + "/" + key, out);
      }
    }
    if (row.type.kind != Kind::structure) continue;
    if (!row.type.list) collect(*row.type.shape, *found, here, out);
    for (std::size_t i = 0; row.type.list && i < found->size(); ++i) {
      collect(*row.type.shape, (*found)[i], here + "/" + std::to_string(i), out);
    }
  }
}

std::vector<Site> sites(Json const& object) {
  std::vector<Site> out;
  auto const name = object.at("type").get<std::string>();
  if (auto const* known = rules::find_type(name)) {
    collect(known->shape, object, "", out);
  } else {
    collect(rules::custom_type(name, object).shape, object, "", out);
  }
  return out;
}

std::vector<Json> wrong_values(rules::Type const& type) {
  if (type.list) return {nullptr, "x", 7, Json::object(), Json::array(), Json::array({nullptr})};
  switch (type.kind) {
    case Kind::boolean:
      return {nullptr, "true", 0, Json::array()};
    case Kind::integer:
      return {nullptr, "1", 0.5, true};
    case Kind::number:
      return {nullptr, "1", true};
    case Kind::structure:
    case Kind::hashes:
    case Kind::dictionary:
    case Kind::extensions:
    case Kind::translations:
    case Kind::container:
    case Kind::object:
      return {nullptr, "x", 7, Json::array({1}), Json::object()};
    default:
      return {nullptr, 7, true, Json::array({"x"}), Json::object()};
  }
}

template <class Visit>
void for_each_site(Visit visit) {
  for (auto const& one : test::all_cases()) {
    if (!one.at("findings").empty()) continue;
    for (auto const& site : sites(one.at("object"))) {
      INFO(one.at("file").get<std::string>() << ": " << one.at("name").get<std::string>() << " " << site.pointer);
      visit(one.at("object"), site);
    }
  }
}

TEST_CASE("a required property that is taken away is reported missing where it was", "[stix][object]") {
  std::size_t taken = 0;
  for_each_site([&](Json const& object, Site const& site) {
    if (site.row->need != Need::required) return;
    // Without the extension that defines its type an object is a custom one, and without its type such an extension is
    // empty.
    if (site.row->type.kind == Kind::extensions) return;
    if (object.at(Json::json_pointer(site.pointer).parent_pointer()).size() == 1) return;
    // A custom object without its times is an observable, unless an extension says that it is none.
    bool const undeclared =
        rules::find_type(object.at("type").get<std::string>()) == nullptr && !object.contains("extensions");
    if (undeclared && (site.pointer == "/created" || site.pointer == "/modified")) return;
    Json::json_pointer const pointer(site.pointer);
    auto mutated = object;
    mutated.at(pointer.parent_pointer()).erase(std::string(site.row->name));
    auto const* code = site.row->type.kind == Kind::spec_version ? "spec-version"
                       : site.pointer == "/type"                 ? "type-missing"
                                                                 : "property-missing";
    auto const findings = test::findings_of(mutated);
    CHECK(std::ranges::count(findings, test::Place{code, site.pointer}) >= 1);
    // What depends on the property may add a finding about the object as a whole, never one elsewhere; an object that
    // consists of nothing else is empty then.
    for (auto const& finding : findings)
      CHECK((finding.second == site.pointer || site.pointer.starts_with(finding.second)));
    ++taken;
  });
  REQUIRE(taken > 500);
}

TEST_CASE("a property of the wrong JSON type is refused at its place", "[stix][object]") {
  std::size_t tried = 0;
  for_each_site([&](Json const& object, Site const& site) {
    for (auto const& wrong : wrong_values(site.row->type)) {
      auto mutated = object;
      mutated.at(Json::json_pointer(site.pointer)) = wrong;
      auto const findings = test::findings_of(mutated);
      INFO("as " << wrong.dump());
      CHECK(std::ranges::any_of(findings,
                                [&](test::Place const& place) { return place.second.starts_with(site.pointer); }));
      ++tried;
    }
  });
  REQUIRE(tried > 5'000);
}

TEST_CASE("an undefined property named with x_ changes nothing but the bytes of an object that is not ours",
          "[stix][object]") {
  for (auto const& one : test::all_cases()) {
    if (!one.at("findings").empty()) continue;
    INFO(one.at("name").get<std::string>());
    if (rules::find_own_type(one.at("object").at("type").get<std::string>(), one.at("object")) != nullptr) continue;
    auto with = one.at("object");
    with["x_example_note"] = Json::parse(R"([null, {"any": []}])");
    auto const before = parse_object(one.at("object"));
    auto const after = parse_object(with);
    REQUIRE(after.has_value());
    CHECK(after->references == before->references);
    CHECK(after->markings == before->markings);
    CHECK(after->value_key == before->value_key);
    CHECK(test::places(after->warnings) == test::places(before->warnings));
  }
}

}  // namespace
}  // namespace tocsin::stix
