#include "server/store/sqlite/openings.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <utility>

#include "server/store/sqlite/publications.hpp"
#include "server/store/sqlite/snapshot.hpp"

namespace tocsin::store::sqlite {
namespace {

std::int64_t signed_of(std::uint64_t index) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(std::min(index, kMost));
}

// Each is read whole and hashed, and how large it is is not for who asks to know.
constexpr std::size_t kMostClosed = 200;

// As schema/log/openings.hpp writes it.
std::size_t bytes_of(log::OpenedEntry const& entry) {
  std::size_t out = 8 + 2 + entry.header.size() + 32 + 32 + 1 + 4 + entry.body.size();
  for (auto const& alias : entry.collections) out += 1 + alias.size();
  return out;
}

// A leaf that its content does not give would be taken for misconduct by whoever is shown it.
core::Error false_leaf(char const* log, std::uint64_t index) {
  return {core::Code::log_inconsistent,
          "Entry " + std::to_string(index) + " of the " + log + " log does not agree with what is stored.", "",
          "The operator finds out more with: tocsind check"};
}

core::Error not_kept(std::uint64_t index) {
  return {core::Code::unavailable,
          "Entry " + std::to_string(index) + " of the control log was applied here before such entries were kept.", "",
          "Read the log from its origin."};
}

}  // namespace

// The entries of one answer, until it is full.
class OpeningReads::Gathering {
 public:
  explicit Gathering(OpeningRange const& range) : range_(range) {}

  // `row`: header, both salts, body and leaf, from column `first` on. `closed`: without the body, which its commitment
  // stands for.
  Took take(log::OpenedEntry entry, Statement const& row, int first, bool closed = false) {
    auto const header_salt = core::to_array<32>(row.text(first + 1)),
               body_salt = core::to_array<32>(row.text(first + 2));
    if (!header_salt || !body_salt) return Took::false_leaf;
    if (closed && closed_ == kMostClosed) return Took::full;
    entry.header = row.text(first);
    entry.header_salt = *header_salt;
    entry.body_salt = *body_salt;
    if (closed)
      entry.body_salt = log::commit_body(*body_salt, row.text(first + 3));
    else
      entry.body = row.text(first + 3);
    if (core::view(entry.leaf()) != row.text(first + 4)) return Took::false_leaf;
    std::size_t const bytes = bytes_of(entry);
    bool const room = out_.entries.size() < range_.most && bytes_ + bytes <= range_.most_bytes;
    if (!room && !out_.entries.empty()) return Took::full;
    bytes_ += bytes;
    closed_ += closed ? 1 : 0;
    out_.entries.push_back(std::move(entry));
    return Took::yes;
  }

  OpenedRange& out() { return out_; }

 private:
  OpeningRange const& range_;
  OpenedRange out_;
  std::size_t bytes_ = 0, closed_ = 0;
};

