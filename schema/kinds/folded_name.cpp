#include "schema/kinds/folded_name.hpp"

#include <utility>

#include "schema/kinds/letters.hpp"

namespace tocsin::kinds {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";

bool is_readable(std::string_view text) { return text.find_first_not_of(kBlanks) != text.npos; }

}  // namespace

constinit stix::rules::Format const kReadableName{is_readable, "a name", "[^ \\t\\r\\n\\f\\v]"};

std::string trimmed_name(std::string_view name) {
  auto const begin = name.find_first_not_of(kBlanks);
  if (begin == name.npos) return {};
  return std::string(name.substr(begin, name.find_last_not_of(kBlanks) - begin + 1));
}

std::string folded_name(std::string_view name) {
  std::string out;
  bool blank = false;
  for (char const c : trimmed_name(name)) {
    if (kBlanks.contains(c)) {
      blank = true;
      continue;
    }
    if (std::exchange(blank, false)) out += ' ';
    out += c;
  }
  return lower_case(std::move(out));
}

}  // namespace tocsin::kinds
