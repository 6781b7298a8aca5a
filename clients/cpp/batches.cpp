#include "clients/cpp/batches.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "clients/cpp/envelope_split.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

constexpr std::string_view kOpen = R"({"objects":[)";
constexpr std::string_view kClose = "]}";

struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
};

std::size_t number_at(std::string_view text, std::size_t offset) {
  std::size_t out = 0;
  std::from_chars(text.data() + offset, text.data() + text.size(), out);
  return out;
}

// Where a sentence of parse_json or of the splitter says that the text broke.
std::optional<Place> named_place(std::string_view sentence) {
  constexpr std::string_view kLine = "line ";
  constexpr std::string_view kColumn = ", column ";
  auto const line = sentence.rfind(kLine);
  auto const column = sentence.rfind(kColumn);
  if (line == sentence.npos || column == sentence.npos || column < line) return std::nullopt;
  return Place{number_at(sentence, line + kLine.size()), number_at(sentence, column + kColumn.size())};
}

// The sentence of an error inside a part of the text that begins at `start`, placed in the whole text.
core::Error placed(std::string_view name, std::string_view text, std::size_t start, core::Error error) {
  auto const origin = *named_place(place_of(text, start));
  auto const inner = named_place(error.detail).value_or(Place{});
  Place const place{origin.line + inner.line - 1, inner.line == 1 ? origin.column + inner.column - 1 : inner.column};
  std::string where = std::string(name) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": ";
  if (auto at = error.detail.rfind(" at line "); at != std::string::npos) {
    auto const end = error.detail.find_first_not_of("0123456789", error.detail.find(", column ", at) + 9);
    error.detail.erase(at, end - at);
  }
  error.detail.insert(0, where);
  return error;
}

std::string text_of(stix::Json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

core::Result<std::vector<Item>> read_items(std::string_view name, std::string_view text) {
  auto slices = split_input(text);
  if (!slices) {
    // The strict parser finds the mistake earlier than the splitter, which only sees the wrong end of it.
    auto parsed = stix::parse_json(text);
    bool const syntax = slices.error().code == core::Code::json_syntax && !parsed;
    return std::unexpected(placed(name, text, 0, syntax ? std::move(parsed.error()) : std::move(slices.error())));
  }
  std::vector<Item> out;
  out.reserve(slices->size());
  for (auto slice : *slices) {
    auto object = stix::parse_json(slice);
    if (!object) {
      auto const start = static_cast<std::size_t>(slice.data() - text.data());
      return std::unexpected(placed(name, text, start, std::move(object.error())));
    }
    auto version = text_of(*object, "modified");
    out.push_back({slice, text_of(*object, "id"), version.empty() ? text_of(*object, "created") : std::move(version)});
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