OpeningReads::OpeningReads(Connection& connection)
    : connection_(connection),
      begin_(connection.prepare("BEGIN")),
      end_(connection.prepare("COMMIT")),
      entries_(connection.prepare(
          "SELECT v.origin_index, v.version, v.class, n.collection FROM versions v INDEXED BY versions_by_leaf "
          "LEFT JOIN numberings n ON n.numbering = v.numbering "
          "WHERE v.origin = 0 AND v.origin_index >= ?1 AND v.origin_index < ?2 "
          "UNION ALL SELECT h.position, 0, n.class, n.collection FROM heads h JOIN numberings n USING (numbering) "
          "WHERE h.position >= ?1 AND h.position < ?2 ORDER BY 1")),
      places_(connection.prepare("SELECT collection, sequence, place FROM publications WHERE version = ?")),
      content_(connection.prepare(
          "SELECT v.header, v.header_salt, v.body_salt, v.bytes, l.leaf FROM versions v "
          "JOIN leaves l ON l.log = 0 AND l.position = v.origin_index WHERE v.version = ? AND length(v.bytes) > 0")),
      head_(connection.prepare("SELECT h.header, h.header_salt, h.body_salt, h.body, l.leaf FROM heads h "
                               "JOIN leaves l ON l.log = 0 AND l.position = h.position WHERE h.position = ?")),
      control_(connection.prepare(
          "SELECT l.position, c.header, c.header_salt, c.body_salt, c.body, l.leaf FROM leaves l "
          "JOIN control_entries c ON c.position = l.position WHERE l.log = 1 AND l.position >= ? AND l.position < ? "
          "ORDER BY l.position")),
      foreign_entries_(
          connection.prepare("SELECT origin_index, version, class, 0 FROM versions INDEXED BY versions_by_leaf "
                             "WHERE origin = ? AND origin_index >= ? AND origin_index < ? ORDER BY origin_index")),
      foreign_content_(connection.prepare(
          "SELECT v.header, v.header_salt, v.body_salt, v.bytes, substr(t.hashes, 1 + v.origin_index % 256 * 32, 32) "
          "FROM versions v JOIN origin_tiles t ON t.origin = v.origin AND t.log = 0 AND t.tile = v.origin_index / 256 "
          "WHERE v.version = ? AND length(v.bytes) > 0")),
      foreign_control_(
          connection.prepare("SELECT c.position, c.header, c.header_salt, c.body_salt, c.body, "
                             "substr(t.hashes, 1 + c.position % 256 * 32, 32) FROM origin_control_openings c "
                             "JOIN origin_tiles t ON t.origin = c.origin AND t.log = 1 AND t.tile = c.position / 256 "
                             "WHERE c.origin = ? AND c.position >= ? AND c.position < ? ORDER BY c.position")) {}

