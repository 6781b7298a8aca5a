#include "clients/cpp/field_maps.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "clients/cpp/files.hpp"

namespace tocsin::client {
namespace {

std::string_view without_space(std::string_view line) {
  constexpr std::string_view kSpace = " \t\r";
  auto const begin = line.find_first_not_of(kSpace);
  return begin == line.npos ? std::string_view() : line.substr(begin, line.find_last_not_of(kSpace) + 1 - begin);
}

Outcome<void> add_lines(std::string const& file, std::vector<std::string>& out) {
  auto const text = read_file(file, "The file of --map, " + file + ",");
  if (!text) return std::unexpected(text.error());
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    auto const end = std::min(rest.find('\n'), rest.size());
    auto const line = without_space(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (!line.contains('='))
      return fail(Exit::local, "Line " + std::to_string(number) + " of " + file + " is no FIELD=NAME.",
                  "Write one mapping a line, such as account=customer; a comment begins with #.");
    out.emplace_back(line);
  }
  return {};
}

}  // namespace

Outcome<std::vector<std::string>> read_maps(std::vector<std::string> const& given) {
  std::vector<std::string> out;
  for (auto const& one : given) {
    if (!one.starts_with('@'))
      out.push_back(one);
    else if (auto added = add_lines(one.substr(1), out); !added)
      return std::unexpected(std::move(added.error()));
  }
  return out;
}

Outcome<logs::LogReader> make_log_reader(std::optional<logs::Format> format, std::vector<std::string> const& maps,
                                         std::string const& command, logs::LogReader::Take take) {
  auto read = read_maps(maps);
  if (!read) return std::unexpected(std::move(read.error()));
  auto reader = logs::LogReader::make(format, *std::move(read), std::move(take));
  if (!reader) return fail(Exit::local, std::move(reader.error()), "See: tocsin " + command + " --help");
  return *std::move(reader);
}

}  // namespace tocsin::client
