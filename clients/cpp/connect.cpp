#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/connect_forms.hpp"
#include "clients/cpp/json_access.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

Outcome<Hub> hub_of(Session& session) {
  auto root = session.root();
  if (!root) return std::unexpected(std::move(root.error()));
  auto const me = session.get_fixed_json("/api/v1/me", kJson);
  if (!me) return std::unexpected(me.error());
  Hub out{.origin = session.origin(),
          .root = std::move(*root),
          .authorities = {},
          .dialect = text_or(object_or_empty(*me, "credential"), "dialect"),
          .may_submit = false};
  if (auto const& file = session.authorities()) out.authorities = file->string();
  for (auto const& collection : list_or_empty(*me, "collections"))
    out.may_submit = out.may_submit || flag_or(collection, "can_write", false);
  return out;
}

Outcome<std::vector<Collection>> collections_for(Session& session, Product const& product,
                                                 std::optional<std::string> const& name) {
  auto all = session.collections();
  if (!all) return all;
  if (name) {
    auto one = session.collection(*name);
    if (!one) return std::unexpected(std::move(one.error()));
    all = std::vector{std::move(*one)};
  }
  std::erase_if(*all, [&](auto const& c) { return !(product.sends ? c.can_write : c.can_read); });
  if (all->empty())
    return fail(Exit::unauthorised,
                std::string("Your token may ") + (product.sends ? "submit to" : "read") + " none of these collections.",
                product.sends ? "Ask the operator for a token of the role submitter."
                              : "Ask the operator for a token of the role feed.");
  return all;
}

void print_text(std::ostream& out, Product const& product, Hub const& hub, std::vector<Collection> const& collections) {
  out << product.place << '\n';
  for (auto const& collection : collections) {
    auto const form = product.form(hub, collection);
    std::size_t width = 0;
    for (auto const& field : form) width = std::max(width, field.label.size());
    out << '\n';
    for (auto const& field : form)
      out << "  " << field.label << std::string(width - field.label.size() + 2, ' ') << printable(field.value) << '\n';
  }
  auto const notes = notes_about(product, hub);
  if (!notes.empty()) out << '\n';
  for (auto const& note : notes) out << "note: " << printable(note) << '\n';
}

void print_json(std::ostream& out, Product const& product, Hub const& hub, std::vector<Collection> const& collections) {
  json document{{"product", product.name},
                {"place", product.place},
                {"forms", json::array()},
                {"notes", notes_about(product, hub)}};
  for (auto const& collection : collections) {
    json fields = json::array();
    for (auto const& field : product.form(hub, collection))
      fields.push_back({{"label", field.label}, {"value", field.value}});
    document["forms"].push_back({{"collection", collection.id}, {"fields", std::move(fields)}});
  }
  out << document.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}

}  // namespace

Outcome<Exit> connect(Session& session, Console& console, ConnectOptions const& options) {
  auto const* product = find_product(options.product);
  if (product == nullptr)
    return fail(Exit::local, "There is no form of " + printable(options.product) + " here.",
                "See which there are with: tocsin connect --help");
  if (!session.has_token())
    return fail(Exit::local, "Such products sign in with a token, and you have a client certificate.",
                "Give the token that the product is to have, with TOCSIN_TOKEN or --token @FILE.");
  auto const hub = hub_of(session);
  if (!hub) return std::unexpected(hub.error());
  auto const collections = collections_for(session, *product, options.collection);
  if (!collections) return std::unexpected(collections.error());
  (console.json ? print_json : print_text)(console.out, *product, *hub, *collections);
  return Exit::ok;
}

}  // namespace tocsin::client