core::Result<OpenedRange> OpeningReads::data(OpeningRange const& range, OpeningWindow const& window) {
  try {
    Snapshot snapshot(connection_, begin_, end_);
    entries_.start().bind(signed_of(range.from)).bind(signed_of(range.to));
    return gather_data(range, window, entries_,
                       [&](At const& at, Gathering& gathering) { return take_own(at, window, gathering); });
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<OpenedRange> OpeningReads::control(OpeningRange const& range) {
  try {
    Snapshot snapshot(connection_, begin_, end_);
    control_.start().bind(signed_of(range.from)).bind(signed_of(range.to));
    return gather_control(range, control_, [](std::uint64_t index) { return false_leaf("control", index); });
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<OpenedRange> OpeningReads::relayed_data(RowId origin, OpeningRange const& range,
                                                     OpeningWindow const& window, MayBeRelayed const& may) {
  try {
    Snapshot snapshot(connection_, begin_, end_);
    foreign_entries_.start().bind(origin).bind(signed_of(range.from)).bind(signed_of(range.to));
    return gather_data(range, window, foreign_entries_,
                       [&](At const& at, Gathering& gathering) { return take_relayed(at, window, may, gathering); });
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<OpenedRange> OpeningReads::relayed_control(RowId origin, OpeningRange const& range) {
  try {
    Snapshot snapshot(connection_, begin_, end_);
    foreign_control_.start().bind(origin).bind(signed_of(range.from)).bind(signed_of(range.to));
    return gather_control(range, foreign_control_, not_kept);
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<std::string>> OpeningReads::later_heads(RowId origin, IsAsked const& is_asked,
                                                                 std::size_t most) {
  try {
    Snapshot snapshot(connection_, begin_, end_);
    Statement heads = connection_.prepare(
        "SELECT token, salt, rank FROM origin_heads INDEXED BY origin_heads_by_token WHERE origin = ? ORDER BY token, "
        "position");
    std::vector<std::int64_t> found;
    std::string asked;  // the numbering of the head before, when that is asked for
    heads.start().bind(origin);
    while (heads.step()) {
      bool const is_next = heads.text(0) == asked;
      if (is_next) found.push_back(heads.integer(2));
      asked = is_asked(core::to_array<32>(heads.text(1)).value()) ? heads.text(0) : "";
    }
    std::ranges::sort(found, std::greater<>());
    if (found.size() > most) found.resize(most);  // an origin that uses a salt twice makes one head many
    Statement opening = connection_.prepare("SELECT opening FROM origin_heads WHERE origin = ? AND rank = ?");
    std::vector<std::string> out;
    for (auto const rank : found)
      if (opening.start().bind(origin).bind(rank).step()) out.emplace_back(opening.text(0));
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<OpenedRange> OpeningReads::gather_data(OpeningRange const& range, OpeningWindow const& window,
                                                    Statement& rows, Take const& take) {
  Gathering gathering(range);
  gathering.out().to = range.to;
  while (rows.step()) {
    At const at{static_cast<std::uint64_t>(rows.integer(0)), rows.integer(1), rows.integer(3)};
    RowId const class_row = rows.integer(2);
    gathering.out().to = at.index;
    if (class_row > window.classes_through) return std::move(gathering.out());
    auto const took = window.classes.contains(class_row) ? take(at, gathering) : Took::yes;
    if (took == Took::false_leaf) return std::unexpected(false_leaf("data", at.index));
    if (took == Took::full) return std::move(gathering.out());
    gathering.out().to = range.to;
  }
  return std::move(gathering.out());
}

// Who sees the class in the collection that an entry is numbered in is shown every number there, and the heads.
OpeningReads::Took OpeningReads::take_own(At const& at, OpeningWindow const& window, Gathering& gathering) {
  log::OpenedEntry entry;
  entry.index = at.index;
  bool const member = std::ranges::any_of(window.collections,
                                          [&](auto const& collection) { return collection.first == at.collection; });
  if (at.version == 0) {
    bool const there = member && head_.start().bind(signed_of(at.index)).step();
    return there ? gathering.take(std::move(entry), head_, 0) : Took::yes;
  }
  std::vector<std::pair<RowId, std::int64_t>> places;
  bool const shown = find_places(at.version, window, entry, places);
  if ((!shown && !member) || !content_.start().bind(at.version).step()) return Took::yes;
  auto const took = gathering.take(std::move(entry), content_, 0, !shown);
  if (took == Took::yes) std::ranges::copy(places, std::back_inserter(gathering.out().places));
  return took;
}

// Of another's log objects alone: a relay has no say in what its origin numbers.
OpeningReads::Took OpeningReads::take_relayed(At const& at, OpeningWindow const& window, MayBeRelayed const& may,
                                              Gathering& gathering) {
  log::OpenedEntry entry;
  entry.index = at.index;
  std::vector<std::pair<RowId, std::int64_t>> places;
  if (!find_places(at.version, window, entry, places)) return Took::yes;
  if (!foreign_content_.start().bind(at.version).step() || !may(foreign_content_.text(3))) return Took::yes;
  auto const took = gathering.take(std::move(entry), foreign_content_, 0);
  if (took == Took::yes) std::ranges::copy(places, std::back_inserter(gathering.out().places));
  return took;
}

bool OpeningReads::find_places(RowId version, OpeningWindow const& window, log::OpenedEntry& entry,
                               std::vector<std::pair<RowId, std::int64_t>>& places) {
  constexpr std::size_t kMostCollections = 255;  // an opening counts them in a byte
  places_.start().bind(version);
  while (places_.step() && places.size() < kMostCollections) {
    if ((places_.integer(2) & kEnded) != 0) continue;
    auto const named = std::ranges::find(window.collections, places_.integer(0), &std::pair<RowId, std::string>::first);
    if (named == window.collections.end()) continue;
    entry.collections.push_back(named->second);
    places.emplace_back(named->first, places_.integer(1));
  }
  places_.reset();
  return !places.empty();
}

core::Result<OpenedRange> OpeningReads::gather_control(OpeningRange const& range, Statement& rows,
                                                       core::Error (*missing)(std::uint64_t index)) {
  Gathering gathering(range);
  auto& next = gathering.out().to;
  next = range.from;
  while (rows.step()) {
    log::OpenedEntry entry;
    entry.index = static_cast<std::uint64_t>(rows.integer(0));
    if (entry.index != next) break;
    auto const took = gathering.take(std::move(entry), rows, 1);
    if (took == Took::false_leaf) return std::unexpected(false_leaf("control", next));
    if (took == Took::full) return std::move(gathering.out());
    ++next;
  }
  if (next != range.to) return std::unexpected(missing(next));
  return std::move(gathering.out());
}

}  // namespace tocsin::store::sqlite
