#include "server/access/directory.hpp"

#include <algorithm>
#include <utility>

#include "schema/core/digest.hpp"

namespace tocsin::access {
namespace {

std::string fingerprint_of(store::Window const& window) {
  std::string text;
  auto add = [&text](store::ClassSet const& set) {
    for (std::uint64_t word : set.words()) text += std::to_string(word) + ",";
    text += ';';
  };
  add(window.visible);
  // Two organisations without hidden objects of their own see the same; then the asserter does not matter.
  if (!window.own.empty()) {
    add(window.own);
    text += std::to_string(window.asserter);
  }
  for (auto const& kind : window.kinds) text += "|" + kind;
  core::Digest digest = core::sha256(text);
  return std::string(core::view(digest).substr(0, 16));
}

bool same_text(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(x) == lower(y);
  });
}

}  // namespace

Directory::Directory(Tables tables, std::uint64_t epoch) : tables_(std::move(tables)), epoch_(epoch) {
  for (store::Credential const& credential : tables_.credentials)
    sessions_.emplace(credential.token_id, make_session(credential));
}

Session Directory::make_session(store::Credential const& credential) const {
  Session session{credential, {}, true, nullptr, nullptr};
  store::Organisation const* owner = organisation(credential.organisation);
  if (owner == nullptr) return session;
  session.disabled = owner->disabled || credential.revoked_us.has_value();
  for (auto const& text : credential.networks) {
    auto network = Network::parse(text);
    if (network)
      session.networks.push_back(*network);
    else
      session.disabled = true;  // a range that is not understood allows nobody
  }
  session.principal = std::make_shared<base::Principal const>(
      base::Principal{credential.row, owner->row, owner->name, credential.label,
                      base::Roles::from_bits(credential.roles), credential.token_id});
  session.view = make_view(credential, *owner);
  return session;
}

std::shared_ptr<View const> Directory::make_view(store::Credential const& credential,
                                                 store::Organisation const& owner) const {
  View view;
  auto roles = base::Roles::from_bits(credential.roles);
  view.reader.clearance = static_cast<stix::Tlp>(owner.clearance);
  if (credential.max_tlp) {
    view.reader.credential_limit = static_cast<stix::Tlp>(*credential.max_tlp);
    view.reader.clearance = std::min(view.reader.clearance, *view.reader.credential_limit);
  }
  view.reader.government = owner.type == "government";
  view.reader.reads_others = roles.intersects({base::Role::analyst, base::Role::feed, base::Role::liaison});
  view.collections = credential.collections;
  view.dialect = credential.dialect;
  view.window.kinds = credential.kinds;
  view.window.asserter = owner.row;
  for (store::ClassRow const& row : tables_.classes) {
    auto facts = parse_class_key(row.key);
    if (!facts) continue;
    if (sees(view.reader, *facts)) {
      view.window.visible.insert(row.row);
    } else if (sees_own(view.reader, *facts)) {
      bool has_own = std::ranges::any_of(tables_.corners, [&](store::PublicationCount const& corner) {
        return corner.class_row == row.row && corner.asserter == owner.row;
      });
      if (has_own) view.window.own.insert(row.row);
    }
  }
  view.fingerprint = fingerprint_of(view.window);
  return std::make_shared<View const>(std::move(view));
}

Session const* Directory::session(std::string_view token_id) const {
  auto found = sessions_.find(std::string(token_id));
  return found == sessions_.end() ? nullptr : &found->second;
}

store::Organisation const* Directory::organisation(store::RowId row) const {
  auto found = std::ranges::find(tables_.organisations, row, &store::Organisation::row);
  return found == tables_.organisations.end() ? nullptr : &*found;
}

store::Organisation const* Directory::organisation(std::string_view name) const {
  auto found = std::ranges::find_if(tables_.organisations, [&](auto const& o) { return same_text(o.name, name); });
  return found == tables_.organisations.end() ? nullptr : &*found;
}

store::Organisation const* Directory::owner_of_identity(std::string_view identity) const {
  auto found =
      std::ranges::find_if(tables_.organisations, [&](auto const& o) { return same_text(o.identity, identity); });
  return found == tables_.organisations.end() ? nullptr : &*found;
}

store::Collection const* Directory::collection(std::string_view id, View const& view) const {
  for (store::Collection const& collection : tables_.collections) {
    if (collection.id != id && collection.alias != id) continue;
    bool known =
        view.collections.empty() || std::ranges::find(view.collections, collection.id) != view.collections.end();
    return known ? &collection : nullptr;
  }
  return nullptr;
}

void StatementMarkings::add(store::RowId asserter, core::Uuid const& uuid) {
  std::unique_lock lock(mutex_);
  known_.emplace(asserter, uuid);
}

bool StatementMarkings::contains(store::RowId asserter, core::Uuid const& uuid) const {
  std::shared_lock lock(mutex_);
  return known_.contains({asserter, uuid});
}

core::Result<void> Registry::reload(store::AccountStore& accounts) {
  Directory::Tables tables;
  core::Result<void> done;
  auto load = [&done](auto&& from, auto& into) {
    if (!done) return;
    if (from)
      into = std::move(*from);
    else
      done = std::unexpected(from.error());
  };
  std::vector<std::pair<store::RowId, core::Uuid>> statements;
  load(accounts.organisations(), tables.organisations);
  load(accounts.credentials(), tables.credentials);
  load(accounts.collections(), tables.collections);
  load(accounts.classes(), tables.classes);
  load(accounts.publication_counts(), tables.corners);
  load(accounts.statement_markings(), statements);
  if (!done) return done;
  for (auto const& [asserter, uuid] : statements) statements_.add(asserter, uuid);
  current_.store(std::make_shared<Directory const>(std::move(tables), ++epoch_), std::memory_order_release);
  return {};
}

void Registry::learn(std::vector<store::ClassRow> const& classes, std::vector<store::PublicationCount> const& corners,
                     std::vector<std::pair<store::RowId, core::Uuid>> const& statements) {
  for (auto const& [asserter, uuid] : statements) statements_.add(asserter, uuid);
  if (classes.empty() && corners.empty()) return;
  Directory::Tables tables = current()->tables();
  tables.classes.insert(tables.classes.end(), classes.begin(), classes.end());
  tables.corners.insert(tables.corners.end(), corners.begin(), corners.end());
  current_.store(std::make_shared<Directory const>(std::move(tables), ++epoch_), std::memory_order_release);
}

}  // namespace tocsin::access
