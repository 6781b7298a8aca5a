// Files that allow lists are imported from: warning lists of MISP, and plain lines. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"

namespace tocsin::admission::harm {

struct ListFile {
  std::string kind;                  // ranges or domains: what the file seems to be of
  std::vector<std::string> entries;  // as they are written; never empty
};

// A JSON object with the members `type` (cidr, hostname, string or substring) and `list` of MISP's warning lists; any
// other text has an entry a line, up to the first blank, comma or semicolon. Blank lines and those that begin with #
// are passed over. Error bad_parameter: what is neither, or has no entry.
[[nodiscard]] core::Result<ListFile> parse_list_file(std::string_view text);

// The same of a file of this kind, as a user says: organisations and prompts have whole lines as entries, and are no
// JSON.
[[nodiscard]] core::Result<ListFile> parse_list_file(std::string_view text, std::string const& kind);

}  // namespace tocsin::admission::harm
