// The part of Accounts that keeps audiences: who belongs, since which epoch, and who is proposed.
#include <nlohmann/json.hpp>

#include "server/store/sqlite/accounts.hpp"
#include "server/store/sqlite/tables.hpp"

namespace tocsin::store::sqlite {
namespace {

core::Uuid uuid(Statement& statement, int column) { return core::to_array<16>(statement.text(column)).value(); }

void insert_member(Connection& connection, RowId audience, RowId organisation, std::int64_t since) {
  Statement insert =
      connection.prepare("INSERT INTO audience_members (audience, organisation, since) VALUES (?, ?, ?)");
  insert.start().bind(audience).bind(organisation).bind(since).run();
}

std::string audience_name(Connection& connection, RowId audience) {
  Statement select = connection.prepare("SELECT name FROM audiences WHERE audience = ?");
  select.start().bind(audience);
  std::string name(select.step() ? select.text(0) : "");
  select.reset();
  return name;
}

// Begins another epoch of an audience, and returns it.
std::int64_t next_epoch(Connection& connection, RowId audience) {
  Statement update = connection.prepare("UPDATE audiences SET epoch = epoch + 1 WHERE audience = ? RETURNING epoch");
  update.start().bind(audience);
  if (!update.step()) throw SqliteError(0, 0, "an audience is missing");
  std::int64_t epoch = update.integer(0);
  update.reset();
  return epoch;
}

core::Result<void> changed(core::Error taken, std::function<core::Result<void>()> const& change) {
  try {
    return change();
  } catch (SqliteError const& error) {
    return std::unexpected(error.is_constraint() ? std::move(taken) : error.error());
  }
}

}  // namespace

void Accounts::note(std::string_view action, RowId audience, RowId organisation) {
  audit_.note(action, {{"audience", audience_name(connection_, audience)},
                       {"organisation", audit_.organisation_name(organisation)}});
}

core::Result<std::vector<Audience>> Accounts::audiences() {
  return all<Audience>(connection_,
                       "SELECT audience, marking, group_id, name, releasable_to, epoch, definition, created FROM "
                       "audiences ORDER BY audience",
                       [](Statement& s) {
                         return Audience{s.integer(0),
                                         uuid(s, 1),
                                         uuid(s, 2),
                                         std::string(s.text(3)),
                                         split_lines(s.text(4)),
                                         s.integer(5),
                                         std::string(s.text(6)),
                                         s.integer(7)};
                       });
}

core::Result<std::vector<AudienceMember>> Accounts::audience_members() {
  return all<AudienceMember>(
      connection_, "SELECT audience, organisation, since, until FROM audience_members ORDER BY audience, since",
      [](Statement& s) { return AudienceMember{s.integer(0), s.integer(1), s.integer(2), s.optional_integer(3)}; });
}

core::Result<std::vector<AudienceProposal>> Accounts::audience_proposals() {
  return all<AudienceProposal>(
      connection_, "SELECT id, audience, organisation, proposer, created FROM audience_proposals ORDER BY created",
      [](Statement& s) {
        return AudienceProposal{uuid(s, 0), s.integer(1), s.integer(2), s.integer(3), s.integer(4)};
      });
}

core::Result<RowId> Accounts::add(Audience const& audience, std::vector<RowId> const& members) {
  RowId row = 0;
  core::Error taken{core::Code::conflict, "An audience with this name exists.", "", "Choose another name."};
  auto done = changed(std::move(taken), [&]() -> core::Result<void> {
    Transaction transaction(connection_);
    std::string codes = join_lines(audience.releasable_to);
    Statement insert = connection_.prepare(
        "INSERT INTO audiences (marking, group_id, name, releasable_to, epoch, definition, created) VALUES (?, ?, ?, "
        "?, "
        "1, ?, ?)");
    insert.start().bind_blob(core::view(audience.marking)).bind_blob(core::view(audience.group));
    insert.bind_text(audience.name).bind_text(codes).bind_blob(audience.definition).bind(audience.created_us).run();
    row = connection_.last_insert();
    nlohmann::json names = nlohmann::json::array();
    for (RowId member : members) {
      insert_member(connection_, row, member, 1);
      names.push_back(audit_.organisation_name(member));
    }
    audit_.note(
        "audience.add",
        {{"audience", audience.name}, {"organisations", std::move(names)}, {"releasable_to", audience.releasable_to}});
    transaction.commit();
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return row;
}

core::Result<void> Accounts::propose(AudienceProposal const& proposal) {
  core::Error taken{core::Code::conflict, "The proposals changed meanwhile.", "", "Try again."};
  return changed(std::move(taken), [&]() -> core::Result<void> {
    Transaction transaction(connection_);
    Statement insert = connection_.prepare(
        "INSERT INTO audience_proposals (id, audience, organisation, proposer, created) VALUES (?, ?, ?, ?, ?) ON "
        "CONFLICT (audience, organisation) DO UPDATE SET id = excluded.id, proposer = excluded.proposer, created = "
        "excluded.created");
    insert.start().bind_blob(core::view(proposal.id)).bind(proposal.audience).bind(proposal.organisation);
    insert.bind(proposal.proposer).bind(proposal.created_us).run();
    note("audience.propose", proposal.audience, proposal.organisation);
    transaction.commit();
    return {};
  });
}

core::Result<void> Accounts::approve(core::Uuid const& proposal) {
  core::Error taken{core::Code::conflict, "The organisation belongs to the audience already.", "", ""};
  return changed(std::move(taken), [&]() -> core::Result<void> {
    Transaction transaction(connection_);
    Statement take =
        connection_.prepare("DELETE FROM audience_proposals WHERE id = ? RETURNING audience, organisation");
    take.start().bind_blob(core::view(proposal));
    if (!take.step()) return core::fail(core::Code::not_found, "There is no such proposal.");
    RowId audience = take.integer(0), organisation = take.integer(1);
    take.reset();
    insert_member(connection_, audience, organisation, next_epoch(connection_, audience));
    note("audience.approve", audience, organisation);
    transaction.commit();
    return {};
  });
}

core::Result<void> Accounts::remove_member(RowId audience, RowId organisation) {
  return changed(
      {core::Code::conflict, "The membership changed meanwhile.", "", "Try again."}, [&]() -> core::Result<void> {
        Transaction transaction(connection_);
        Statement end = connection_.prepare(
            "UPDATE audience_members SET until = ? WHERE audience = ? AND organisation = ? AND until IS NULL");
        end.start().bind(next_epoch(connection_, audience)).bind(audience).bind(organisation).run();
        if (connection_.changes() == 0)
          return core::fail(core::Code::not_found, "The organisation does not belong to the audience.");
        note("audience.remove", audience, organisation);
        transaction.commit();
        return {};
      });
}

}  // namespace tocsin::store::sqlite
