#include "server/ledger/verify.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "schema/core/digest.hpp"
#include "schema/log/commitment.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/control.hpp"
#include "schema/log/hash.hpp"
#include "schema/log/numbering.hpp"
#include "server/ledger/verify_followed.hpp"
#include "server/ledger/verify_heads.hpp"

namespace tocsin::ledger {
namespace {

constexpr std::size_t kFindings = 20;

class Verifier {
 public:
  Verifier(store::LogStore& logs, std::optional<log::VerifierKey> const& root) : logs_(logs), root_(root) {}

  core::Result<LogVerdict> run() {
    if (auto done = control(); !done) return std::unexpected(done.error());
    if (auto done = data(); !done) return std::unexpected(done.error());
    auto unlogged = logs_.visit_unlogged([&](store::RowId row, std::string_view digest, std::string_view bytes) {
      if (core::view(core::sha256(bytes)) != digest)
        finding("version " + std::to_string(row) + " has bytes that differ from their digest");
      return true;
    });
    if (!unlogged) return std::unexpected(unlogged.error());
    auto followed = verify_followed(logs_);
    if (!followed) return std::unexpected(followed.error());
    for (auto& sentence : *followed) finding(std::move(sentence));
    auto heads = verify_heads(logs_);
    if (!heads) return std::unexpected(heads.error());
    for (auto& sentence : *heads) finding(std::move(sentence));
    return std::move(verdict_);
  }

 private:
  void finding(std::string sentence) {
    if (verdict_.findings.size() < kFindings) verdict_.findings.push_back(std::move(sentence));
  }

  core::Result<void> control() {
    return logs_.visit_control([&](store::LoggedControl const& row) {
      std::string who = "entry " + std::to_string(row.index) + " of the control log ";
      if (row.index != verdict_.control_size++) finding(who + "is out of order");
      if (!opens(row.header, row.header_salt, row.body, row.body_salt, row.leaf))
        finding(who + "does not reproduce its leaf");
      compare_entry(row.entry, row.leaf, who);
      auto header = log::ControlHeader::parse(row.header);
      if (!header) {
        finding(who + "has a header that is none");
        return true;
      }
      auto [at, fresh] = said_.emplace(header->data.size, header->data.root);
      if (!fresh && at->second != header->data.root) finding(who + "contradicts another one");
      if (!is_statement(*header, row.body))
        finding(who + "holds a statement that does not open or that the wrong key signed");
      return true;
    });
  }

  // Of what was erased before entries were kept there is none.
  void compare_entry(std::string_view entry, std::string_view leaf, std::string const& who) {
    if (!entry.empty() && core::view(log::leaf_hash(entry)) != leaf)
      finding(who + "has an entry that its leaf is not the hash of");
  }

  bool is_statement(log::ControlHeader const& header, std::string_view body) {
    if (header.op == "key") return is_key_change(body);
    if (header.op == "loss") return is_loss(header.data, body);
    if (header.op == "recall") return is_recall(body);
    return header.op == "erase" && is_erasure(body);
  }

  bool is_recall(std::string_view body) const {
    auto recall = log::open_recall(body);
    return recall && (!verdict_.key || *verdict_.key == recall->by);
  }

  bool is_erasure(std::string_view body) {
    auto erasure = log::open_erasure(body);
    if (!erasure || (verdict_.key && *verdict_.key != erasure->by)) return false;
    erased_.insert(erasure->indices.begin(), erasure->indices.end());
    return true;
  }

  bool is_key_change(std::string_view body) {
    auto change = log::open_key_change(body);
    if (!change || (verdict_.key && *verdict_.key != change->old)) return false;
    verdict_.key = change->next;
    return true;
  }

  // What the log held beyond the last that is here: others knew its leaves up to where it goes on.
  bool is_loss(log::Checkpoint const& goes_on, std::string_view body) {
    if (!root_) return false;
    auto loss = log::open_loss(body, *root_);
    if (!loss) return false;
    if (goes_on.size > loss->last.size) lost_.emplace_back(loss->last.size, goes_on.size);
    verdict_.key = loss->next;
    return true;
  }

  core::Result<void> data() {
    auto visited = logs_.visit(0, [&](store::LoggedVersion const& row) {
      look_at(row);
      compare_with_control();
      if (auto leaf = core::to_array<32>(row.leaf)) range_.append(*leaf);
      return true;
    });
    if (!visited && visited.error().code != core::Code::log_inconsistent) return visited;
    if (!visited) finding(visited.error().detail);
    compare_with_control();
    if (!said_.empty() && said_.rbegin()->first > range_.size())
      finding("the control log speaks of " + std::to_string(said_.rbegin()->first) + " leaves, and there are " +
              std::to_string(range_.size()));
    auto size = logs_.data_size();
    if (!size) return std::unexpected(size.error());
    if (*size != range_.size()) finding("the counted size of the log is " + std::to_string(*size));
    verdict_.size = range_.size();
    verdict_.root = range_.root();
    return {};
  }

