// The whole server with an audit trail that takes nothing and says that all is written: what auditing costs is the
// difference. The linker finds these definitions before those of the two rooms.
//
// usage: audit_off DIRECTORY ADDRESS:PORT
#include <nlohmann/json.hpp>

#include "server/app/verbs.hpp"
#include "server/ledger/read_audit.hpp"
#include "server/store/database.hpp"
#include "server/store/sqlite/audit.hpp"

namespace tocsin::ledger {

ReadAudit::ReadAudit(GroupCommit& ledger, store::AuditStore& audit, base::Clock const& clock,
                     ReadAuditOptions const& options, base::Log& log, base::Metrics& metrics)
    : ledger_(ledger),
      audit_(audit),
      clock_(clock),
      log_(log),
      interval_(options.interval),
      patience_(options.patience),
      lost_total_(metrics.counter("tocsin_audit_reads_lost_total", "")),
      refused_total_(metrics.counter("tocsin_audit_reads_refused_total", "")),
      waiting_gauge_(metrics.gauge("tocsin_audit_reads_waiting", "")),
      spilled_gauge_(metrics.gauge("tocsin_audit_spilled_entries", "")),
      ranges_(options.filter_key),
      spill_(options.spill, options.spill_bytes) {}
ReadAudit::~ReadAudit() = default;
void ReadAudit::record(ReadNote const&) {}
void ReadAudit::record(ReadNote const&, Done done) { done({}); }
void ReadAudit::flush() {}

}  // namespace tocsin::ledger

namespace tocsin::store::sqlite {

Audit::Audit(Connection& connection, base::Clock const& clock)
    : connection_(connection),
      clock_(clock),
      next_(connection.prepare("SELECT 1")),
      insert_entry_(connection.prepare("SELECT 1")),
      insert_leaf_(connection.prepare("SELECT 1")),
      collection_(connection.prepare("SELECT 1")),
      organisation_(connection.prepare("SELECT 1")) {}
core::Result<void> Audit::append(std::span<AuditEntry const>) { return {}; }
void Audit::note(std::string_view, nlohmann::json) {}
void Audit::note(std::span<CommitPart const>, std::span<std::vector<Fate> const>) {}
void Audit::note(Withdrawal const&, std::span<std::int64_t const>) {}
void Audit::note(Erasure const&, Erased const&) {}
void Audit::note(Destroyed const&) {}
void Audit::note(Retraction const&, Retracted const&) {}
void Audit::note(Delivery const&, std::span<Fate const>) {}
std::string Audit::organisation_name(RowId) { return {}; }
std::string Audit::collection_id(RowId) { return {}; }

core::Result<std::uint64_t> AuditReads::size() { return 0; }
core::Result<void> AuditReads::visit(AuditQuery const&, std::function<bool(AuditRow const&)> const&) { return {}; }

}  // namespace tocsin::store::sqlite

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  return tocsin::app::serve({argv[1]}, argv[2], tocsin::store::open_sqlite);
}
