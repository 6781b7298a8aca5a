// Texts that stand for properties of the native form: cells of a table, parameters of a query. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

using Cells = std::vector<std::pair<std::string, std::string>>;  // name of a property, text

// Adds what the document does not say. A text becomes what the property of the kind is: a number, true or false, a list
// (items between semicolons), a timestamp (of a date, its midnight), a word in lower case. What cannot be read so stays
// text, for read_native to refuse. An empty text says nothing.
void add_cells(Json& document, Cells const& cells);

}  // namespace tocsin::kinds
