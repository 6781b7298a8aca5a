#include "schema/log/head_exchange.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "schema/core/digest.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kLabel = "fed/heads/v1\n";
constexpr std::string_view kQuestion = "tocsin.head-question/v1\n", kAnswer = "tocsin.later-heads/v1\n";
constexpr std::size_t kNonce = 16, kTag = 32, kLength = 4;

std::unexpected<core::Error> malformed(char const* detail) {
  return core::fail(core::Code::openings_malformed, detail);
}

}  // namespace

core::Digest head_tag(core::Salt const& body_salt, core::Uuid const& nonce, HeadParties const& parties) {
  return core::hmac_sha256(core::view(body_salt),
                           std::array<std::string_view, 8>{kLabel, core::view(nonce), parties.origin, "\n",
                                                           parties.asker, "\n", parties.answerer, "\n"});
}

HeadQuestion ask_for_heads(std::vector<core::Salt> const& body_salts, HeadParties const& parties) {
  HeadQuestion out;
  core::random_bytes(out.nonce);
  out.tags.resize(kHeadTags);
  auto const known = std::min(body_salts.size(), kHeadTags);
  for (std::size_t i = 0; i < kHeadTags; ++i) {
    if (i < known)
      out.tags[i] = head_tag(body_salts[i], out.nonce, parties);
    else
      core::random_bytes(out.tags[i]);
  }
  return out;
}

std::string format_head_question(HeadQuestion const& question) {
  std::string out(kQuestion);
  out += core::view(question.nonce);
  for (auto const& tag : question.tags) out += core::view(tag);
  return out;
}

core::Result<HeadQuestion> parse_head_question(std::string_view bytes) {
  if (!bytes.starts_with(kQuestion) || bytes.size() != kQuestion.size() + kNonce + kHeadTags * kTag)
    return malformed("The question is none for heads.");
  bytes.remove_prefix(kQuestion.size());
  HeadQuestion out{core::to_array<kNonce>(bytes.substr(0, kNonce)).value(), {}};
  bytes.remove_prefix(kNonce);
  for (std::size_t i = 0; i < kHeadTags; ++i)
    out.tags.push_back(core::to_array<kTag>(bytes.substr(i * kTag, kTag)).value());
  return out;
}

core::Result<LaterHead> LaterHead::of(OpenedEntry entry, std::string_view origin) {
  auto header = Header::parse(entry.header);
  if (!header || header->op != Header::Op::head || header->origin != origin)
    return core::fail(core::Code::opening_false, "The entry is no head of this log.");
  if (!entry.is_closed()) {
    entry.body_salt = commit_body(entry.body_salt, entry.body);
    entry.body.clear();
  }
  return LaterHead{std::move(entry), *std::move(header)};
}

std::string LaterHead::opening() const {
  return format_openings({header.origin, {}, entry.index, entry.index + 1, {entry}});
}

std::string format_later_heads(std::vector<LaterHead> const& heads) {
  std::string out(kAnswer);
  for (auto const& head : heads) {
    auto const opening = head.opening();
    for (std::size_t i = kLength; i-- > 0;) out += static_cast<char>(opening.size() >> (8 * i) & 0xFF);
    out += opening;
  }
  return out;
}

core::Result<std::vector<LaterHead>> parse_later_heads(std::string_view bytes, std::string_view origin) {
  if (!bytes.starts_with(kAnswer)) return malformed("The answer is none of heads.");
  auto left = bytes.substr(kAnswer.size());
  std::vector<LaterHead> out;
  while (!left.empty()) {
    std::size_t size = 0;
    for (char const c : left.substr(0, kLength)) size = size << 8 | static_cast<std::uint8_t>(c);
    if (left.size() < kLength || left.size() - kLength < size || out.size() == kHeadTags)
      return malformed("The answer is cut off, or has more heads than were asked for.");
    auto opened = parse_openings(left.substr(kLength, size));
    if (!opened) return std::unexpected(opened.error());
    if (opened->entries.size() != 1 || !opened->entries.front().is_closed())
      return malformed("A head is not alone, or is opened.");
    auto head = LaterHead::of(std::move(opened->entries.front()), origin);
    if (!head) return std::unexpected(head.error());
    out.push_back(*std::move(head));
    left.remove_prefix(kLength + size);
  }
  if (format_later_heads(out) != bytes) return malformed("The answer is not written as it has to be.");
  return out;
}

}  // namespace tocsin::log
