#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/post_json.hpp"
#include "clients/cpp/target.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

constexpr auto kPath = "/api/v1/releases";

void print_row(Console& console, json const& one) {
  console.out << printable(text_or(one, "proposal"));
  for (auto const* name : {"object", "to", "state", "proposed_by", "until"})
    console.out << "  " << printable(text_or(one, name));
  console.out << '\n';
}

void print_readers(Console& console, json const& answer, char const* name) {
  for (auto const& one : list_or_empty(answer, name))
    console.out << name << ":  " << printable(text_or(one, "collection")) << "  TLP:" << printable(text_or(one, "tlp"))
                << "  " << printable(text_or(one, "because")) << '\n';
}

void print_consequences(Console& console, json const& answer) {
  print_row(console, answer);
  print_readers(console, answer, "before");
  print_readers(console, answer, "after");
  for (auto const& one : list_or_empty(answer, "newly"))
    if (one.is_string()) console.out << "newly:  " << printable(one.get<std::string>()) << '\n';
  for (auto const& one : list_or_empty(answer, "names"))
    console.out << "names:  " << printable(text_or(one, "id"))
                << (flag_or(one, "shown", false) ? "" : ", which is not shown to all of them") << '\n';
  for (auto const& one : list_or_empty(answer, "stays"))
    if (one.is_string()) console.out << "stays:  " << printable(one.get<std::string>()) << '\n';
  if (auto const note = text_or(answer, "note"); !note.empty()) console.out << "note:  " << printable(note) << '\n';
}

void print(Console& console, std::string const& action, json const& answer) {
  if (action == "list")
    for (auto const& one : list_or_empty(answer, "releases")) print_row(console, one);
  else if (action == "approve")
    console.out << "released  " << printable(text_or(answer, "object")) << "  " << printable(text_or(answer, "version"))
                << '\n';
  else if (action == "refuse")
    console.out << "refused  " << printable(text_or(answer, "proposal")) << '\n';
  else
    print_consequences(console, answer);
}

Outcome<json> ask(Session& session, ReleaseOptions const& options) {
  if (options.action == "list") return session.get_fixed_json(kPath, kJson);
  if (options.action == "propose")
    return post_json(session, "/api/v1/indicators/" + encoded(options.id) + "/release", {{"to", *options.to}});
  auto const one = kPath + ("/" + encoded(options.id));
  if (options.action == "show") return session.get_fixed_json(one, kJson);
  return post_json(session, one + "/" + options.action, json::object());
}

}  // namespace

Outcome<Exit> release(Session& session, Console& console, ReleaseOptions const& options) {
  if ((options.action == "list") != options.id.empty())
    return fail(Exit::local, options.action == "list" ? "list takes no id." : "No id is given.",
                "See: tocsin release --help");
  if ((options.action == "propose") != options.to.has_value())
    return fail(Exit::local, "--to goes with propose, which needs it.", "See: tocsin release --help");
  auto const answer = ask(session, options);
  if (!answer) return std::unexpected(answer.error());
  if (console.json)
    console.out << answer->dump() << '\n';
  else
    print(console, options.action, *answer);
  return Exit::ok;
}

}  // namespace tocsin::client
