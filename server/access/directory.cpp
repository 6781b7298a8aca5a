#include "server/access/directory.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "schema/core/digest.hpp"
#include "server/access/certificate.hpp"
#include "server/access/parties.hpp"

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

// Until an invitation is redeemed, that is all its credential is for.
base::Roles roles_of(store::Credential const& credential) {
  if (credential.invitation_us) return {base::Role::invited};
  return base::Roles::from_bits(credential.roles);
}

}  // namespace

Directory::Directory(Tables tables, std::uint64_t epoch)
    : tables_(std::move(tables)), parties_(parties_of(tables_.organisations)), epoch_(epoch) {
  for (store::ClassRow const& row : tables_.classes) class_facts_.push_back(parse_class_key(row.key));
  for (store::Credential const& credential : tables_.credentials) {
    sessions_.emplace(credential.token_id, make_session(credential));
    if (credential.certificate.empty()) continue;
    auto& id = by_certificate_[credential.certificate];
    if (id.empty() || session(id)->credential.revoked_us) id = credential.token_id;
  }
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
  session.principal = std::make_shared<base::Principal const>(base::Principal{
      credential.row, owner->row, owner->name, credential.label, roles_of(credential), credential.token_id});
  session.view = make_view(credential, *owner);
  return session;
}

std::shared_ptr<View const> Directory::make_view(store::Credential const& credential,
                                                 store::Organisation const& owner) const {
  View view;
  view.reader = make_reader(credential, owner);
  view.collections = credential.collections;
  view.dialect = credential.dialect;
  view.window.kinds = credential.kinds;
  view.window.asserter = owner.row;
  for (std::size_t i = 0; i < tables_.classes.size(); ++i) {
    store::ClassRow const& row = tables_.classes[i];
    auto const& facts = class_facts_[i];
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

Reader Directory::make_reader(store::Credential const& credential, store::Organisation const& owner) const {
  auto roles = roles_of(credential);
  Reader reader;
  reader.clearance = static_cast<stix::Tlp>(owner.clearance);
  if (credential.max_tlp) {
    reader.credential_limit = static_cast<stix::Tlp>(*credential.max_tlp);
    reader.clearance = std::min(reader.clearance, *reader.credential_limit);
  }
  reader.government = owner.type == "government";
  reader.authority = owner.authority;
  reader.reads_others = roles.intersects({base::Role::analyst, base::Role::feed, base::Role::liaison});
  reader.memberships = memberships_of(owner.row);
  return reader;
}

std::vector<Membership> Directory::memberships_of(store::RowId organisation) const {
  std::vector<Membership> out;
  for (store::Audience const& audience : tables_.audiences) {
    if (!belongs(organisation, audience)) continue;
    Membership membership{audience.group, {}};
    for (store::AudienceMember const& row : tables_.audience_members)
      if (row.audience == audience.row && row.organisation == organisation)
        membership.epochs.emplace_back(row.since, row.until.value_or(std::numeric_limits<std::int64_t>::max()));
    out.push_back(std::move(membership));
  }
  return out;
}

store::ClassSet Directory::classes_seen_by(Reader const& reader) const {
  store::ClassSet out;
  for (std::size_t i = 0; i < tables_.classes.size(); ++i)
    if (class_facts_[i] && sees(reader, *class_facts_[i])) out.insert(tables_.classes[i].row);
  return out;
}

bool Directory::belongs(store::RowId organisation, store::Audience const& audience) const {
  return std::ranges::any_of(tables_.audience_members, [&](store::AudienceMember const& row) {
    return row.audience == audience.row && row.organisation == organisation && !row.until;
  });
}

bool Directory::belonged(store::RowId organisation, store::Audience const& audience) const {
  return std::ranges::any_of(tables_.audience_members, [&](store::AudienceMember const& row) {
    return row.audience == audience.row && row.organisation == organisation;
  });
}

bool Directory::belonged_at(store::RowId party, AudienceAt const& at) const {
  auto const audience = std::ranges::find(tables_.audiences, at.group, &store::Audience::group);
  if (audience == tables_.audiences.end()) return false;
  return std::ranges::any_of(tables_.audience_members, [&](store::AudienceMember const& row) {
    return row.audience == audience->row && party_of(row.organisation) == party && row.since <= at.epoch &&
           (!row.until || at.epoch < *row.until);
  });
}

bool Directory::was_open_to(store::RowId party, store::RowId class_row) const {
  auto const at = std::ranges::find(tables_.classes, class_row, &store::ClassRow::row);
  if (at == tables_.classes.end()) return false;
  auto const& facts = class_facts_[static_cast<std::size_t>(at - tables_.classes.begin())];
  if (!facts || is_seen_by_nobody(*facts)) return false;
  return party == 0 || std::ranges::all_of(facts->audiences,
                                           [&](AudienceAt const& audience) { return belonged_at(party, audience); });
}

store::RowId Directory::party_of(store::RowId organisation) const {
  auto const found = parties_.find(organisation);
  return found == parties_.end() ? organisation : found->second;
}

std::string_view Directory::peer_of(store::RowId organisation) const {
  auto const* found = this->organisation(organisation);
  return found == nullptr ? std::string_view() : std::string_view(found->peer);
}

store::Audience const* Directory::audience(std::string_view name) const {
  auto found = std::ranges::find_if(tables_.audiences, [&](auto const& one) { return same_text(one.name, name); });
  return found == tables_.audiences.end() ? nullptr : &*found;
}

Meaning Directory::meaning(stix::Identifier const& marking, store::RowId organisation) const {
  auto found = std::ranges::find(tables_.audiences, marking.uuid(), &store::Audience::marking);
  if (found == tables_.audiences.end()) return {};
  if (!found->releasable_to.empty()) return {Meaning::Kind::releasable, {}, found->releasable_to};
  auto kind = belongs(organisation, *found)    ? Meaning::Kind::audience
              : belonged(organisation, *found) ? Meaning::Kind::left
                                               : Meaning::Kind::unknown;
  return {kind, {found->group, found->epoch}, {}};
}

Session const* Directory::session(std::string_view token_id) const {
  auto found = sessions_.find(std::string(token_id));
  return found == sessions_.end() ? nullptr : &found->second;
}

std::vector<Session const*> Directory::sessions(base::ClientCertificate const& certificate) const {
  std::vector<Session const*> found;
  for (auto const& name : names_of(certificate)) {
    auto at = by_certificate_.find(name);
    if (at == by_certificate_.end()) continue;
    Session const* asks = session(at->second);
    if (std::ranges::find(found, asks) == found.end()) found.push_back(asks);
  }
  return found;
}

bool Directory::is_denied(core::Digest const& pin) const {
  return std::ranges::find(tables_.denied_pins, pin) != tables_.denied_pins.end();
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
  load(accounts.audiences(), tables.audiences);
  load(accounts.audience_members(), tables.audience_members);
  load(accounts.audience_proposals(), tables.audience_proposals);
  load(accounts.statement_markings(), statements);
  load(accounts.denied_pins(), tables.denied_pins);
  if (!done) return done;
  for (auto const& [asserter, uuid] : statements) statements_.add(asserter, uuid);
  current_.store(std::make_shared<Directory const>(std::move(tables), ++epoch_), std::memory_order_release);
  return {};
}

void Registry::learn(std::vector<std::pair<store::RowId, core::Uuid>> const& statements) {
  for (auto const& [asserter, uuid] : statements) statements_.add(asserter, uuid);
}

void Registry::learn(std::vector<store::ClassRow> const& classes, std::vector<store::PublicationCount> const& corners) {
  before_.reset();
  if (classes.empty() && corners.empty()) return;
  before_ = current();
  Directory::Tables tables = before_->tables();
  tables.classes.insert(tables.classes.end(), classes.begin(), classes.end());
  tables.corners.insert(tables.corners.end(), corners.begin(), corners.end());
  current_.store(std::make_shared<Directory const>(std::move(tables), ++epoch_), std::memory_order_release);
}

// A row of a class that was not committed may be given to another one: nobody may be shown that by it.
void Registry::unlearn() {
  if (before_) current_.store(std::exchange(before_, nullptr), std::memory_order_release);
}

}  // namespace tocsin::access
