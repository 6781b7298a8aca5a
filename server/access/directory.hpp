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
  };
  Directory(Tables tables, std::uint64_t epoch);

  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] Tables const& tables() const { return tables_; }
  [[nodiscard]] Session const* session(std::string_view token_id) const;
  [[nodiscard]] store::Organisation const* organisation(store::RowId row) const;
  [[nodiscard]] store::Organisation const* organisation(std::string_view name) const;
  [[nodiscard]] store::Organisation const* owner_of_identity(std::string_view identity) const;
  // By id or alias; nullptr also when the view may not know of it.
  [[nodiscard]] store::Collection const* collection(std::string_view id, View const& view) const;

 private:
  Session make_session(store::Credential const& credential) const;
  std::shared_ptr<View const> make_view(store::Credential const& credential,
                                        store::Organisation const& organisation) const;

  Tables tables_;
  std::uint64_t epoch_;
  std::unordered_map<std::string, Session> sessions_;
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
  // Adds what a commit interned, without reading anything.
  void learn(std::vector<store::ClassRow> const& classes, std::vector<store::PublicationCount> const& corners,
             std::vector<std::pair<store::RowId, core::Uuid>> const& statements);

  [[nodiscard]] std::shared_ptr<Directory const> current() const { return current_.load(std::memory_order_acquire); }
  [[nodiscard]] StatementMarkings const& statements() const { return statements_; }

 private:
  std::atomic<std::shared_ptr<Directory const>> current_;
  StatementMarkings statements_;
  std::uint64_t epoch_ = 0;
};

}  // namespace tocsin::access
