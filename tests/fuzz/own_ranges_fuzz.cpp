// What is registered as a range, and what an object is about: a range that is accepted has one text that reads back as
// the same, and touches itself; objects of any bytes are about networks that are apart.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/stream/own_ranges.hpp"

namespace {

using namespace tocsin;

void must(bool holds) {
  if (!holds) std::abort();
}

void check_range(std::string_view text) {
  auto const range = stream::parse_range(text, "/ranges/0");
  if (!range) {
    must(range.error().code == core::Code::bad_parameter && range.error().pointer == "/ranges/0");
    must(range.error().detail.ends_with('.') && !range.error().remedy.empty());
    return;
  }
  auto const canonical = stream::text_of(*range);
  auto const again = stream::parse_range(canonical, "");
  must(again && *again == *range && stream::text_of(*again) == canonical);
  stream::OwnRanges const own({{canonical, "", 0}});
  stream::Subjects itself;
  if (auto const* network = std::get_if<access::Network>(&*range))
    itself.networks.push_back(*network);
  else
    itself.numbers.push_back(std::get<stream::AsNumber>(*range));
  must(own.touched_by(itself) == std::vector<std::string_view>{canonical});
  bool const real = stream::require_ownable(*range, false, "").has_value();
  must(!real || stream::require_ownable(*range, true, "").has_value());
}

void check_object(std::string const& type, std::string_view bytes) {
  static stream::OwnRanges const kAll({{"0.0.0.0/0", "", 0}, {"::/0", "", 0}});
  auto const subjects = stream::subjects_of(type, bytes);
  for (std::size_t i = 1; i < subjects.networks.size(); ++i) {
    must(subjects.networks[i - 1] < subjects.networks[i]);
    must(!subjects.networks[i - 1].contains(subjects.networks[i]));
  }
  must(std::ranges::is_sorted(subjects.numbers));
  must(kAll.touched_by(subjects).empty() == subjects.networks.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  check_range(text);
  for (auto const& type : stream::subject_types()) check_object(type, text);
  return 0;
}
