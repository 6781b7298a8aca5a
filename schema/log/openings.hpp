// What an instance opens of its log to a peer: for each entry that the peer may see, all that its leaf is made of. The
// body of an answer; nothing in it is trusted before it reproduces a verified leaf. Of an entry that is published no
// more only the header is opened, and stands for its number. Pure; any thread.
//
//   tocsin.openings/v1 LF            a text of lines, as signed notes have
//   <log's origin> LF
//   <terms: 32 hex digits> LF        see store::Applied; zeros for the control log, which is open to every peer
//   <from> <to> <count> LF           decimal; entries [from, to) were considered, `count` of them are opened below
//   LF
//   count times, by ascending index in [from, to):
//     index (8 bytes, big-endian)
//     header length (2), header · header salt (32) · body salt (32)
//     number of collections (1), of each: length (1), alias     none in the control log, of a head, and of what is
//     closed body length (4), body        of what is closed none, and the commitment to the body stands for the body's
//     salt
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/commitment.hpp"

namespace tocsin::log {

struct OpenedEntry {
  std::uint64_t index = 0;
  std::string header;
  core::Salt header_salt{}, body_salt{};  // of what is closed: the commitment to the body
  std::vector<std::string> collections;   // aliases of where it is published, as far as the peer may know of them
  std::string body;

  [[nodiscard]] bool is_closed() const { return body.empty(); }
  [[nodiscard]] core::Digest leaf() const;  // that these are the opening of

  friend bool operator==(OpenedEntry const&, OpenedEntry const&) = default;
};

struct Openings {
  std::string origin;  // of the log whose entries they are
  core::Uuid terms{};
  std::uint64_t from = 0, to = 0;
  std::vector<OpenedEntry> entries;  // ascending

  friend bool operator==(Openings const&, Openings const&) = default;
};

// What an answer holds at most; one entry may be larger, and then is alone.
inline constexpr std::size_t kMostOpened = 1'000, kMostOpenedBytes = 4u << 20;
inline constexpr std::uint64_t kMostConsidered = 65'536;  // entries in one answer, opened or not

[[nodiscard]] std::string format_openings(Openings const& openings);
// Exactly what format_openings writes. Error: openings_malformed.
[[nodiscard]] core::Result<Openings> parse_openings(std::string_view bytes);

}  // namespace tocsin::log