  void look_at(store::LoggedVersion const& row) {
    std::string who = "leaf " + std::to_string(row.index) + " ";
    if (row.index != range_.size()) finding(who + "is out of order");
    compare_entry(row.entry, row.leaf, who);
    if (row.lost != is_declared_lost(row.index))
      finding(who + (row.lost ? "has no version, and was not declared lost" : "was declared lost, and is there"));
    if (row.lost) return;
    if (erased_.contains(row.index)) return look_at_erased(row, who);
    if (!row.is_head && core::view(core::sha256(row.bytes)) != row.digest)
      finding(who + "has bytes that differ from their digest");
    if (!opens(row.header, row.header_salt, row.bytes, row.body_salt, row.leaf))
      finding(who + "is not reproduced by its header, body and salts");
    auto header = log::Header::parse(row.header);
    if (!header) return finding(who + "has a header that is none");
    if (core::view(header->class_token) != row.class_token) finding(who + "names another class than its version has");
    if (row.is_head != (header->op == log::Header::Op::head)) finding(who + "says that it is something else");
    if (row.is_head)
      look_at_head(row, *header, who);
    else
      number(row, header->class_sequence, who);
    // The control log only grows.
    if (header->control_size < control_size_ || header->control_size > verdict_.control_size)
      finding(who + "names a size of the control log that it did not have");
    control_size_ = header->control_size;
  }

  // Numbers within a class and collection have no gap.
  void number(store::LoggedVersion const& row, std::uint64_t said, std::string const& who) {
    auto& now = numberings_[std::string(row.class_token)];
    if (said != ++now.count || said != row.class_sequence) finding(who + "is numbered out of order within its class");
    now.last = row.index;
    if (auto const leaf = core::to_array<32>(row.leaf)) now.rolling = log::roll(now.rolling, *leaf);
  }

  void look_at_head(store::LoggedVersion const& row, log::Header const& header, std::string const& who) {
    auto const said = log::Head::parse(row.bytes);
    auto const& now = numberings_[std::string(row.class_token)];
    if (!said || *said != now || header.class_sequence != now.count)
      finding(who + "is a head that does not say what its numbering had come to");
  }

  void look_at_erased(store::LoggedVersion const& row, std::string const& who) {
    if (!row.bytes.empty() || !row.header.empty() || !row.header_salt.empty() || !row.body_salt.empty() ||
        !row.digest.empty())
      finding(who + "was erased, as the control log says, and there is something left of it");
    number(row, row.class_sequence, who);
  }

  [[nodiscard]] bool is_declared_lost(std::uint64_t index) const {
    return std::ranges::any_of(lost_,
                               [&](auto const& stretch) { return index >= stretch.first && index < stretch.second; });
  }

  void compare_with_control() {
    auto said = said_.find(range_.size());
    if (said != said_.end() && said->second != range_.root())
      finding("the root of the first " + std::to_string(range_.size()) + " leaves is not the one in the control log");
  }

  store::LogStore& logs_;
  std::optional<log::VerifierKey> const& root_;
  LogVerdict verdict_;
  log::CompactRange range_;
  std::map<std::uint64_t, core::Digest> said_;   // roots that the control log names, by size
  std::set<std::uint64_t> erased_;               // leaves, as the control log says
  std::map<std::string, log::Head> numberings_;  // with their latest entries, by token
  // Stretches of leaves that were declared lost: the first of each, and the one behind it.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> lost_;
  std::uint64_t control_size_ = 0;  // named by the latest entry
};

}  // namespace

bool opens(std::string_view header, std::string_view header_salt, std::string_view body, std::string_view body_salt,
           std::string_view leaf) {
  auto first = core::to_array<32>(header_salt), second = core::to_array<32>(body_salt);
  if (!first || !second) return false;
  return core::view(log::leaf(log::entry(log::commit_header(*first, header), log::commit_body(*second, body)))) == leaf;
}

core::Result<LogVerdict> verify_log(store::LogStore& logs, std::optional<log::VerifierKey> const& root) {
  return Verifier(logs, root).run();
}

core::Result<LogVerdict> read_root(store::LogStore& logs, store::LogName log) {
  LogVerdict verdict;
  log::CompactRange range;
  auto visited = logs.visit_leaves(log, 0, [&](std::string_view bytes) {
    auto leaf = core::to_array<32>(bytes);
    if (leaf) range.append(*leaf);
    return leaf.has_value();
  });
  if (!visited) return std::unexpected(visited.error());
  verdict.size = range.size();
  verdict.root = range.root();
  return verdict;
}

core::Result<std::optional<core::Digest>> root_at(store::LogStore& logs, store::LogName log, std::uint64_t size) {
  log::CompactRange range;
  auto visited = logs.visit_leaves(log, 0, [&](std::string_view bytes) {
    auto leaf = range.size() < size ? core::to_array<32>(bytes) : std::nullopt;
    if (leaf) range.append(*leaf);
    return leaf.has_value();
  });
  if (!visited) return std::unexpected(visited.error());
  if (range.size() < size) return std::nullopt;
  return range.root();
}

}  // namespace tocsin::ledger
