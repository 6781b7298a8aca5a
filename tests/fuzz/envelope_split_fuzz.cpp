// The envelope splitter against the strict parser: what the parser accepts must be cut exactly where the parser sees
// objects, and whatever is cut lies in the text, in order.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "clients/cpp/batches.hpp"
#include "clients/cpp/envelope_split.hpp"
#include "schema/stix/json.hpp"

namespace {

using namespace tocsin;

void need(bool good) {
  if (!good) std::abort();
}

void check_slices(std::string_view text, std::vector<std::string_view> const& slices) {
  char const* from = text.data();
  for (auto slice : slices) {
    need(slice.size() >= 2 && slice.front() == '{' && slice.back() == '}');
    need(slice.data() >= from && slice.data() + slice.size() <= text.data() + text.size());
    from = slice.data() + slice.size();
  }
}

void check_against(stix::Json const& objects, std::vector<std::string_view> const& slices) {
  need(objects.size() == slices.size());
  for (std::size_t i = 0; i < slices.size(); ++i) {
    auto const parsed = stix::parse_json(slices[i]);
    need(parsed && *parsed == objects[i]);
  }
}

bool all_objects(stix::Json const& list) {
  if (!list.is_array()) return false;
  for (auto const& element : list) {
    if (!element.is_object()) return false;
  }
  return true;
}

void check_envelope(std::string_view text, stix::Json const& document) {
  auto const page = client::split_envelope(text);
  if (!document.is_object()) return need(!page);
  auto const has = [&](char const* name) { return document.contains(name); };
  bool const good = (!has("more") || document["more"].is_boolean()) && (!has("next") || document["next"].is_string()) &&
                    (!has("objects") || all_objects(document["objects"]));
  need(good == page.has_value());
  if (!good) return;
  need(page->more == (has("more") && document["more"].get<bool>()));
  need(page->next == (has("next") ? document["next"].get<std::string>() : std::string()));
  check_against(has("objects") ? document["objects"] : stix::Json::array(), page->objects);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  if (auto const page = client::split_envelope(text)) check_slices(text, page->objects);
  if (auto const slices = client::split_input(text)) check_slices(text, *slices);
  if (auto const document = stix::parse_json(text)) {
    check_envelope(text, *document);
    if (all_objects(*document)) check_against(*document, *client::split_input(text));
  }
  auto const items = client::read_items("input", text);
  if (!items) return 0;
  for (auto const& item : *items) need(stix::parse_json(item.bytes).has_value());
  auto const plan = client::plan_batches(*items, {.objects = 3, .bytes = 64});
  std::size_t planned = plan.oversized.size();
  for (auto const& batch : plan.batches) {
    auto const body = client::batch_body(*items, batch);
    need(batch.count >= 1 && batch.count <= 3 && body.size() <= 64);
    auto const again = client::split_envelope(body);
    need(again && again->objects.size() == batch.count);
    planned += batch.count;
  }
  need(planned == items->size());
  return 0;
}
