// A statement and a header of the control log have one text each: what parses is what is written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/log/control.hpp"

namespace {

using namespace tocsin::log;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view text(reinterpret_cast<char const*>(data), size);
  if (auto const header = ControlHeader::parse(text)) require(header->text() == text);
  if (auto const statement = parse_statement(text)) {
    require(format_statement(*statement) == text);
    require(Note::from_text(std::string(text)).has_value());
  }
  if (auto const change = open_key_change(text)) require(change->old != change->next);
  if (auto const erasure = open_erasure(text)) require(!erasure->indices.empty());
  if (auto const recall = open_recall(text)) require(!recall->indices.empty() && recall->deadline_s >= recall->time_s);
  return 0;
}
