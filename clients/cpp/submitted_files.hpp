// The files that `submit` was given, and the objects in them. Values of their users; one thread, which may block.
#pragma once

#include <iosfwd>
#include <list>
#include <string>
#include <vector>

#include "clients/cpp/batches.hpp"
#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

struct SubmittedObjects {
  std::list<std::string> texts;  // the items point into them
  std::vector<Item> items;       // at least one
};

// Of each file all, "-" being standard input. Failure: Exit::local.
[[nodiscard]] Outcome<std::list<std::string>> read_texts(std::vector<std::string> const& files,
                                                         std::istream& standard_input);
// The objects of these texts, which are those of `files`. Failure: Exit::local, with file, line and column.
[[nodiscard]] Outcome<SubmittedObjects> objects_in(std::vector<std::string> const& files, std::list<std::string> texts);

// "a.json, standard input", for sentences.
[[nodiscard]] std::string listed(std::vector<std::string> const& files);

}  // namespace tocsin::client
