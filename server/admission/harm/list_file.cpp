#include "server/admission/harm/list_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/bytes.hpp"
#include "schema/stix/json.hpp"
#include "server/admission/harm/allow_lists.hpp"
#include "server/admission/readers/reader.hpp"

namespace tocsin::admission::harm {
namespace {

std::unexpected<core::Error> wrong(std::string detail, std::string remedy) {
  return core::fail(core::Code::bad_parameter, std::move(detail), "", std::move(remedy));
}

// https://github.com/MISP/misp-warninglists, schema.json.
core::Result<ListFile> parse_warning_list(std::string_view text) {
  constexpr char kExpected[] = "A warning list of MISP is an object with `type` and `list`.";
  auto const document = stix::parse_json(text);
  if (!document) return std::unexpected(document.error());
  auto const type = document->find("type"), list = document->find("list");
  if (type == document->end() || !type->is_string() || list == document->end() || !list->is_array())
    return wrong("The JSON is no warning list.", kExpected);
  auto const& word = type->get_ref<std::string const&>();
  bool const ranges = word == "cidr", names = word == "hostname" || word == "string" || word == "substring";
  if (!ranges && !names)
    return wrong("The warning list is of another type than cidr, hostname, string and substring.",
                 "Import one of those types.");
  ListFile out{ranges ? "ranges" : "domains", {}};
  for (auto const& entry : *list) {
    if (!entry.is_string()) return wrong("An entry of the warning list is no string.", kExpected);
    out.entries.push_back(entry.get<std::string>());
  }
  return out;
}

ListFile parse_lines(std::string_view text) {
  ListFile out{"domains", {}};
  while (!text.empty()) {
    auto line = take_line(text);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty() || line.front() == '#') continue;
    out.entries.emplace_back(line.substr(0, line.find_first_of(" \t,;")));
  }
  if (!out.entries.empty() && entry_text(store::AllowKind::ranges, out.entries.front())) out.kind = "ranges";
  return out;
}

ListFile parse_whole_lines(std::string_view text, std::string const& kind) {
  ListFile out{kind, {}};
  while (!text.empty())
    if (auto const line = take_line(text); line.find_first_not_of(" \t") != line.npos && line.front() != '#')
      out.entries.emplace_back(line);
  return out;
}

core::Result<ListFile> checked(core::Result<ListFile> read) {
  if (read && read->entries.empty())
    return wrong("The file has no entry.", "An entry a line, or a warning list of MISP.");
  return read;
}

}  // namespace

core::Result<ListFile> parse_list_file(std::string_view text) {
  if (!core::is_utf8(text)) return wrong("The file is no text in UTF-8.", "Save it as UTF-8.");
  auto const first = text.find_first_not_of(" \t\r\n");
  return checked(first != text.npos && text[first] == '{' ? parse_warning_list(text) : parse_lines(text));
}

core::Result<ListFile> parse_list_file(std::string_view text, std::string const& kind) {
  if (kind == "organisations" || kind == "prompts") {
    if (!core::is_utf8(text)) return wrong("The file is no text in UTF-8.", "Save it as UTF-8.");
    return checked(parse_whole_lines(text, kind));
  }
  auto read = parse_list_file(text);
  if (read && !kind.empty()) read->kind = kind;
  return read;
}

}  // namespace tocsin::admission::harm
