#include "server/ledger/audit_checkpoints.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <tuple>

#include "schema/log/audit_leaf.hpp"
#include "server/base/files.hpp"

namespace tocsin::ledger {
namespace {

constexpr std::size_t kLongestFile = 256u << 20;

std::unexpected<core::Error> inconsistent(std::string detail) {
  return core::fail(core::Code::log_inconsistent, std::move(detail), "",
                    "See what `tocsind audit verify` finds before anything else is done.");
}

// All of it or nothing: half a note would be none that our key signed, and nothing could be signed after it.
core::Result<void> append_to(std::filesystem::path const& file, std::string_view text) {
  int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  off_t const before = descriptor >= 0 ? ::lseek(descriptor, 0, SEEK_END) : -1;
  bool written = descriptor >= 0 &&
                 ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                 ::fdatasync(descriptor) == 0;
  bool full = errno == ENOSPC || errno == EDQUOT;
  if (!written && before >= 0) std::ignore = ::ftruncate(descriptor, before);
  if (descriptor >= 0) ::close(descriptor);
  if (written) return {};
  return core::fail(full ? core::Code::storage_full : core::Code::io_failed,
                    "The checkpoint cannot be appended to " + file.string() + ".");
}

}  // namespace

core::Result<std::vector<KnownRoot>> parse_audit_checkpoints(std::string_view text, log::VerifierKey const& key) {
  std::vector<KnownRoot> out;
  while (!text.empty()) {
    // A note has one empty line inside and ours one behind it.
    auto inside = text.find("\n\n");
    auto behind = inside == std::string_view::npos ? inside : text.find("\n\n", inside + 2);
    std::string_view note = text.substr(0, behind == std::string_view::npos ? behind : behind + 1);
    auto opened = log::open_checkpoint(note, key, {});
    if (!opened) return std::unexpected(opened.error());
    out.push_back({opened->checkpoint.size, opened->checkpoint.root});
    text.remove_prefix(behind == std::string_view::npos ? text.size() : behind + 2);
  }
  return out;
}

AuditCheckpoints::AuditCheckpoints(log::SignerKey key, std::filesystem::path file)
    : key_(std::move(key)), file_(std::move(file)) {}

core::Result<AuditCheckpoints::Signed> AuditCheckpoints::sign(store::AuditReader& reader) {
  std::lock_guard lock(mutex_);
  return sign_locked(reader);
}

core::Result<void> AuditCheckpoints::publish(store::AuditReader& reader) {
  std::lock_guard lock(mutex_);
  auto signed_now = sign_locked(reader);
  if (!signed_now) return std::unexpected(signed_now.error());
  log::Checkpoint const& checkpoint = signed_now->checkpoint;
  if (checkpoint.size == (published_ ? published_->size : 0)) return {};
  if (auto written = append_to(file_, signed_now->note + "\n"); !written) return written;
  published_ = KnownRoot{checkpoint.size, checkpoint.root};
  return {};
}

core::Result<AuditCheckpoints::Signed> AuditCheckpoints::sign_locked(store::AuditReader& reader) {
  if (auto loaded = load(); !loaded) return std::unexpected(loaded.error());
  auto size = reader.size();
  if (!size) return std::unexpected(size.error());
  if (auto extended = extend(reader, *size); !extended) return std::unexpected(extended.error());
  log::Checkpoint checkpoint{key().name(), range_.size(), range_.root()};
  auto note = log::sign_checkpoint(checkpoint, key_);
  if (!note) return std::unexpected(note.error());
  return Signed{checkpoint, note->format()};
}

core::Result<void> AuditCheckpoints::load() {
  if (loaded_) return {};
  auto text = base::read_file(file_, kLongestFile);
  if (!text && text.error().code != core::Code::not_found) return std::unexpected(text.error());
  auto known = parse_audit_checkpoints(text.value_or(""), key());
  if (!known) return inconsistent(file_.string() + " holds a checkpoint that the key of this log did not sign.");
  if (!known->empty()) published_ = known->back();
  loaded_ = true;
  return {};
}

core::Result<void> AuditCheckpoints::extend(store::AuditReader& reader, std::uint64_t size) {
  if (size < range_.size() || (published_ && size < published_->size))
    return inconsistent("The audit trail is shorter than it was when it was signed.");
  std::string broken;
  store::AuditQuery query;
  query.first = range_.size();
  query.last = size;
  log::CompactRange range = range_;
  auto visited = reader.visit(query, [&](store::AuditRow const& row) {
    auto salt = core::to_array<32>(row.salt), leaf = core::to_array<32>(row.leaf);
    if (row.position != range.size() || !salt || !leaf || log::audit_leaf(*salt, row.entry) != *leaf) {
      broken = "Entry " + std::to_string(range.size()) + " of the audit trail does not give its leaf.";
      return false;
    }
    range.append(*leaf);
    if (published_ && range.size() == published_->size && range.root() != published_->root) {
      broken = "The audit trail is another than the one that was signed.";
      return false;
    }
    return true;
  });
  if (!visited) return visited;
  if (broken.empty() && range.size() != size) broken = "The audit trail has fewer entries than it counts.";
  if (!broken.empty()) return inconsistent(std::move(broken));
  range_ = std::move(range);
  return {};
}

}  // namespace tocsin::ledger
