#include "server/app/audit_check.hpp"

#include <iostream>

#include "schema/core/counted.hpp"
#include "schema/core/digest.hpp"
#include "server/app/log_keys.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {

core::Result<std::vector<ledger::KnownRoot>> known_audit_roots(Layout const& layout,
                                                               std::filesystem::path const& given) {
  std::filesystem::path file = given.empty() ? layout.audit_checkpoints() : given;
  auto content = base::read_file(file, 256u << 20);
  if (!content && content.error().code == core::Code::not_found && given.empty())
    return std::vector<ledger::KnownRoot>{};
  if (!content) return std::unexpected(content.error());
  auto key = read_signer(layout.audit_key());
  if (!key && key.error().code == core::Code::not_found)
    return core::fail(core::Code::not_found,
                      layout.audit_key().string() + " is missing, which signed the checkpoints of the trail.", "",
                      "Put it back. Without it the server makes another at its next start.");
  if (!key) return std::unexpected(key.error());
  auto known = ledger::parse_audit_checkpoints(*content, key->verifier());
  if (!known)
    return core::fail(known.error().code, file.string() + " is not a list of checkpoints that this log's key signed.",
                      "", "Give another with --checkpoints.");
  return known;
}

core::Result<ledger::LogVerdict> check_audit_trail(store::Database& database, std::vector<ledger::KnownRoot> known) {
  auto reader = database.open_reader();
  if (!reader) return std::unexpected(reader.error());
  auto size = (*reader)->audit().size();
  if (!size) return std::unexpected(size.error());
  ledger::AuditVerifier verifier(std::move(known));
  store::AuditQuery query;
  query.last = *size;  // what is added meanwhile is not looked at
  auto visited = (*reader)->audit().visit(query, [&](store::AuditRow const& row) {
    verifier.add(row);
    return true;
  });
  if (!visited) return std::unexpected(visited.error());
  return verifier.finish(*size);
}

bool say_audit_verdict(ledger::LogVerdict const& verdict, std::size_t compared) {
  for (auto const& finding : verdict.findings) std::cout << "audit\t" << finding << '\n';
  std::cout << "audit\tsize " << verdict.size << ", root " << core::to_base64(core::view(verdict.root)) << ", "
            << core::counted(compared, "checkpoint", "checkpoints") << '\n';
  return verdict.findings.empty();
}

}  // namespace tocsin::app
