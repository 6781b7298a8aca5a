#include "clients/cpp/submitted_files.hpp"

#include <algorithm>
#include <istream>
#include <iterator>
#include <utility>

#include "clients/cpp/files.hpp"

namespace tocsin::client {
namespace {

constexpr auto kWhatToGive =
    "Give STIX 2.1 objects: single ones, a list, a bundle, a TAXII envelope or NDJSON; or values, with their --kind.";

Outcome<std::string> read_text(std::string const& file, std::istream& in) {
  if (file != "-") return read_file(file, file);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) return fail(Exit::local, "Standard input cannot be read.", "Name the file instead.");
  return text;
}

}  // namespace

Outcome<std::list<std::string>> read_texts(std::vector<std::string> const& files, std::istream& standard_input) {
  std::list<std::string> out;
  for (auto const& file : files) {
    auto text = read_text(file, standard_input);
    if (!text) return std::unexpected(std::move(text.error()));
    out.push_back(std::move(*text));
  }
  return out;
}

Outcome<SubmittedObjects> objects_in(std::vector<std::string> const& files, std::list<std::string> texts) {
  SubmittedObjects out{std::move(texts), {}};
  auto text = out.texts.begin();
  for (auto const& file : files) {
    auto items = read_items(file == "-" ? std::string_view("(standard input)") : file, *text++);
    if (!items) return fail(Exit::local, std::move(items.error()), kWhatToGive);
    std::ranges::move(*items, std::back_inserter(out.items));
  }
  if (out.items.empty()) return fail(Exit::local, "There is no object in " + listed(files) + ".", kWhatToGive);
  return out;
}

std::string listed(std::vector<std::string> const& files) {
  std::string out;
  for (auto const& file : files) out += (out.empty() ? "" : ", ") + (file == "-" ? "standard input" : file);
  return out;
}

}  // namespace tocsin::client
