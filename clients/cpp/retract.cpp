#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/post_json.hpp"
#include "clients/cpp/target.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

void print(Console& console, json const& answer) {
  auto const& changes = list_or_empty(answer, "changes");
  for (auto const& change : changes)
    console.out << printable(text_or(change, "change")) << "  " << printable(text_or(change, "id")) << '\n';
  if (changes.empty()) console.out << "unchanged  " << printable(text_or(answer, "id")) << '\n';
  if (auto const& readers = object_or_empty(answer, "readers"); !readers.empty())
    console.out << counted(number_or(readers, "organisations", 0), "organisation", "organisations")
                << " may have read it" << (flag_or(readers, "complete", true) ? "" : ", or more") << '\n';
  auto const& erase = list_or_empty(answer, "erase");
  if (erase.empty()) return;
  console.out << "The server still stores it. Its operator erases it with, and --dir:\n";
  for (auto const& one : erase)
    if (one.is_string()) console.out << "  " << printable(one.get<std::string>()) << '\n';
}

}  // namespace

Outcome<Exit> retract(Session& session, Console& console, RetractOptions const& options) {
  json body{{"because", options.because}};
  if (options.duplicate_of) body["duplicate_of"] = *options.duplicate_of;
  if (options.note) body["note"] = *options.note;
  auto answer = post_json(session, "/api/v1/indicators/" + encoded(options.id) + "/retract", body);
  if (!answer) return std::unexpected(std::move(answer.error()));
  if (console.json)
    console.out << answer->dump() << '\n';
  else
    print(console, *answer);
  return Exit::ok;
}

}  // namespace tocsin::client
