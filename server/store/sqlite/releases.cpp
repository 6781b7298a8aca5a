#include "server/store/sqlite/releases.hpp"

#include <nlohmann/json.hpp>

namespace tocsin::store::sqlite {
namespace {

core::Error too_many() {
  return {core::Code::conflict,
          "Your organisation has " + std::to_string(kMostProposals) + " releases that wait for approval.", "",
          "Approve or refuse some: `tocsin release list` shows them."};
}

}  // namespace

core::Result<void> Releases::propose(ReleaseProposal const& proposal, std::int64_t since_us) {
  try {
    Transaction transaction(connection_);
    Statement forget = connection_.prepare("DELETE FROM release_proposals WHERE created < ? OR version = ?");
    forget.start().bind(since_us).bind(proposal.version).run();
    if (count(proposal.organisation) >= kMostProposals) return std::unexpected(too_many());
    Statement insert = connection_.prepare(
        "INSERT INTO release_proposals (id, organisation, version, proposer, target, class_key, created) VALUES (?, ?, "
        "?, ?, ?, ?, ?)");
    insert.start().bind_blob(core::view(proposal.id)).bind(proposal.organisation).bind(proposal.version);
    insert.bind(proposal.proposer).bind_text(proposal.target).bind_text(proposal.class_key).bind(proposal.created_us);
    insert.run();
    audit_.note("release.propose", {{"organisation", audit_.organisation_name(proposal.organisation)},
                                    {"proposal", core::to_text(proposal.id)}});
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Releases::refuse(core::Uuid const& proposal, RowId organisation) {
  try {
    Transaction transaction(connection_);
    Statement take = connection_.prepare("DELETE FROM release_proposals WHERE id = ? AND organisation = ?");
    take.start().bind_blob(core::view(proposal)).bind(organisation).run();
    if (connection_.changes() == 0) return core::fail(core::Code::not_found, "There is no such proposal.");
    audit_.note("release.refuse",
                {{"organisation", audit_.organisation_name(organisation)}, {"proposal", core::to_text(proposal)}});
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

std::size_t Releases::count(RowId organisation) {
  Statement statement = connection_.prepare("SELECT count(*) FROM release_proposals WHERE organisation = ?");
  if (!statement.start().bind(organisation).step()) throw SqliteError(0, 0, "a count without a row");
  return static_cast<std::size_t>(statement.integer(0));
}

ReleaseReads::ReleaseReads(Connection& connection)
    : connection_(connection),
      rows_(connection.prepare("SELECT p.id, p.version, p.proposer, p.target, p.class_key, p.created, t.text, v.uuid "
                               "FROM release_proposals p JOIN versions v ON v.version = p.version "
                               "JOIN names t ON t.name = v.type "
                               "WHERE p.organisation = ? AND length(v.bytes) > 0 ORDER BY p.created, p.id")) {}

core::Result<std::vector<ReleaseProposal>> ReleaseReads::proposals(RowId organisation) {
  try {
    std::vector<ReleaseProposal> out;
    rows_.start().bind(organisation);
    while (rows_.step())
      out.push_back({core::to_array<16>(rows_.text(0)).value(), organisation, rows_.integer(1), rows_.integer(2),
                     std::string(rows_.text(3)), std::string(rows_.text(4)), rows_.integer(5),
                     std::string(rows_.text(6)), core::to_array<16>(rows_.text(7)).value()});
    rows_.reset();
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
