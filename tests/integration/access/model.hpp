// The written rules of visibility as a naive model: lists that are searched from end to end, sharing no code with the
// server. What a server answers is compared with it. Owned by a test; one thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tocsin::test::model {

struct Organisation {
  std::string name, type;
  int clearance = 0;  // 0 CLEAR … 4 RED
  std::string authority = {};
};

// What a marking stands for: who belonged at each epoch (the first is epoch 0), or which authorities it releases to.
struct Audience {
  std::string name, marking;
  std::vector<std::set<std::size_t>> epochs;
  std::set<std::string> releasable_to;
};

// What markings add up to.
struct Class {
  int level = 0;
  bool unknown = false;                           // a marking that nobody here understands
  std::map<std::size_t, std::size_t> audiences;   // and the epoch of each
  std::optional<std::set<std::string>> released;  // to these governments only
};

struct Collection {
  std::string id, title;
  int default_level = 0;
};

struct Credential {
  std::string token;
  std::size_t organisation = 0;
  std::set<std::string> roles;
  std::optional<int> highest;
  std::vector<std::string> kinds;     // empty: all
  std::set<std::size_t> collections;  // empty: all
};

struct Object {
  std::string id, type, kind;
  std::string version;  // `modified`, else `created`, else ""
  std::string bytes;
  bool versioned = true, revoked = false, statement = false;
  std::vector<std::string> markings;
};

// Where and when a version became visible. Their order in the model is the order of the ledger.
struct Publication {
  std::size_t organisation = 0, collection = 0;
  Object object;
  Class seen_as;
  std::string date;  // date_added, learnt from the server
  bool ended = false;

  [[nodiscard]] std::string const& version() const { return object.version.empty() ? date : object.version; }
};

struct Filters {
  std::set<std::string> ids, types, versions;  // as they are sent; empty: not sent
  std::optional<std::string> added_after;
  bool other_spec_version = false;  // asks for versions that are not served
};

// Of a timestamp as text, another text that sorts as the instants do.
[[nodiscard]] std::string instant(std::string const& timestamp);
// The level of a marking that is one of the ten TLP ids.
[[nodiscard]] std::optional<int> level_of(std::string const& marking);

class World {
 public:
  std::vector<Organisation> organisations;
  std::vector<Collection> collections;
  std::vector<Credential> credentials;
  std::vector<Audience> audiences;
  std::vector<Publication> publications;

  [[nodiscard]] bool knows(Credential const& who, std::size_t collection) const;
  [[nodiscard]] bool may_see(Credential const& who, Publication const& what) const;

  // Which objects are accepted, one a candidate; the accepted ones are published.
  std::vector<bool> submit(std::size_t organisation, std::size_t collection, std::vector<Object> const& objects);
  // How many publications ended.
  std::size_t withdraw(std::size_t organisation, std::size_t collection, std::string const& id,
                       std::string const& version);

  // Places in `publications` of what a pull answers after the place `after`, all pages together.
  [[nodiscard]] std::vector<std::size_t> pull(Credential const& who, std::size_t collection, Filters const& filters,
                                              std::size_t after) const;

 private:
  struct Chain {
    Class seen_as;
    std::vector<Object> versions;  // in order of arrival
  };

  // `once`: counting the audiences that it has left, too.
  [[nodiscard]] Class class_of(std::size_t organisation, std::size_t collection, Object const& object, bool once) const;
  bool accept(std::size_t organisation, std::size_t collection, Object const& object);
  void publish(std::size_t organisation, std::size_t collection, Object const& object, Chain const& chain);
  [[nodiscard]] bool first_of_chain(Publication const& what) const;
  [[nodiscard]] bool last_of_chain(Publication const& what) const;
  [[nodiscard]] bool selected(Publication const& what, Filters const& filters) const;

  std::map<std::pair<std::size_t, std::string>, Chain> chains_;
  std::set<std::pair<std::size_t, std::string>> statements_;
};

}  // namespace tocsin::test::model
