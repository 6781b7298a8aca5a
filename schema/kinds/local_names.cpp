#include "schema/kinds/local_names.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/kinds/kinds.hpp"

namespace tocsin::kinds {
namespace {

namespace rules = stix::rules;

using Findings = std::vector<core::Error>;

// Calls `visit` with each reference of the native form that may be local.
template <class Visit>
void for_each_place(Native const& native, Visit const& visit) {
  auto const& document = native.document();
  for (auto const& row : native_type(native.kind()).shape.properties) {
    auto const found = document.find(row.name);
    if (found != document.end() && row.type.kind == rules::Kind::reference && row.type.targets->local)
      visit(row, *found);
  }
}

std::optional<LocalReference> local(rules::Property const& row, Json const& value, std::string pointer) {
  std::string_view const text = value.get_ref<std::string const&>();
  if (!text.starts_with(rules::kLocal)) return std::nullopt;
  return LocalReference{std::string(text.substr(rules::kLocal.size())), std::move(pointer), row.type.targets->types};
}

std::string place_in(rules::Property const& row, std::size_t index) {
  return "/" + std::string(row.name) + "/" + std::to_string(index);
}

// A list with every name replaced; what is named twice stands there once.
Json replaced_in_list(rules::Property const& row, Json const& list, Identifiers const& identifiers,
                      Findings& findings) {
  std::set<std::string> seen;
  Json out = Json::array();
  auto const add = [&](std::string const& id) {
    if (seen.insert(id).second) out.push_back(id);
  };
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto const reference = local(row, list[i], place_in(row, i));
    if (!reference) {
      add(list[i].get_ref<std::string const&>());
      continue;
    }
    auto const ids = identifiers(*reference);
    if (!ids) findings.push_back(ids.error());
    if (ids) std::ranges::for_each(*ids, add);
  }
  return out;
}

core::Error several(LocalReference const& reference) {
  return {core::Code::property_conflict, "`local:" + reference.name + "` is a range that was split into several items.",
          reference.pointer, "Refer to one object here."};
}

}  // namespace

std::vector<LocalReference> local_references(Native const& native) {
  std::vector<LocalReference> out;
  auto const add = [&](std::optional<LocalReference> reference) {
    if (reference) out.push_back(*std::move(reference));
  };
  for_each_place(native, [&](rules::Property const& row, Json const& value) {
    if (!value.is_array()) return add(local(row, value, "/" + std::string(row.name)));
    for (std::size_t i = 0; i < value.size(); ++i) add(local(row, value[i], place_in(row, i)));
  });
  return out;
}

std::expected<Native, Findings> with_identifiers(Native const& native, Identifiers const& identifiers) {
  Json document = native.document();
  Findings findings;
  bool any = false;
  for_each_place(native, [&](rules::Property const& row, Json const& value) {
    Json& said = document[std::string(row.name)];
    if (value.is_array()) {
      said = replaced_in_list(row, value, identifiers, findings);
      any = any || said != value;
      return;
    }
    auto const reference = local(row, value, "/" + std::string(row.name));
    if (!reference) return;
    any = true;
    auto const ids = identifiers(*reference);
    if (!ids) return findings.push_back(ids.error());
    if (ids->size() != 1) return findings.push_back(several(*reference));
    said = ids->front();
  });
  if (!findings.empty()) return std::unexpected(std::move(findings));
  if (!any) return native;
  auto reading = read_native(std::move(document));
  if (!reading) return std::unexpected(std::move(reading.error()));
  return std::move(reading->items.front());
}

}  // namespace tocsin::kinds
