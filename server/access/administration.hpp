// Verbs of the operator: members, their credentials, collections. Checked here, written through the store. Commit
// thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/access/directory.hpp"
#include "server/access/token.hpp"

namespace tocsin::access {

struct NewOrganisation {
  std::string name, type, clearance;
  std::string identity;   // identity--UUID; empty: made
  std::string authority;  // only of a government
};
struct NewCredential {
  std::string organisation;
  std::vector<std::string> roles;
  std::string label;
  std::optional<std::string> expires;    // RFC 3339
  std::vector<std::string> networks;     // CIDRs
  std::vector<std::string> collections;  // ids or aliases
  std::vector<std::string> kinds;
  std::optional<std::string> max_tlp;
  std::string dialect = "tlp2";              // or tlp1
  std::optional<std::string> certificate{};  // pin:…, URI:… or DNS:… of the client certificate that it is; else a token
  std::string person{};                      // whose it is: all credentials of one person have the same; "": nobody's
};
struct Invitation {
  std::string token;
  std::int64_t until_us = 0;
};
struct NewCollection {
  std::string title, alias, description, default_tlp;
};

class Administration {
 public:
  Administration(store::AccountStore& accounts, Registry& registry) : accounts_(accounts), registry_(registry) {}

  // Errors of all: bad_parameter (which, and what it may be), not_found, conflict, storage_*. A change is in force when
  // they return.
  core::Result<store::Organisation> add(NewOrganisation const& given, std::int64_t now_us);
  core::Result<void> disable(std::string const& organisation, bool disabled);
  // Whether what it submits waits where a collection is moderated: moderated, trusted, or "" for as that has it.
  core::Result<void> set_standing(std::string const& organisation, std::string const& standing);
  // Whose submissions to a collection, by its id or alias, wait for an analyst: off, new, chosen or all.
  core::Result<void> moderate(std::string const& collection, std::string const& moderation);
  // The token, shown once; of a client certificate the id.
  core::Result<std::string> add(NewCredential const& given, std::int64_t now_us);
  // A token that opens nothing but redeem(), once and within a day: what is made from it is a token as `given` says.
  core::Result<Invitation> invite(NewCredential const& given, std::int64_t now_us);
  // Exchanges an invitation for the token, which is shown once: the credential keeps its id, gets another secret, and
  // is no older than this. Errors: not_found when it is none.
  core::Result<std::string> redeem(std::string const& invitation_id, std::int64_t now_us);
  // What the administrator should know of a credential that can be made: one sentence each. `instance` is the identity
  // of the instance, which all its members may name.
  [[nodiscard]] std::vector<std::string> remarks_on(NewCredential const& given, std::string_view instance) const;
  // A client certificate with this key is refused from the next request on, whatever it carries.
  core::Result<void> deny(std::string_view pin, std::int64_t now_us);
  core::Result<void> revoke(std::string const& token_id, std::int64_t now_us);
  core::Result<store::Collection> add(NewCollection const& given, std::int64_t now_us);

 private:
  core::Result<NewToken> keep(store::Credential row, std::int64_t now_us);
  core::Result<store::Credential> check(NewCredential const& given, std::int64_t now_us) const;

  store::AccountStore& accounts_;
  Registry& registry_;
};

// What the kinds of a credential may be: a kind of the native table or the type of its objects, a type of STIX 2.1, or
// a custom type whose name begins with x-.
[[nodiscard]] bool is_kind(std::string_view text);

[[nodiscard]] std::string_view name(base::Role role);
// Of a role that administrators give; `invited` is none.
[[nodiscard]] std::optional<base::Role> parse_role(std::string_view text);
[[nodiscard]] std::vector<std::string> role_names(base::Roles roles);

}  // namespace tocsin::access
