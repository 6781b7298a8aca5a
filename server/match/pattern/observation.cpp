#include "server/match/pattern/observation.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace tocsin::match::pattern {
namespace {

std::string_view text_member(stix::Json const& object, char const* name) {
  auto const found = object.find(name);
  if (found == object.end() || !found->is_string()) return {};
  return found->get_ref<std::string const&>();
}

core::Result<std::int64_t> time_member(stix::Json const& object, char const* name) {
  std::string const pointer = std::string("/") + name;
  auto const found = object.find(name);
  if (found == object.end())
    return core::fail(core::Code::property_missing, "Observed data needs this property.", pointer);
  if (!found->is_string()) return core::fail(core::Code::property_type, "Expected a timestamp.", pointer);
  auto const time = stix::Timestamp::parse(found->get_ref<std::string const&>());
  if (!time) return core::fail(time.error().code, time.error().detail, pointer, time.error().remedy);
  return instant(*time);
}

core::Result<std::uint64_t> times_member(stix::Json const& object) {
  auto const found = object.find("number_observed");
  if (found == object.end())
    return core::fail(core::Code::property_missing, "Observed data needs this property.", "/number_observed");
  if (!found->is_number_integer() || *found < 1)
    return core::fail(core::Code::property_type, "Expected an integer of at least 1.", "/number_observed");
  return found->get<std::uint64_t>();
}

std::vector<Object> objects_of(stix::Json const& observed, Lookup const& lookup) {
  std::vector<Object> out;
  if (auto const references = observed.find("object_refs"); references != observed.end() && references->is_array()) {
    for (auto const& reference : *references) {
      if (!reference.is_string()) continue;
      auto const& id = reference.get_ref<std::string const&>();
      if (auto const* document = lookup(id)) out.push_back(named_object(id, *document));
    }
  }
  if (auto const embedded = observed.find("objects"); embedded != observed.end() && embedded->is_object()) {
    for (auto entry = embedded->begin(); entry != embedded->end(); ++entry)
      out.push_back(named_object(entry.key(), entry.value()));
  }
  return out;
}

}  // namespace

std::int64_t instant(stix::Timestamp const& time) {
  if (time.has_key()) return time.key();
  using Limit = std::numeric_limits<std::int64_t>;
  return time.seconds() < 0 ? Limit::min() : Limit::max();
}

Object named_object(std::string_view name, stix::Json const& document) {
  return {name, document.is_object() ? text_member(document, "type") : std::string_view(), &document};
}

Observation::Observation(std::int64_t first, std::int64_t last, std::uint64_t times, std::vector<Object> objects)
    : first_(first),
      last_(std::max(first, last)),
      times_(std::max<std::uint64_t>(times, 1)),
      objects_(std::move(objects)) {
  std::ranges::sort(objects_, {}, &Object::name);
}

stix::Json const* Observation::named(std::string_view name) const {
  if (name.empty()) return nullptr;  // what has no name cannot be referred to
  auto const found = std::ranges::lower_bound(objects_, name, {}, &Object::name);
  return found == objects_.end() || found->name != name ? nullptr : found->document;
}

core::Result<Observation> observation_of(stix::Json const& observed_data, Lookup const& lookup) {
  if (!observed_data.is_object()) return core::fail(core::Code::not_an_object, "Observed data is a JSON object.");
  auto const first = time_member(observed_data, "first_observed");
  if (!first) return std::unexpected(first.error());
  auto const last = time_member(observed_data, "last_observed");
  if (!last) return std::unexpected(last.error());
  if (*last < *first)
    return core::fail(core::Code::timestamp_order, "last_observed is before first_observed.", "/last_observed");
  auto const times = times_member(observed_data);
  if (!times) return std::unexpected(times.error());
  return Observation(*first, *last, *times, objects_of(observed_data, lookup));
}

}  // namespace tocsin::match::pattern
