#include "server/app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>

#include "server/app/allow_verbs.hpp"
#include "server/app/audit_verbs.hpp"
#include "server/app/peer_verbs.hpp"
#include "server/app/verbs.hpp"

namespace tocsin::app {
namespace {

// A subcommand with the option that all share; the verb runs after the whole line was read.
struct Verbs {
  std::string directory;
  std::function<int()> chosen;

  CLI::App* add(CLI::App& parent, std::string const& name, std::string const& text, std::function<int()> verb) {
    CLI::App* sub = parent.add_subcommand(name, text);
    sub->add_option("--dir", directory, "The data directory")->required();
    sub->callback([this, verb = std::move(verb)] { chosen = verb; });
    return sub;
  }
  [[nodiscard]] Layout layout() const { return {directory}; }
};

struct Words {
  InitOptions init;
  std::optional<std::string> listen;
  access::NewOrganisation organisation;
  access::NewCredential credential;
  access::NewCollection collection;
  access::NewAudience audience;
  std::string to, from;
  UnsealOptions unseal;
  bool tls = false, log = false;
  MemberChange member;
  std::string token;
  std::string name, moderation;
  std::optional<std::string> pin, url;
  bool status_only = false;
  AuditListOptions audit_list;
  std::string checkpoints, folder, reader, object;
  AllowWords allow;
  ManifestOptions manifest;
  std::string paste = "-", reason;
  std::size_t number = 0;
};

void add_organisations(CLI::App& app, Verbs& verbs, Words& words) {
  CLI::App* org = app.add_subcommand("org", "Organisations: the members of this instance")->require_subcommand(1);
  CLI::App* add = verbs.add(*org, "add", "Add an organisation; prints its identity",
                            [&] { return organisation_add(verbs.layout(), words.organisation); });
  add->add_option("NAME", words.organisation.name, "A short name for it")->required();
  add->add_option("--type", words.organisation.type, "lab, cloud, government or other")->required();
  add->add_option("--clearance", words.organisation.clearance, "clear, green, amber, amber+strict or red")->required();
  add->add_option("--identity", words.organisation.identity, "identity--UUID; made when left out");
  add->add_option("--authority", words.organisation.authority, "Authority code of a government");
  verbs.add(*org, "list", "List organisations", [&] { return organisation_list(verbs.layout()); });
  verbs
      .add(*org, "disable", "Disable an organisation and all its credentials, from the next request on",
           [&] { return organisation_disable(verbs.layout(), words.name, true); })
      ->add_option("NAME", words.name, "As `org list` shows it")
      ->required();
  verbs
      .add(*org, "moderate", "Let what it submits wait in every collection that is moderated",
           [&] { return organisation_standing(verbs.layout(), words.name, "moderated"); })
      ->add_option("NAME", words.name, "As `org list` shows it")
      ->required();
  verbs
      .add(*org, "trust", "Let nothing that it submits wait, in whichever collection",
           [&] { return organisation_standing(verbs.layout(), words.name, "trusted"); })
      ->add_option("NAME", words.name, "As `org list` shows it")
      ->required();
  verbs
      .add(*org, "unmark", "Take back `org moderate` or `org trust`: each collection decides",
           [&] { return organisation_standing(verbs.layout(), words.name, ""); })
      ->add_option("NAME", words.name, "As `org list` shows it")
      ->required();
  verbs
      .add(*org, "enable", "Enable a disabled organisation; its tokens work again from the next request on",
           [&] { return organisation_disable(verbs.layout(), words.name, false); })
      ->add_option("NAME", words.name, "As `org list` shows it")
      ->required();
}

// Whose a credential is, and what it may.
void add_credential_options(CLI::App* add, Words& words) {
  auto list = [&](std::string const& name, std::vector<std::string>& into, std::string const& text) {
    return add->add_option(name, into, text)->delimiter(',')->expected(1, 100);
  };
  add->add_option("--org", words.credential.organisation, "The organisation's name")->required();
  list("--role", words.credential.roles, "submitter, analyst, feed, liaison, peer, auditor, admin; several by commas")
      ->required();
  add->add_option("--expires", words.credential.expires, "When it ends, as 2027-01-31T00:00:00Z");
  list("--from", words.credential.networks, "Address ranges it may be used from, as 203.0.113.0/24");
  list("--collections", words.credential.collections, "The only collections it may know of");
  list("--kinds", words.credential.kinds, "The only kinds or STIX types it may see");
  add->add_option("--max-tlp", words.credential.max_tlp, "The highest TLP level it may see");
  add->add_option("--dialect", words.credential.dialect,
                  "tlp2, or tlp1 for an old client: TLP levels in the ids of TLP 1, AMBER+STRICT as RED");
  add->add_option("--label", words.credential.label, "What it is for");
  add->add_option("--person", words.credential.person,
                  "Whose it is, the same for all credentials of one person: releases take two people");
}

void add_tokens(CLI::App& app, Verbs& verbs, Words& words) {
  CLI::App* token = app.add_subcommand("token", "API tokens of organisations")->require_subcommand(1);
  CLI::App* add = verbs.add(*token, "add", "Add a token; prints it, once",
                            [&] { return credential_add(verbs.layout(), words.credential); });
  add_credential_options(add, words);
  verbs.add(*token, "list", "List tokens, without their secrets", [&] { return credential_list(verbs.layout()); });
  verbs
      .add(*token, "revoke", "Revoke a token, from the next request on",
           [&] { return credential_revoke(verbs.layout(), words.name); })
      ->add_option("ID", words.name, "As `token list` shows it: 16 hexadecimal digits")
      ->required();
}

void add_invitations(CLI::App& app, Verbs& verbs, Words& words) {
  CLI::App* add = verbs.add(app, "invite", "Print a line that somebody exchanges for a token, once, within a day",
                            [&] { return invite(verbs.layout(), words.credential, words.url); });
  add_credential_options(add, words);
  add->add_option("--url", words.url, "The server as members reach it, https://HOST[:PORT]");
}

void add_certificates(CLI::App& app, Verbs& verbs, Words& words) {
  CLI::App* certificate =
      app.add_subcommand("certificate", "Client certificates of organisations, for listen.mtls")->require_subcommand(1);
  CLI::App* add = verbs.add(*certificate, "add", "Let a client certificate in; prints the credential's id", [&] {
    if (words.pin) words.credential.certificate = "pin:" + *words.pin;
    if (!words.credential.certificate)
      return report({core::Code::bad_parameter, "Which certificate it is, is not said.", "", "Give --pin or --san."});
    return credential_add(verbs.layout(), words.credential);
  });
  auto* pin = add->add_option("--pin", words.pin, "SHA-256 of its public key info: 64 hexadecimal digits, or base64");
  add->add_option("--san", words.credential.certificate, "Instead of --pin, a name in it, exactly: URI:… or DNS:…")
      ->excludes(pin);
  add_credential_options(add, words);
  verbs.add(*certificate, "list", "List client certificates, and keys that are denied",
            [&] { return certificate_list(verbs.layout()); });
  verbs
      .add(*certificate, "revoke", "Let a client certificate in no more, from the next request on",
           [&] { return credential_revoke(verbs.layout(), words.name); })
      ->add_option("ID", words.name, "As `certificate list` shows it: 16 hexadecimal digits")
      ->required();
  verbs
      .add(*certificate, "deny", "Refuse every certificate with a key, from the next request on and for good",
           [&] { return certificate_deny(verbs.layout(), words.pin.value()); })
      ->add_option("--pin", words.pin, "SHA-256 of its public key info: 64 hexadecimal digits, or base64")
      ->required();
}

void add_collections(CLI::App& app, Verbs& verbs, Words& words) {
  CLI::App* collection = app.add_subcommand("collection", "TAXII collections")->require_subcommand(1);
  CLI::App* add = verbs.add(*collection, "add", "Add a collection; prints its id",
                            [&] { return collection_add(verbs.layout(), words.collection); });
  add->add_option("TITLE", words.collection.title, "Letters, digits, dashes and spaces")->required();
  add->add_option("--alias", words.collection.alias, "Stands for the id in URLs; made from the title when left out");
  add->add_option("--description", words.collection.description, "What belongs into it");
  add->add_option("--default-tlp", words.collection.default_tlp, "Class of objects without a TLP marking (green)");
  verbs.add(*collection, "list", "List collections", [&] { return collection_list(verbs.layout()); });
  CLI::App* moderate = verbs.add(*collection, "moderate", "Let submissions wait for an analyst of the instance",
                                 [&] { return collection_moderate(verbs.layout(), words.name, words.moderation); });
  moderate->add_option("NAME", words.name, "Its alias or id, as `collection list` shows it")->required();
  moderate->add_option("WHOSE", words.moderation, "off, new (who has published nothing there), chosen or all")
      ->required()
      ->check(CLI::IsMember({"off", "new", "chosen", "all"}));
}

void add_audiences(CLI::App& app, Verbs& verbs, Words& words) {
  CLI::App* audience = app.add_subcommand("audience", "Audiences: who is named by a marking")->require_subcommand(1);
  CLI::App* add = verbs.add(*audience, "add", "Add an audience; prints the id of its marking",
                            [&] { return audience_add(verbs.layout(), words.audience); });
  add->add_option("NAME", words.audience.name, "Letters, digits, dashes and spaces")->required();
  add->add_option("--member", words.audience.members, "Its first organisations; several by commas")->delimiter(',');
  add->add_option("--releasable-to", words.audience.releasable_to,
                  "Instead of members: authority codes of the only governments that see what it marks")
      ->delimiter(',');
  verbs.add(*audience, "list", "List audiences, their members and proposals",
            [&] { return audience_list(verbs.layout()); });
  CLI::App* member = verbs.add(*audience, "member", "Propose a member, or end a membership",
                               [&] { return audience_member(verbs.layout(), words.member); });
  member->add_option("NAME", words.member.audience, "As `audience list` shows it")->required();
  CLI::App* change = member->add_option_group("change")->require_option(1);
  change->add_option("--add", words.member.add, "Propose this organisation; prints the proposal");
  change->add_option("--remove", words.member.remove, "This organisation sees nothing of it from the next request on");
  CLI::App* approve = verbs.add(*audience, "approve", "Approve what another administrator proposed",
                                [&] { return audience_approve(verbs.layout(), words.name, words.token); });
  approve->add_option("PROPOSAL", words.name, "As `audience list` shows it")->required();
  approve->add_option("--token", words.token, "The approving administrator's token, or @FILE that holds it")
      ->required();
}

void add_audit(CLI::App& app, Verbs& verbs, Words& words) {
  CLI::App* audit = app.add_subcommand("audit", "The audit trail: who changed and read what")->require_subcommand(1);
  verbs
      .add(*audit, "verify", "Re-derive the trail's log and compare it with the checkpoints that were signed",
           [&] { return audit_verify(verbs.layout(), words.checkpoints); })
      ->add_option("--checkpoints", words.checkpoints, "A copy kept elsewhere (D/audit/checkpoints)");
  CLI::App* list = verbs.add(*audit, "list", "List entries: time, who, what, where, how much",
                             [&] { return audit_list(verbs.layout(), words.audit_list); });
  list->add_option("--org", words.audit_list.organisation, "Only what this organisation did, or what was done to it");
  list->add_option("--since", words.audit_list.since, "Not before, as 2027-01-31T00:00:00Z");
  list->add_option("--until", words.audit_list.until, "Before");
  CLI::App* out = verbs.add(*audit, "export", "Write all entries and a signed checkpoint into a new folder",
                            [&] { return audit_export(verbs.layout(), words.folder, words.reader == "counsel"); });
  out->add_option("FOLDER", words.folder, "Must not exist yet")->required();
  out->add_option("--for", words.reader, "counsel: with what is needed to verify it without Tocsin")
      ->check(CLI::IsMember({"counsel"}));
}

void add_unsealing(CLI::App& verb, UnsealOptions& options) {
  verb.add_flag("--accept-loss", options.accept_loss,
                "Declare lost, with the root key, whatever was stored after the backup");
  verb.add_option("--root-key", options.root_key, "The root key's file (DIR/keys/root.key)");
  verb.add_option("--without", options.without, "Do not ask this peer what it saw of the log; may be repeated");
}

void add_backups(CLI::App& app, Verbs& verbs, Words& words) {
  verbs
      .add(app, "backup", "Make a backup, one file, also while the server runs",
           [&] { return backup(verbs.layout(), words.to); })
      ->add_option("--to", words.to, "The file to make; it must not exist")
      ->required();
  CLI::App* restore_verb = verbs.add(app, "restore", "Put a backup into a new data directory, and seal it",
                                     [&] { return restore(verbs.layout(), words.from, words.unseal); });
  restore_verb->add_option("--from", words.from, "The backup")->required();
  add_unsealing(*restore_verb, words.unseal);
  add_unsealing(*verbs.add(app, "unseal", "Let a restored instance be served: nothing newer exists, or it is given up",
                           [&] { return unseal(verbs.layout(), words.unseal); }),
                words.unseal);
}

void add_erasure(CLI::App& app, Verbs& verbs, Words& words) {
  CLI::App* erase = verbs.add(app, "erase", "Destroy for good what an organisation stored under an id",
                              [&] { return erase_object(verbs.layout(), words.name, words.object); });
  erase->add_option("--org", words.name, "As `org list` shows it")->required();
  erase->add_option("ID", words.object, "The object's id, as indicator--UUID")->required();
  verbs.add(app, "retention", "List the rules of retention: after how many days, how many versions are due, since when",
            [&] { return retention_list(verbs.layout()); });
}

void add_allow_lists(CLI::App& app, Verbs& verbs, AllowWords& words) {
  CLI::App* allow =
      app.add_subcommand("allow", "Allow lists: what indicators are warned of that hit it")->require_subcommand(1);
  auto const named = [&](CLI::App* verb) { verb->add_option("NAME", words.name, "Of the list")->required(); };
  auto const of_kind = [&](CLI::App* verb) {
    verb->add_option("--kind", words.kind, "ranges, domains, mail, organisations or prompts")
        ->check(CLI::IsMember({"ranges", "domains", "mail", "organisations", "prompts"}));
  };
  auto* add = verbs.add(*allow, "add", "Add entries to a list, which is made when there is none of the name",
                        [&] { return allow_add(verbs.layout(), words); });
  named(add);
  add->add_option("ENTRY", words.entries, "As 203.0.113.0/24, AS64500 or mail.example")->required();
  of_kind(add);
  auto* import = verbs.add(*allow, "import", "Make a file the whole of a list: a MISP warning list, or a line an entry",
                           [&] { return allow_import(verbs.layout(), words); });
  named(import);
  import->add_option("FILE", words.file, "The file")->required();
  of_kind(import);
  verbs.add(*allow, "list", "List allow lists: name, kind, entries, last change",
            [&] { return allow_list(verbs.layout()); });
  auto* remove = verbs.add(*allow, "remove", "Remove entries of a list, or the list when none is named",
                           [&] { return allow_remove(verbs.layout(), words); });
  named(remove);
  remove->add_option("ENTRY", words.entries, "As they were added");
}

void add_keys(CLI::App& app, Verbs& verbs, Words& words) {
  CLI::App* key = app.add_subcommand("key", "Keys of the instance")->require_subcommand(1);
  CLI::App* rotate = verbs.add(*key, "rotate", "Change a key for a new one",
                               [&] { return key_rotate(verbs.layout(), words.tls, words.log); });
  rotate->add_flag("--tls", words.tls, "The server's, with a certificate from the development authority in DIR/certs");
  rotate->add_flag("--log", words.log, "The log's; an entry of the control log names the old and the new one");
}

void add_manifests(CLI::App& app, Verbs& verbs, ManifestOptions& options) {
  CLI::App* manifest = app.add_subcommand("manifest", "What this instance shows to peers, signed by its root key");
  manifest->require_subcommand(1);
  CLI::App* make = verbs.add(*manifest, "make", "Make a manifest, one version higher than the one that is there",
                             [&] { return manifest_make(verbs.layout(), options); });
  make->add_option("--root-key", options.root_key, "The root key's file (DIR/keys/root.key)");
  make->add_option("--url", options.url, "Where peers reach it, https://HOST[:PORT]");
  make->add_option("--identity", options.identities, "identity--UUID it speaks for; several by commas (its own)")
      ->delimiter(',');
  make->add_option("--pin", options.pins, "SHA-256 of a further TLS key, such as the next one")->delimiter(',');
  make->add_option("--days", options.days, "How long it is good (365)")->check(CLI::Range(1, 1'000));
  make->add_option("--after", options.after, "The version that peers have, when DIR/manifest was lost")
      ->check(CLI::Range(0, 1'000'000'000));
  verbs.add(*manifest, "show", "Print the manifest", [&] { return manifest_show(verbs.layout()); });
}

void add_peers(CLI::App& app, Verbs& verbs, Words& words) {
  CLI::App* peer = app.add_subcommand("peer", "Other instances to federate with")->require_subcommand(1);
  verbs.add(*peer, "invite", "Print a line for another instance; it works once, within 72 hours",
            [&] { return peer_invite(verbs.layout()); });
  CLI::App* accept = verbs.add(*peer, "accept", "Take an invitation, the answer to one, or a peer's newer manifest",
                               [&] { return peer_accept(verbs.layout(), words.paste, words.name); });
  accept->add_option("FILE", words.paste, "What the other side sent; - is standard input (-)");
  accept->add_option("--name", words.name, "What the peer is called here (the host of its URL)");
  verbs.add(*peer, "list", "List peers", [&] { return peer_list(verbs.layout()); });
  auto const named = [&](char const* verb, char const* text, std::function<int()> run) {
    CLI::App* sub = verbs.add(*peer, verb, text, std::move(run));
    sub->add_option("NAME", words.name, "As `peer list` shows it")->required();
    return sub;
  };
  auto const change = [&](char const* verb, char const* text, char const* state) {
    named(verb, text, [&verbs, &words, state] {
      return peer_state(verbs.layout(), words.name, state, words.reason);
    })->add_option("--reason", words.reason, "Why, in a few words; `peer list` shows it");
  };
  named("show", "Show a peer, its manifest and what is agreed", [&] { return peer_show(verbs.layout(), words.name); });
  named("evidence", "Print what shows that a peer's log contradicts itself", [&] {
    return peer_evidence(verbs.layout(), words.name, words.number);
  })->add_option("--number", words.number, "Which, from 1, the oldest (the newest)");
  change("pause", "Let a peer in no more, from the next request on, until it is resumed", "paused");
  change("resume", "Let a peer in, once the fingerprint was compared", "active");
  change("remove", "End a peer and its credentials for good", "removed");
  verbs.add(*peer, "reload", "Put the agreements in DIR/peers in force", [&] { return peer_reload(verbs.layout()); });
}

int wrong_usage(CLI::App const& app, CLI::ParseError const& error) {
  std::string words = "tocsind";
  CLI::App const* at = &app;
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    words += " " + at->get_name();
  }
  std::string sentence = error.what();
  auto const rest = at->remaining();
  auto const word = std::ranges::find_if_not(rest, [](auto const& each) { return each.starts_with('-'); });
  bool has_verbs = !at->get_subcommands([](CLI::App const*) { return true; }).empty();
  if (has_verbs && word != rest.end()) sentence = "There is no command " + words + " " + *word + ".";
  if (!sentence.ends_with('.')) sentence += '.';
  return report({core::Code::bad_parameter, std::move(sentence), "", "See what there is with: " + words + " --help"});
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app("tocsind: the server of an organisation that shares warnings of distillation attacks.", "tocsind");
  app.require_subcommand(1);
  app.set_version_flag("--version", "tocsind " TOCSIN_VERSION);
  Verbs verbs;
  Words words;
  CLI::App* init_verb =
      verbs.add(app, "init", "Make a data directory: keys, certificates, database, an administrator's token",
                [&] { return init(verbs.layout(), words.init); });
  init_verb->add_option("--name", words.init.name, "The instance's name, and its own organisation's (tocsin)");
  init_verb->add_option("--host", words.init.host, "The host name in the certificate and of the log (localhost)");
  init_verb->add_option("--identity", words.init.identity,
                        "identity--UUID of the instance's organisation; made when left out");
  init_verb->add_flag("--demo", words.init.demo, "The data are a demonstration, and the title says so");
  verbs
      .add(app, "serve", "Serve until SIGTERM; SIGHUP reloads certificates and configuration",
           [&] { return serve(verbs.layout(), words.listen); })
      ->add_option("--listen", words.listen, "ADDR:PORT instead of the configured one; port 0 is any");
  add_organisations(app, verbs, words);
  add_tokens(app, verbs, words);
  add_invitations(app, verbs, words);
  add_certificates(app, verbs, words);
  add_backups(app, verbs, words);
  add_keys(app, verbs, words);
  add_erasure(app, verbs, words);
  add_allow_lists(app, verbs, words.allow);
  add_manifests(app, verbs, words.manifest);
  add_peers(app, verbs, words);
  add_audit(app, verbs, words);
  add_collections(app, verbs, words);
  add_audiences(app, verbs, words);
  verbs
      .add(app, "migrate", "Bring the database to this program's schema",
           [&] { return migrate(verbs.layout(), words.status_only); })
      ->add_flag("--status", words.status_only, "Only say what is applied and what is pending");
  verbs.add(app, "check", "Re-derive the log and check the database", [&] { return check(verbs.layout()); });
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : wrong_usage(app, error);
  }
  return verbs.chosen();
}

}  // namespace tocsin::app
