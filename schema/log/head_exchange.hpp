// What members of a class ask each other of an origin's log: whether heads came after those that they were shown. A
// head is named by a tag that only who was opened it can make or recognise, and who has no such head, none after it, or
// is not shown the class gives one and the same answer. What is answered are headers alone, each with what its leaf is
// made of. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/header.hpp"
#include "schema/log/openings.hpp"

namespace tocsin::log {

// Data logs of three instances: whose heads are compared, who asks, who is asked.
struct HeadParties {
  std::string_view origin, asker, answerer;
};

// HMAC-SHA-256(key = salt of the head's body, "fed/heads/v1\n" || nonce || origin LF asker LF answerer LF). Of no use
// to whoever has not the salt, with anybody else, or another time.
[[nodiscard]] core::Digest head_tag(core::Salt const& body_salt, core::Uuid const& nonce, HeadParties const& parties);

// The body of a request:
//   tocsin.head-question/v1 LF
//   nonce (16 bytes) · tags (32 each)      always kHeadTags of them; what is no tag is random, and looks alike
struct HeadQuestion {
  core::Uuid nonce{};
  std::vector<core::Digest> tags;

  friend bool operator==(HeadQuestion const&, HeadQuestion const&) = default;
};
inline constexpr std::size_t kHeadTags = 256;
// Of the newest heads that were opened, at most kHeadTags, by the salts of their bodies; the rest is filled up.
[[nodiscard]] HeadQuestion ask_for_heads(std::vector<core::Salt> const& body_salts, HeadParties const& parties);
[[nodiscard]] std::string format_head_question(HeadQuestion const& question);
// Exactly what format_head_question writes. Error: openings_malformed.
[[nodiscard]] core::Result<HeadQuestion> parse_head_question(std::string_view bytes);

// A head that its origin logged, as far as it is shown to who was not opened it: its header and what its leaf is made
// of. Error: opening_false when the entry is no head, or not of this log.
struct LaterHead {
  OpenedEntry entry;  // closed
  Header header;
  [[nodiscard]] static core::Result<LaterHead> of(OpenedEntry entry, std::string_view origin);
  [[nodiscard]] std::string opening() const;  // alone, as schema/log/openings.hpp writes it
};

// The answer:
//   tocsin.later-heads/v1 LF
//   of each: length (4 bytes, big-endian), openings of this one entry
[[nodiscard]] std::string format_later_heads(std::vector<LaterHead> const& heads);
// Exactly what format_later_heads writes of heads of this log, kHeadTags at most. Errors: openings_malformed,
// opening_false.
[[nodiscard]] core::Result<std::vector<LaterHead>> parse_later_heads(std::string_view bytes, std::string_view origin);
inline constexpr std::size_t kMostLaterHeadsBytes = 512u << 10;

}  // namespace tocsin::log
