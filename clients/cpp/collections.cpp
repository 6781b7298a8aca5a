#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"

namespace tocsin::client {

Outcome<Exit> list_collections(Session& session, Console& console) {
  auto collections = session.collections();
  if (!collections) return std::unexpected(std::move(collections.error()));
  if (console.json) {
    auto rows = nlohmann::json::array();
    for (auto const& c : *collections) {
      nlohmann::json row{{"id", c.id}, {"title", c.title}, {"can_read", c.can_read}, {"can_write", c.can_write}};
      if (!c.alias.empty()) row["alias"] = c.alias;
      if (!c.description.empty()) row["description"] = c.description;
      rows.push_back(std::move(row));
    }
    console.out << nlohmann::json{{"collections", std::move(rows)}}.dump() << '\n';
    return Exit::ok;
  }
  for (auto const& c : *collections) {
    console.out << printable(c.id) << "  " << (c.can_read ? 'r' : '-') << (c.can_write ? 'w' : '-') << "  "
                << printable(c.title) << '\n';
  }
  return Exit::ok;
}

}  // namespace tocsin::client
