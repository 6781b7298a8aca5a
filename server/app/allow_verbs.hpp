// `tocsind allow`: the allow lists that indicators are held against. Each verb prints its result on standard output,
// mistakes on standard error, and returns the exit status. Main thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "server/app/instance.hpp"

namespace tocsin::app {

struct AllowWords {
  std::string name, kind, file;  // kind: as name_of(AllowKind) has it; "": what the entries are
  std::vector<std::string> entries;
};

int allow_add(Layout const& layout, AllowWords const& words);
// The list is what the file has, and nothing else, from then on.
int allow_import(Layout const& layout, AllowWords const& words);
int allow_list(Layout const& layout);
// Of the whole list when no entry is named.
int allow_remove(Layout const& layout, AllowWords const& words);

}  // namespace tocsin::app
