#include "server/store/sqlite/accounts.hpp"

#include <functional>
#include <nlohmann/json.hpp>

#include "server/store/sqlite/tables.hpp"

namespace tocsin::store::sqlite {
namespace {

// `note` makes the entry of the audit trail, after `run` and in the same transaction.
using Step = std::function<void()>;

core::Result<RowId> insert(Connection& connection, std::string_view taken, Step const& run, Step const& note) {
  try {
    Transaction transaction(connection);
    run();
    RowId row = connection.last_insert();
    note();
    transaction.commit();
    return row;
  } catch (SqliteError const& error) {
    if (error.is_constraint())
      return core::fail(core::Code::conflict, std::string(taken), "", "Choose another, or use the one there is.");
    return std::unexpected(error.error());
  }
}

core::Result<void> update(Connection& connection, std::string_view missing, Step const& run, Step const& note) {
  try {
    Transaction transaction(connection);
    run();
    if (connection.changes() == 0) return core::fail(core::Code::not_found, std::string(missing));
    note();
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace

core::Result<std::vector<Organisation>> Accounts::organisations() {
  return all<Organisation>(
      connection_,
      // That of a peer follows the peer's state, whoever enables it.
      "SELECT organisation, name, type, clearance, identity, authority, disabled OR EXISTS "
      "(SELECT 1 FROM peers WHERE peers.organisation = organisations.organisation AND state <> 0)"
      ", created, standing, origin, coalesce((SELECT p.name FROM origins o JOIN peers p ON p.origin "
      "= o.name WHERE o.origin = organisations.origin), ''), party FROM organisations ORDER BY "
      "organisation",
      [](Statement& s) {
        return Organisation{
            s.integer(0),           std::string(s.text(1)), std::string(s.text(2)),  static_cast<int>(s.integer(3)),
            std::string(s.text(4)), std::string(s.text(5)), s.integer(6) != 0,       s.integer(7),
            std::string(s.text(8)), s.integer(9),           std::string(s.text(10)), s.integer(11)};
      });
}

core::Result<std::vector<Credential>> Accounts::credentials() {
  return all<Credential>(
      connection_,
      "SELECT credential, token_id, secret_digest, organisation, roles, label, expires, networks, collections, kinds, "
      "max_tlp, dialect, created, revoked, certificate, invitation, person FROM credentials ORDER BY credential",
      [](Statement& s) {
        Credential c;
        c.row = s.integer(0);
        c.token_id = s.text(1);
        c.secret_digest = core::to_array<32>(s.text(2)).value();
        c.organisation = s.integer(3);
        c.roles = static_cast<std::uint8_t>(s.integer(4));
        c.label = s.text(5);
        c.expires_us = s.optional_integer(6);
        c.networks = split_lines(s.text(7));
        c.collections = split_lines(s.text(8));
        c.kinds = split_lines(s.text(9));
        if (auto level = s.optional_integer(10)) c.max_tlp = static_cast<int>(*level);
        c.dialect = static_cast<stix::MarkingDialect>(s.integer(11));
        c.created_us = s.integer(12);
        c.revoked_us = s.optional_integer(13);
        c.certificate = s.text(14);
        c.invitation_us = s.optional_integer(15);
        c.person = s.text(16);
        return c;
      });
}

core::Result<std::vector<Collection>> Accounts::collections() {
  return all<Collection>(connection_,
                         "SELECT collection, id, alias, title, description, default_level, created, moderation FROM "
                         "collections ORDER BY id",
                         [](Statement& s) {
                           return Collection{s.integer(0),           std::string(s.text(1)),
                                             std::string(s.text(2)), std::string(s.text(3)),
                                             std::string(s.text(4)), static_cast<int>(s.integer(5)),
                                             s.integer(6),           std::string(s.text(7))};
                         });
}

core::Result<std::vector<ClassRow>> Accounts::classes() {
  return all<ClassRow>(connection_, "SELECT class, key FROM classes ORDER BY class",
                       [](Statement& s) { return ClassRow{s.integer(0), std::string(s.text(1))}; });
}

core::Result<std::vector<PublicationCount>> Accounts::publication_counts() {
  return all<PublicationCount>(
      connection_, "SELECT collection, class, asserter, count FROM publication_counts",
      [](Statement& s) { return PublicationCount{s.integer(0), s.integer(1), s.integer(2), s.integer(3)}; });
}

core::Result<std::vector<std::pair<RowId, core::Uuid>>> Accounts::statement_markings() {
  return all<std::pair<RowId, core::Uuid>>(
      connection_, "SELECT asserter, uuid FROM statement_markings",
      [](Statement& s) { return std::pair{s.integer(0), core::to_array<16>(s.text(1)).value()}; });
}

core::Result<RowId> Accounts::add(Organisation const& o) {
  auto run = [&] {
    connection_
        .prepare(
            "INSERT INTO organisations (name, type, clearance, identity, authority, disabled, created) VALUES (?, ?, "
            "?, ?, ?, ?, ?)")
        .start()
        .bind_text(o.name)
        .bind_text(o.type)
        .bind(std::int64_t{o.clearance})
        .bind_text(o.identity)
        .bind_text(o.authority)
        .bind(std::int64_t{o.disabled})
        .bind(o.created_us)
        .run();
  };
  return insert(connection_, "An organisation with this name or identity exists.", run, [&] {
    audit_.note("organisation.add", {{"organisation", o.name},
                                     {"type", o.type},
                                     {"clearance", stix::name(static_cast<stix::Tlp>(o.clearance))},
                                     {"identity", o.identity}});
  });
}

core::Result<RowId> Accounts::add(Credential const& c) {
  char const* taken = c.certificate.empty() ? "A credential with this token id exists."
                                            : "A credential that is not revoked asks for this certificate already.";
  auto run = [&] {
    std::string networks = join_lines(c.networks), collections = join_lines(c.collections), kinds = join_lines(c.kinds);
    std::optional<std::int64_t> max_tlp;
    if (c.max_tlp) max_tlp = *c.max_tlp;
    Statement statement = connection_.prepare(
        "INSERT INTO credentials (token_id, secret_digest, organisation, roles, label, expires, networks, collections, "
        "kinds, max_tlp, "
        "dialect, created, certificate, invitation, person) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    statement.start().bind_text(c.token_id).bind_blob(core::view(c.secret_digest)).bind(c.organisation);
    statement.bind(std::int64_t{c.roles})
        .bind_text(c.label)
        .bind(c.expires_us)
        .bind_text(networks)
        .bind_text(collections);
    statement.bind_text(kinds).bind(max_tlp).bind(static_cast<std::int64_t>(c.dialect)).bind(c.created_us);
    statement.bind_text(c.certificate).bind(c.invitation_us).bind_text(c.person).run();
  };
  return insert(connection_, taken, run, [&] {
    audit_.note(c.invitation_us ? "invitation.add" : "credential.add",
                {{"organisation", audit_.organisation_name(c.organisation)},
                 {"credential", c.token_id},
                 {"roles", std::int64_t{c.roles}},
                 {"person", c.person},
                 {"collections", c.collections}});
  });
}

core::Result<RowId> Accounts::add(Collection const& c) {
  auto run = [&] {
    connection_
        .prepare(
            "INSERT INTO collections (id, alias, title, description, default_level, created) VALUES (?, ?, ?, ?, ?, ?)")
        .start()
        .bind_text(c.id)
        .bind_text(c.alias)
        .bind_text(c.title)
        .bind_text(c.description)
        .bind(std::int64_t{c.default_level})
        .bind(c.created_us)
        .run();
  };
  return insert(connection_, "A collection with this id, alias or title exists.", run,
                [&] { audit_.note("collection.add", {{"collection", c.id}, {"alias", c.alias}}); });
}

core::Result<void> Accounts::set_disabled(RowId organisation, bool disabled) {
  auto run = [&] {
    connection_.prepare("UPDATE organisations SET disabled = ? WHERE organisation = ?")
        .start()
        .bind(std::int64_t{disabled})
        .bind(organisation)
        .run();
  };
  return update(connection_, "There is no such organisation.", run, [&] {
    audit_.note(disabled ? "organisation.disable" : "organisation.enable",
                {{"organisation", audit_.organisation_name(organisation)}});
  });
}

core::Result<void> Accounts::set_standing(RowId organisation, std::string const& standing) {
  auto run = [&] {
    connection_.prepare("UPDATE organisations SET standing = ? WHERE organisation = ?")
        .start()
        .bind_text(standing)
        .bind(organisation)
        .run();
  };
  return update(connection_, "There is no such organisation.", run, [&] {
    audit_.note("organisation.standing",
                {{"organisation", audit_.organisation_name(organisation)}, {"standing", standing}});
  });
}

core::Result<void> Accounts::set_moderation(RowId collection, std::string const& moderation) {
  auto run = [&] {
    connection_.prepare("UPDATE collections SET moderation = ? WHERE collection = ?")
        .start()
        .bind_text(moderation)
        .bind(collection)
        .run();
  };
  return update(connection_, "There is no such collection.", run, [&] {
    audit_.note("collection.moderation",
                {{"collection", audit_.collection_id(collection)}, {"moderation", moderation}});
  });
}

core::Result<void> Accounts::revoke_credential(std::string const& token_id, std::int64_t now_us) {
  auto run = [&] {
    connection_.prepare("UPDATE credentials SET revoked = ? WHERE token_id = ? AND revoked IS NULL")
        .start()
        .bind(now_us)
        .bind_text(token_id)
        .run();
  };
  return update(connection_, "There is no such credential that is not revoked.", run,
                [&] { note_of_credential("credential.revoke", token_id); });
}

void Accounts::note_of_credential(std::string_view action, std::string const& token_id) {
  Statement owner = connection_.prepare("SELECT organisation FROM credentials WHERE token_id = ?");
  RowId organisation = owner.start().bind_text(token_id).step() ? owner.integer(0) : 0;
  audit_.note(action, {{"organisation", audit_.organisation_name(organisation)}, {"credential", token_id}});
}

core::Result<void> Accounts::redeem(std::string const& token_id, core::Digest const& secret_digest,
                                    std::int64_t now_us) {
  auto run = [&] {
    connection_
        .prepare(
            "UPDATE credentials SET secret_digest = ?, invitation = NULL, created = ? "
            "WHERE token_id = ? AND invitation IS NOT NULL AND revoked IS NULL")
        .start()
        .bind_blob(core::view(secret_digest))
        .bind(now_us)
        .bind_text(token_id)
        .run();
  };
  return update(connection_, "There is no such invitation.", run,
                [&] { note_of_credential("invitation.redeem", token_id); });
}

core::Result<std::vector<core::Digest>> Accounts::denied_pins() {
  return all<core::Digest>(connection_, "SELECT pin FROM denied_pins ORDER BY denied, pin",
                           [](Statement& s) { return core::to_array<32>(s.text(0)).value(); });
}

core::Result<void> Accounts::deny_pin(core::Digest const& pin, std::int64_t now_us) {
  try {
    Transaction transaction(connection_);
    connection_.prepare("INSERT OR IGNORE INTO denied_pins (pin, denied) VALUES (?, ?)")
        .start()
        .bind_blob(core::view(pin))
        .bind(now_us)
        .run();
    audit_.note("certificate.deny", {{"pin", core::to_hex(core::view(pin))}});
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
