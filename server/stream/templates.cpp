#include "server/stream/templates.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/kinds/letters.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::stream {
namespace {

std::string text_in(stix::Json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::vector<kinds::Print> prints_of_template(stix::Json const& object) {
  std::vector<kinds::Print> out;
  auto const given = object.find("fingerprints");
  if (given != object.end() && text_in(*given, "algorithm") == kinds::kPrintAlgorithm) {
    for (auto const& value : given->at("values"))
      if (auto const print = kinds::parse_print(value.get_ref<std::string const&>())) out.push_back(*print);
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
  }
  return out.empty() ? kinds::prints_of(text_in(object, "template")) : out;
}

void Templates::add(store::RowId collection, store::PublishedTemplate const& one, Take const& take) {
  auto const object = stix::parse_json(one.bytes);
  if (!object) return;  // it was erased
  auto prints = prints_of_template(*object);
  Name const name{collection, one.asserter, one.class_row, kinds::lower_case(text_in(*object, "template_sha256"))};
  auto& known = known_[name];
  known.prints = std::move(prints);
  for (auto const& [id, entry] : known.indicators) {
    auto whole = entry;
    whole.prints = known.prints;
    take({id, std::move(whole)});
  }
}

void Templates::complete(store::RowId collection, store::ListedIndicator const& one, match::Entry& entry) {
  auto const& id = entry.facts.id;
  forget(id);
  // Of several templates none is the one whose share of fingerprints could be told.
  auto const digest = one.keys.size() == 1 ? kinds::value_of_key(one.keys.front()) : std::nullopt;
  if (!digest) return;
  Name const name{collection, one.asserter, one.class_row, *digest};
  auto& known = known_[name];
  name_of_.insert_or_assign(id, name);
  known.indicators.insert_or_assign(id, entry);
  entry.prints = known.prints;
}

void Templates::forget(core::Uuid const& id) {
  auto const before = name_of_.find(id);
  if (before == name_of_.end()) return;
  known_[before->second].indicators.erase(id);
  name_of_.erase(before);
}

void Templates::clear() {
  known_.clear();
  name_of_.clear();
}

}  // namespace tocsin::stream
