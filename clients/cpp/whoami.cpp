#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"

namespace tocsin::client {
namespace {

std::string listed(nlohmann::json const& list) {
  std::string out;
  for (auto const& word : list) {
    if (word.is_string()) out += (out.empty() ? "" : ", ") + word.get<std::string>();
  }
  return out;
}

// Its name, the marking to name in `object_marking_refs`, and to whom that shows an object.
std::string described(nlohmann::json const& audience) {
  std::string out = text_or(audience, "name");
  if (auto const id = text_or(object_or_empty(audience, "definition"), "id"); !id.empty()) out += ", " + id;
  if (auto const members = listed(list_or_empty(audience, "members")); !members.empty()) out += ": " + members;
  if (auto const released = listed(list_or_empty(audience, "releasable_to")); !released.empty())
    out += "; releasable to " + released;
  return out;
}

}  // namespace

Outcome<Exit> whoami(Session& session, Console& console) {
  auto me = session.get_fixed_json("/api/v1/me", kJson);
  if (!me) return std::unexpected(std::move(me.error()));
  if (console.json) {
    console.out << me->dump() << '\n';
    return Exit::ok;
  }
  auto const& credential = object_or_empty(*me, "credential");
  auto const row = [&](char const* name, std::string const& value) {
    if (!value.empty()) console.out << name << printable(value) << '\n';
  };
  row("organisation  ", text_or(*me, "organisation"));
  row("identity      ", text_or(*me, "identity"));
  row("type          ", text_or(*me, "type"));
  row("roles         ", listed(list_or_empty(*me, "roles")));
  row("clearance     ", text_or(*me, "clearance"));
  row("credential    ", text_or(credential, "label"));
  row("its id        ", text_or(credential, "id"));
  row("expires       ", text_or(credential, "expires", "never"));
  // What narrows this credential; most have nothing of it.
  if (auto const dialect = text_or(credential, "dialect"); dialect != "tlp2") row("dialect       ", dialect);
  row("kinds         ", listed(list_or_empty(credential, "kinds")));
  row("max TLP       ", text_or(credential, "max_tlp"));
  for (auto const& collection : list_or_empty(*me, "collections")) {
    bool const read = flag_or(collection, "can_read", false);
    bool const write = flag_or(collection, "can_write", false);
    row("collection    ", text_or(collection, "title") + (read && write ? " (read, write)"
                                                          : read        ? " (read)"
                                                          : write       ? " (write)"
                                                                        : ""));
  }
  for (auto const& audience : list_or_empty(*me, "audiences")) row("audience      ", described(audience));
  row("sees          ", text_or(*me, "sees"));
  return Exit::ok;
}

Outcome<Exit> markings(Session& session, Console& console) {
  auto answer = session.get_json("/api/v1/me/markings", kJson);
  if (!answer) return std::unexpected(std::move(answer.error()));
  if (console.json) {
    console.out << answer->dump() << '\n';
    return Exit::ok;
  }
  for (auto const& one : list_or_empty(*answer, "markings")) {
    bool const level = text_or(one, "kind") == "tlp";
    console.out << printable((level ? "TLP:" : "") + text_or(one, "name") + "  " + text_or(one, "id")) << '\n';
    auto named = listed(list_or_empty(one, "organisations")) + listed(list_or_empty(one, "releasable_to"));
    if (!named.empty()) console.out << "    " << printable(named) << '\n';
    console.out << "    " << printable(text_or(one, "readers")) << '\n';
  }
  return Exit::ok;
}

}  // namespace tocsin::client
