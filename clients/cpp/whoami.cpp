#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"

namespace tocsin::client {

Outcome<Exit> whoami(Session& session, Console& console) {
  auto me = session.get_fixed_json("/api/v1/me", kJson);
  if (!me) return std::unexpected(std::move(me.error()));
  if (console.json) {
    console.out << me->dump() << '\n';
    return Exit::ok;
  }
  auto const listed = [](nlohmann::json const& list) {
    std::string out;
    for (auto const& word : list) {
      if (word.is_string()) out += (out.empty() ? "" : ", ") + word.get<std::string>();
    }
    return out;
  };
  auto const& credential = object_or_empty(*me, "credential");
  auto const row = [&](char const* name, std::string const& value) {
    if (!value.empty()) console.out << name << printable(value) << '\n';
  };
  row("organisation  ", text_or(*me, "organisation"));
  row("type          ", text_or(*me, "type"));
  row("roles         ", listed(list_or_empty(*me, "roles")));
  row("clearance     ", text_or(*me, "clearance"));
  row("credential    ", text_or(credential, "label"));
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
  return Exit::ok;
}

}  // namespace tocsin::client
