#include "server/endpoints/items_asked.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "schema/kinds/kinds.hpp"
#include "server/endpoints/answers.hpp"
#include "server/http/text.hpp"

namespace tocsin::endpoints {
namespace {

using admission::Form;

std::optional<Form> form_of(std::optional<std::string_view> content_type) {
  if (!content_type) return std::nullopt;
  auto const type = http::trim(content_type->substr(0, content_type->find(';')));
  struct Row {
    std::string_view type;
    Form form;
  };
  static constexpr Row kForms[] = {{"application/json", Form::json},
                                   {"application/x-ndjson", Form::lines_of_json},
                                   {"text/csv", Form::csv},
                                   {"text/plain", Form::list},
                                   {"application/stix+json", Form::bundle}};
  for (auto const& row : kForms)
    if (http::equal_ignoring_case(type, row.type) && (row.form != Form::bundle || is_taxii_body(content_type)))
      return row.form;
  return std::nullopt;
}

core::Error unsupported_type() {
  return {core::Code::unsupported_media_type, "The Content-Type of the body is not accepted.", "",
          "Use application/json, application/x-ndjson, text/csv, text/plain with one value a line, or "
          "application/stix+json;version=2.1 with a bundle."};
}

std::vector<std::string> const& properties() {
  static auto const kSorted = [] {
    std::vector<std::string> out;
    for (auto const* kind : kinds::kinds())
      for (auto const& row : kinds::native_type(*kind).shape.properties) out.emplace_back(row.name);
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
  }();
  return kSorted;
}

bool is_property(std::string_view name) { return std::ranges::binary_search(properties(), name); }

constexpr std::string_view kOthers[] = {"dry_run", "atomic", "override", "map", "columns"};

bool is_other(std::string_view name) { return std::ranges::find(kOthers, name) != std::end(kOthers); }

std::vector<std::string> known_parameters() {
  std::vector<std::string> out(std::begin(kOthers), std::end(kOthers));
  out.insert(out.end(), properties().begin(), properties().end());
  return out;
}

core::Result<void> check_names(http::Query const& query) {
  for (auto const& [name, value] : query.parameters()) {
    if (!is_other(name) && !is_property(name))
      return core::fail(
          core::Code::bad_parameter,
          "A parameter is neither dry_run, atomic, override, map, columns nor a property of any kind.", "",
          "Parameters are properties that the items do not say." + kinds::suggestion(name, known_parameters()));
    if (query.count(name) > 1)
      return core::fail(core::Code::bad_parameter, "The parameter `" + name + "` is there twice.", "", "Send it once.");
  }
  return {};
}

core::Result<bool> flag(http::Query const& query, char const* name, char const* remedy) {
  auto const value = query.find(name);
  if (!value) return false;
  if (*value == "0" || *value == "1") return *value == "1";
  return core::fail(core::Code::bad_parameter, "`" + std::string(name) + "` is 0 or 1.", "", remedy);
}

core::Result<void> check(admission::Layout const& layout, Form form) {
  if (!layout.is_given()) return {};
  if (form != Form::csv)
    return core::fail(core::Code::bad_parameter, "`map` and `columns` are about the columns of a table.", "",
                      "Send them with the Content-Type text/csv only.");
  auto names = layout.columns;
  for (auto const& [column, property] : layout.names) names.push_back(property);
  for (auto const& name : names)
    if (!name.empty() && !is_property(name))
      return core::fail(core::Code::bad_parameter, "`map` or `columns` names a property that no kind has.", "",
                        "See docs/kinds.md for the properties." + kinds::suggestion(name, properties()));
  return {};
}

core::Result<admission::Layout> layout_in(http::Query const& query, Form form) {
  for (auto const* name : {"map", "columns"})
    if (auto const value = query.find(name); value && value->empty())
      return core::fail(core::Code::bad_parameter, "The parameter `" + std::string(name) + "` is empty.", "",
                        "Leave it out, or name columns.");
  auto layout = admission::layout_of(query.find("columns").value_or(""), query.find("map").value_or(""));
  if (!layout) return layout;
  if (auto good = check(*layout, form); !good) return std::unexpected(good.error());
  return layout;
}

}  // namespace

core::Result<ItemsAsked> items_asked(http::Request const& request, std::string_view kind) {
  auto const form = form_of(request.headers.find("Content-Type"));
  if (!form) return std::unexpected(unsupported_type());
  if (auto good = check_names(request.query); !good) return std::unexpected(good.error());
  auto const dry = flag(request.query, "dry_run", "Send 1 to store nothing.");
  if (!dry) return std::unexpected(dry.error());
  auto const whole = flag(request.query, "atomic", "Send 1 to store all items or none.");
  if (!whole) return std::unexpected(whole.error());
  auto layout = layout_in(request.query, *form);
  if (!layout) return std::unexpected(layout.error());
  ItemsAsked asked{*form, *dry, *whole, {}, *std::move(layout)};
  for (auto const& [name, value] : request.query.parameters())
    if (!is_other(name)) asked.defaults.emplace_back(name, value);
  if (!kind.empty()) asked.defaults.emplace_back("kind", kind);
  return asked;
}

}  // namespace tocsin::endpoints
