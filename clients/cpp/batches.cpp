#include "clients/cpp/batches.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "clients/cpp/envelope_split.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

constexpr std::string_view kOpen = R"({"objects":[)";
constexpr std::string_view kClose = "]}";

// "…, at line 3, column 5." of a sentence becomes "name:3:5: …." before it, as compilers write it and editors follow
// it.
core::Error placed(std::string_view name, core::Error error) {
  constexpr std::string_view kLine = " at line ";
  constexpr std::string_view kColumn = ", column ";
  constexpr std::string_view kDigits = "0123456789";
  std::string where(name);
  auto& detail = error.detail;
  auto const at = detail.rfind(kLine);
  auto const column = at == detail.npos ? at : detail.find(kColumn, at);
  if (column != detail.npos) {
    auto const line_begin = at + kLine.size();
    auto const column_begin = column + kColumn.size();
    auto const end = std::min(detail.find_first_not_of(kDigits, column_begin), detail.size());
    where +=
        ":" + detail.substr(line_begin, column - line_begin) + ":" + detail.substr(column_begin, end - column_begin);
    auto const begin = at > 0 && detail[at - 1] == ',' ? at - 1 : at;
    detail.erase(begin, end - begin);
  }
  detail.insert(0, where + ": ");
  return error;
}

std::string text_of(stix::Json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

core::Result<std::vector<Item>> read_items(std::string_view name, std::string_view text) {
  auto slices = split_input(text);
  if (!slices) return std::unexpected(placed(name, std::move(slices.error())));
  std::vector<Item> out;
  out.reserve(slices->size());
  for (auto slice : *slices) {
    auto object = stix::parse_json(slice);
    if (!object) {
      auto const begin = static_cast<std::size_t>(slice.data() - text.data());
      auto in_whole = stix::parse_json(in_place(text, begin, begin + slice.size()));
      return std::unexpected(placed(name, std::move(in_whole ? object.error() : in_whole.error())));
    }
    auto version = text_of(*object, "modified");
    if (version.empty()) version = text_of(*object, "created");
    out.push_back({slice, text_of(*object, "id"), std::move(version), name, out.size() + 1});
  }
  return out;
}

Plan plan_batches(std::span<Item const> items, BatchLimits limits) {
  Plan plan;
  Batch batch;
  std::size_t const frame = kOpen.size() + kClose.size();
  std::size_t size = frame;
  auto close = [&](std::size_t next) {
    if (batch.count > 0) plan.batches.push_back(batch);
    batch = {.first = next, .count = 0};
    size = frame;
  };
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::size_t const need = items[i].bytes.size();
    if (frame + need > limits.bytes) {
      plan.oversized.push_back(i);
      close(i + 1);
      continue;
    }
    if (batch.count == limits.objects || size + need + 1 > limits.bytes + (batch.count == 0 ? 1 : 0)) close(i);
    size += need + (batch.count == 0 ? 0 : 1);
    ++batch.count;
  }
  close(items.size());
  return plan;
}

std::string batch_body(std::span<Item const> items, Batch batch) {
  std::string out(kOpen);
  for (auto const& item : items.subspan(batch.first, batch.count)) {
    if (out.size() > kOpen.size()) out += ',';
    out += item.bytes;
  }
  out += kClose;
  return out;
}

}  // namespace tocsin::client
