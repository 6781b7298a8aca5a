#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "server/admission/readers/reader.hpp"
#include "server/admission/scanner.hpp"

namespace tocsin::admission {
namespace {

std::unexpected<core::Error> not_items() {
  return core::fail(core::Code::items_invalid, "The body is neither a JSON object nor an array of objects.", "",
                    "Send {\"kind\": …, \"value\": …}, or an array of such objects.");
}

bool give(std::string_view text, Place place, kinds::Cells const& defaults, Items& items) {
  auto document = stix::parse_json(text);
  if (!document) return items.refuse(std::move(place), std::move(document.error()));
  kinds::add_cells(*document, defaults);
  return items.take(std::move(place), *std::move(document));
}

class Lines final : public LineReader {
 public:
  explicit Lines(kinds::Cells defaults) : defaults_(std::move(defaults)) {}

  core::Result<void> read(std::string_view& text, bool, Items& items) override {
    while (!text.empty()) {
      Place const place{.line = line_++};
      auto const line = take_line(text);
      if (line.find_first_not_of(" \t") == line.npos) continue;
      if (!give(line, place, items)) break;
    }
    return {};
  }

 private:
  bool give(std::string_view line, Place place, Items& items) const {
    auto document = stix::parse_json(line);
    if (!document) {
      place.column = take_place(document.error()).column;
      return items.refuse(std::move(place), std::move(document.error()));
    }
    kinds::add_cells(*document, defaults_);
    return items.take(std::move(place), *std::move(document));
  }

  kinds::Cells const defaults_;
};

}  // namespace

core::Result<void> read_json(std::string_view body, kinds::Cells const& defaults, Items& items) {
  Scanner scanner(body);
  scanner.skip_space();
  if (body.substr(scanner.position()).starts_with('{')) {
    give(body, {}, defaults, items);
    return {};
  }
  if (!scanner.take('[')) return not_items();
  if (scanner.take(']')) return scanner.at_end() ? core::Result<void>() : not_items();
  std::size_t index = 0;
  do {
    auto const element = scanner.value();
    if (element.empty()) return not_items();
    if (!give(element, {.pointer = "/" + std::to_string(index++)}, defaults, items)) return {};
  } while (scanner.take(','));
  if (!scanner.take(']') || !scanner.at_end()) return not_items();
  return {};
}

std::unique_ptr<LineReader> json_lines_reader(kinds::Cells defaults) {
  return std::make_unique<Lines>(std::move(defaults));
}

core::Result<void> read_lines_of_json(std::string_view body, kinds::Cells const& defaults, Items& items) {
  return read_whole(*json_lines_reader(defaults), body, items);
}

}  // namespace tocsin::admission
