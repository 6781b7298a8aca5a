#include "server/admission/collector.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "schema/core/finding_text.hpp"
#include "schema/kinds/kinds.hpp"

namespace tocsin::admission {
namespace {

using core::Code;
using Findings = std::vector<core::Error>;

std::string ref_in(stix::Json const& document) {
  auto const found = document.find("ref");
  return found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Item refused(Place place, Findings findings) {
  Item item;
  item.place = std::move(place);
  refuse(item, std::move(findings));
  return item;
}

core::Error repeated(kinds::Kind const& kind) {
  return {Code::item_repeated, "The body says something else of the same value before.",
          kind.makes_indicator() ? "/value" : "/name", "Say everything of a value in one item."};
}

// About what a document takes, as text.
std::size_t bytes_of(stix::Json const& document) {
  constexpr std::size_t kValue = 8;
  if (document.is_string()) return kValue + document.get_ref<std::string const&>().size();
  auto out = kValue;
  if (document.is_object())
    for (auto const& [name, value] : document.items()) out += name.size() + bytes_of(value);
  if (document.is_array())
    for (auto const& value : document) out += bytes_of(value);
  return out;
}

// Each network of a range is an item with all its texts.
constexpr std::size_t kLongestOfRange = 16 * 1024;

bool is_range(stix::Json const& document) {
  auto const value = document.find("value");
  return value != document.end() && value->is_string() && document.value("kind", stix::Json()) == "ip-range" &&
         value->get_ref<std::string const&>().find('-') != std::string::npos;
}

core::Error too_long_to_split() {
  return {Code::property_value,
          "A range with more than " + std::to_string(kLongestOfRange) +
              " bytes of properties is not split: each of its networks would have them.",
          "/value", "Shorten its texts, or send networks."};
}

core::Error taken() {
  return {Code::property_conflict, "Another item of the body has this name.", "/ref", "Give each item its own."};
}

}  // namespace

bool Collector::take(Place place, stix::Json document) { return take_all(place, std::move(document)) && goes_on(); }

bool Collector::refuse(Place place, core::Error error) {
  return add(refused(std::move(place), {std::move(error)}), "") && goes_on();
}

bool Collector::take_all(Place const& place, stix::Json document) {
  if (is_beyond()) return false;
  auto ref = ref_in(document);
  auto const bytes = bytes_of(document);
  bytes_ += bytes;
  bool const is_new = ref.empty() || !batch_.names.contains(ref);
  if (bytes > kLongestOfRange && is_range(document))
    return add(refused(place, {too_long_to_split()}), is_new ? ref : "");
  auto reading = kinds::read_native(std::move(document));
  if (!reading) return add(refused(place, std::move(reading.error())), is_new ? ref : "");
  if (!is_new) return add(refused(place, {taken()}), "");
  bytes_ += bytes * (reading->items.size() - 1);
  for (auto& native : reading->items) {
    if (auto const same = first_of(native)) {
      if (!take_repeated(place, native, *same, ref)) return false;
      continue;
    }
    Item item;
    item.place = place;
    item.native = std::move(native);
    for (auto const& note : reading->notes) item.notes.push_back(core::finding_text(note));
    if (!add(std::move(item), ref)) return false;
  }
  return true;
}

bool Collector::take_repeated(Place const& place, kinds::Native const& native, std::size_t same,
                              std::string const& ref) {
  if (batch_.items[same].native->document() != native.document())
    return add(refused(place, {repeated(native.kind())}), ref);
  if (is_beyond()) return false;
  ++repeats_;
  if (!ref.empty()) batch_.names[ref].push_back(same);
  return true;
}

bool Collector::is_beyond() {
  refused_more_ = refused_more_ || (beyond_ == Beyond::refused && is_full());
  return refused_more_;
}

Batch Collector::take_batch() {
  by_value_.clear();
  repeats_ = bytes_ = 0;
  return std::exchange(batch_, Batch());
}

std::optional<std::size_t> Collector::first_of(kinds::Native const& native) {
  auto const [at, is_new] = by_value_.try_emplace({&native.kind(), native.pattern()}, batch_.items.size());
  return is_new ? std::nullopt : std::optional(at->second);
}

bool Collector::add(Item item, std::string const& ref) {
  if (is_beyond()) return false;
  if (!ref.empty()) batch_.names[ref].push_back(batch_.items.size());
  batch_.items.push_back(std::move(item));
  return true;
}

}  // namespace tocsin::admission
