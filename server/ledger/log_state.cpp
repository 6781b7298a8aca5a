#include "server/ledger/log_state.hpp"

#include <utility>

#include "schema/log/compact_range.hpp"
#include "schema/log/decimal.hpp"
#include "server/base/files.hpp"

namespace tocsin::ledger {
namespace {

constexpr std::string_view kRunning = "running\n", kStopped = "stopped\n", kLast = "last ", kTime = "time ";

// Takes the last line off the end of `text` if it begins with `word`, and returns what follows that.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view word) {
  if (!text.ends_with('\n')) return std::nullopt;
  auto line = text.substr(0, text.size() - 1);
  auto const begin = line.rfind('\n') + 1;
  line.remove_prefix(begin);
  if (!line.starts_with(word)) return std::nullopt;
  text = text.substr(0, begin);
  return line.substr(word.size());
}

core::Result<void> take_time(std::string_view& text, LogState& state) {
  auto const line = take_line(text, kTime);
  if (line) state.time_s = log::parse_decimal(*line);
  if (!line || state.time_s) return {};
  return core::fail(core::Code::checkpoint_malformed, "The line `time` is no number of seconds.");
}

core::Result<void> take_last(std::string_view& text, LogState& state) {
  auto const line = take_line(text, kLast);
  auto const bytes = line ? core::from_base64(*line) : std::nullopt;
  if (bytes) state.last = core::to_array<32>(*bytes);
  if (!line || state.last) return {};
  return core::fail(core::Code::checkpoint_malformed, "The line `last` is not the hash of a leaf.");
}

}  // namespace

std::string LogState::text() const {
  std::string out = log::format_checkpoint(log);
  if (last) out += std::string(kLast) + core::to_base64(core::view(*last)) + "\n";
  if (time_s) out += std::string(kTime) + std::to_string(*time_s) + "\n";
  return out.append(stopped ? kStopped : kRunning);
}

core::Result<LogState> LogState::parse(std::string_view text) {
  LogState state;
  state.stopped = text.ends_with(kStopped);
  if (!state.stopped && !text.ends_with(kRunning))
    return core::fail(core::Code::checkpoint_malformed, "The last line is neither `running` nor `stopped`.");
  text.remove_suffix(kStopped.size());
  if (auto taken = take_time(text, state); !taken) return std::unexpected(taken.error());
  if (auto taken = take_last(text, state); !taken) return std::unexpected(taken.error());
  auto checkpoint = log::parse_checkpoint(text);
  if (!checkpoint) return std::unexpected(checkpoint.error());
  state.log = *std::move(checkpoint);
  return state;
}

core::Result<std::optional<LogState>> read_log_state(std::filesystem::path const& file) {
  auto text = base::read_file(file, 4'096);
  if (!text && text.error().code == core::Code::not_found) return std::nullopt;
  if (!text) return std::unexpected(text.error());
  auto state = LogState::parse(*text);
  if (state) return *std::move(state);
  return core::fail(state.error().code, file.string() + ": " + state.error().detail, "",
                    "Put the file back as it was, or remove it when the database is known to be whole.");
}

core::Result<void> write_log_state(std::filesystem::path const& file, LogState const& state) {
  return base::write_file(file, state.text(), 0600);
}

core::Result<void> mark_running(std::filesystem::path const& file) {
  auto state = read_log_state(file);
  if (!state) return std::unexpected(state.error());
  if (!*state || !(*state)->stopped) return {};
  (*state)->stopped = false;
  auto written = write_log_state(file, **state);
  if (written || written.error().code != core::Code::storage_full) return written;
  static_assert(kRunning.size() == kStopped.size());
  return base::overwrite_end(file, kRunning);
}

core::Result<bool> continues(store::LogStore& logs, LogState const& state) {
  auto const& checkpoint = state.log;
  if (state.last && checkpoint.size > 0) {
    bool same = false;
    auto read = logs.visit_leaves(store::LogName::data, checkpoint.size - 1, [&](std::string_view leaf) {
      same = leaf == core::view(*state.last);
      return false;
    });
    if (!read) return std::unexpected(read.error());
    return same;
  }
  log::CompactRange range;
  auto read = logs.visit_leaves(store::LogName::data, 0, [&](std::string_view bytes) {
    auto leaf = core::to_array<32>(bytes);
    if (range.size() == checkpoint.size || !leaf) return false;
    range.append(*leaf);
    return true;
  });
  if (!read) return std::unexpected(read.error());
  return range.size() == checkpoint.size && range.root() == checkpoint.root;
}

}  // namespace tocsin::ledger
