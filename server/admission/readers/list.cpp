#include <nlohmann/json.hpp>
#include <utility>

#include "server/admission/readers/reader.hpp"

namespace tocsin::admission {
namespace {

class List final : public LineReader {
 public:
  explicit List(kinds::Cells defaults) : defaults_(std::move(defaults)) {}

  core::Result<void> read(std::string_view& text, bool, Items& items) override {
    while (!text.empty()) {
      Place const place{.line = line_++};
      auto const line = take_line(text);
      auto const begin = line.find_first_not_of(" \t");
      if (begin == line.npos || line[begin] == '#') continue;
      stix::Json document = stix::Json::object();
      kinds::add_cells(document, {{"value", std::string(line)}});
      kinds::add_cells(document, defaults_);
      if (!items.take(place, std::move(document))) break;
    }
    return {};
  }

 private:
  kinds::Cells const defaults_;
};

}  // namespace

std::unique_ptr<LineReader> list_reader(kinds::Cells defaults) { return std::make_unique<List>(std::move(defaults)); }

core::Result<void> read_list(std::string_view body, kinds::Cells const& defaults, Items& items) {
  return read_whole(*list_reader(defaults), body, items);
}

}  // namespace tocsin::admission
