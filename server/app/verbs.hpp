// What `tocsind` can be told to do. Each prints its result on standard output, mistakes on standard error, and returns
// the exit status: 0 done, 1 refused or failed. Main thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/access/administration.hpp"
#include "server/access/audience_administration.hpp"
#include "server/app/instance.hpp"

namespace tocsin::app {

struct InitOptions {
  std::optional<std::string> name, host;  // tocsin and localhost when left out
  std::string identity;
  bool demo = false;
};
int init(Layout const& layout, InitOptions const& options);

int serve(Layout const& layout, std::optional<std::string> const& listen,
          OpenDatabase const& open_database = store::open_sqlite);

int organisation_add(Layout const& layout, access::NewOrganisation const& given);
int organisation_list(Layout const& layout);
int organisation_disable(Layout const& layout, std::string const& name, bool disabled);
// moderated, trusted, or "" for as each collection has it.
int organisation_standing(Layout const& layout, std::string const& name, std::string const& standing);
int credential_add(Layout const& layout, access::NewCredential const& given);
// Prints the line that somebody exchanges for a token with `tocsin login`. `url`: of the server as members reach it;
// the certificate's host and the port of listen.https when left out.
int invite(Layout const& layout, access::NewCredential const& given, std::optional<std::string> const& url);
int credential_list(Layout const& layout);
int certificate_list(Layout const& layout);
int certificate_deny(Layout const& layout, std::string const& pin);
int credential_revoke(Layout const& layout, std::string const& id);
int collection_add(Layout const& layout, access::NewCollection const& given);
int collection_list(Layout const& layout);
// Whose submissions wait for an analyst: off, new, chosen or all.
int collection_moderate(Layout const& layout, std::string const& name, std::string const& moderation);

int audience_add(Layout const& layout, access::NewAudience const& given);
int audience_list(Layout const& layout);
// What to do about the membership of an organisation: propose it, or end it.
struct MemberChange {
  std::string audience, add, remove;
};
int audience_member(Layout const& layout, MemberChange const& change);
// `token`: of the approving administrator, or @FILE that holds it.
int audience_approve(Layout const& layout, std::string const& proposal, std::string const& token);

// Makes one file that holds everything a restore needs, beside a running server too.
int backup(Layout const& layout, std::filesystem::path const& to);

struct UnsealOptions {
  bool accept_loss = false;
  std::optional<std::filesystem::path> root_key;  // DIR/keys/root.key when left out
  std::vector<std::string> without;               // peers that are not asked what they saw
};
// Error: bad_parameter, for what would not be used.
[[nodiscard]] core::Result<void> check_options(UnsealOptions const& options);
// Puts a backup into an empty directory, and unseals it when the loss is accepted.
int restore(Layout const& layout, std::filesystem::path const& from, UnsealOptions const& options);
// Makes a restored instance one that may be served.
int unseal(Layout const& layout, UnsealOptions const& options);

// Destroys what an organisation stored under an id.
int erase_object(Layout const& layout, std::string const& organisation, std::string const& object);
// How much is due to be destroyed, by rule.
int retention_list(Layout const& layout);

// Exactly one of the two: the server's key and certificate, or the key of the log.
int key_rotate(Layout const& layout, bool tls, bool log);

int migrate(Layout const& layout, bool status_only);
int check(Layout const& layout);

// Prints an error's sentence and remedy on standard error; returns 1.
int report(core::Error const& error);

// load_config for a verb: every mistake is printed, with the file that it is in.
[[nodiscard]] std::optional<base::Config> config_or_report(Layout const& layout);

}  // namespace tocsin::app
