#include "server/ledger/control.hpp"

#include <utility>

#include "schema/core/digest.hpp"
#include "schema/log/commitment.hpp"
#include "schema/log/control.hpp"

namespace tocsin::ledger {

store::ControlEntry control_entry(std::string op, log::Checkpoint data, log::Note const& statement) {
  store::ControlEntry entry;
  entry.header = log::ControlHeader{std::move(op), std::move(data)}.text();
  entry.header_salt = core::random_salt();
  entry.body_salt = core::random_salt();
  entry.body = statement.format();
  entry.entry =
      log::entry(log::commit_header(entry.header_salt, entry.header), log::commit_body(entry.body_salt, entry.body));
  entry.leaf = log::leaf(entry.entry);
  return entry;
}

}  // namespace tocsin::ledger
