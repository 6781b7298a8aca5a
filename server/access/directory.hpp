// Everything that decides about a request, in memory: organisations, credentials, collections, classes. A Directory is
// immutable; the Registry holds the current one. Changes make a new one under a new epoch, so that they take effect on
// the next request.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schema/core/result.hpp"
#include "server/access/classify.hpp"
#include "server/access/networks.hpp"
#include "server/base/client_certificate.hpp"
#include "server/base/principal.hpp"
#include "server/store/account_store.hpp"

namespace tocsin::access {

// What a credential may see, resolved to visibility classes.
struct View {
  store::Window window;
  std::string fingerprint;               // equal for views that see the same of everything
  std::vector<std::string> collections;  // the only ones it may know of; empty: all
  Reader reader;
  stix::MarkingDialect dialect = stix::MarkingDialect::tlp2;  // how what it sees is shown; decides nothing about what
};

// A credential ready for use.
struct Session {
  store::Credential credential;
  std::vector<Network> networks;
  bool disabled = false;  // revoked, or its organisation is disabled
  std::shared_ptr<base::Principal const> principal;
  std::shared_ptr<View const> view;
};

class Directory {
 public:
  struct Tables {
    std::vector<store::Organisation> organisations;
    std::vector<store::Credential> credentials;
    std::vector<store::Collection> collections;
    std::vector<store::ClassRow> classes;
    std::vector<store::PublicationCount> corners;
    std::vector<store::Audience> audiences;
    std::vector<store::AudienceMember> audience_members;
    std::vector<store::AudienceProposal> audience_proposals;
    std::vector<core::Digest> denied_pins;
  };
  Directory(Tables tables, std::uint64_t epoch);

  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] Tables const& tables() const { return tables_; }
  [[nodiscard]] Session const* session(std::string_view token_id) const;
  // The credentials that ask for a name of this certificate; of several that asked for the same name the one that is
  // not revoked, else the last.
  [[nodiscard]] std::vector<Session const*> sessions(base::ClientCertificate const& certificate) const;
  [[nodiscard]] bool is_denied(core::Digest const& pin) const;
  [[nodiscard]] store::Organisation const* organisation(store::RowId row) const;
  [[nodiscard]] store::Organisation const* organisation(std::string_view name) const;
  [[nodiscard]] store::Organisation const* owner_of_identity(std::string_view identity) const;
  // Who counts as one with it where it is counted who says something: the same row for all of them.
  [[nodiscard]] store::RowId party_of(store::RowId organisation) const;
  // The peer at whose instance the organisation speaks, by name; "": it speaks here, or that is a peer no more.
  [[nodiscard]] std::string_view peer_of(store::RowId organisation) const;
  [[nodiscard]] store::Audience const* audience(std::string_view name) const;
  [[nodiscard]] bool belongs(store::RowId organisation, store::Audience const& audience) const;  // now
  // Did the audiences of a class name this party when something was stored under it, or (0) anybody at all? What it is
  // cleared for, and in which collections it looks, nobody else may know: that does not count.
  [[nodiscard]] bool was_open_to(store::RowId party, store::RowId class_row) const;
  // What a marking of this instance means in the hands of an organisation: an audience that it does not belong to is
  // unknown, as one that does not exist.
  [[nodiscard]] Meaning meaning(stix::Identifier const& marking, store::RowId organisation) const;
  // The audiences that an organisation belongs to now, with the epochs at which it did.
  [[nodiscard]] std::vector<Membership> memberships_of(store::RowId organisation) const;
  // Rows of the classes of which the reader sees others' objects.
  [[nodiscard]] store::ClassSet classes_seen_by(Reader const& reader) const;
  // By id or alias; nullptr also when the view may not know of it.
  [[nodiscard]] store::Collection const* collection(std::string_view id, View const& view) const;

 private:
  [[nodiscard]] bool belonged_at(store::RowId party, AudienceAt const& at) const;
  [[nodiscard]] bool belonged(store::RowId organisation, store::Audience const& audience) const;  // now or once
  Session make_session(store::Credential const& credential) const;
  [[nodiscard]] Reader make_reader(store::Credential const& credential, store::Organisation const& owner) const;
  std::shared_ptr<View const> make_view(store::Credential const& credential,
                                        store::Organisation const& organisation) const;

  Tables tables_;
  std::map<store::RowId, store::RowId> parties_;
  std::vector<std::optional<ClassFacts>> class_facts_;  // one for each of tables_.classes; nullopt: seen by nobody
  std::uint64_t epoch_;
  std::unordered_map<std::string, Session> sessions_;
  std::unordered_map<std::string, std::string> by_certificate_;  // name → id of the credential
};

// Statement markings that members defined for themselves. Any thread.
class StatementMarkings {
 public:
  void add(store::RowId asserter, core::Uuid const& uuid);
  [[nodiscard]] bool contains(store::RowId asserter, core::Uuid const& uuid) const;

 private:
  mutable std::shared_mutex mutex_;
  std::set<std::pair<store::RowId, core::Uuid>> known_;
};

// Owned by app. `current` from any thread; the rest from the commit thread.
class Registry {
 public:
  // Reads all tables. Errors: those of the store.
  [[nodiscard]] core::Result<void> reload(store::AccountStore& accounts);
  // Adds what is about to be committed, without reading anything: who reads what was committed finds its classes here.
  // `unlearn`: of the last call, which was not committed.
  void learn(std::vector<store::ClassRow> const& classes, std::vector<store::PublicationCount> const& corners);
  void unlearn();
  // Statement markings that were committed.
  void learn(std::vector<std::pair<store::RowId, core::Uuid>> const& statements);

  [[nodiscard]] std::shared_ptr<Directory const> current() const { return current_.load(std::memory_order_acquire); }
  [[nodiscard]] StatementMarkings const& statements() const { return statements_; }

 private:
  std::atomic<std::shared_ptr<Directory const>> current_;
  std::shared_ptr<Directory const> before_;  // the last call of `learn`; null: it added nothing
  StatementMarkings statements_;
  std::uint64_t epoch_ = 0;
};

}  // namespace tocsin::access
