#include "schema/log/feed_manifest.hpp"

#include <algorithm>
#include <optional>

#include "schema/core/digest.hpp"
#include "schema/log/decimal.hpp"
#include "schema/log/labelled_lines.hpp"
#include "schema/log/note.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::log {
namespace {

// No line of a checkpoint begins as the second line does, so that a signature of one is never a signature of the other.
constexpr std::string_view kTitle = "tocsin/feed-manifest/v1", kFeed = "feed", kAsked = "asked",
                           kGeneration = "generation", kAsOf = "as-of", kExpires = "expires", kEntries = "entries",
                           kDigest = "sha256";

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::note_malformed, std::move(detail));
}

bool is_feed_name(std::string_view text) {
  return !text.empty() && text.size() <= 60 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == text.npos;
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool is_time(std::string_view text) {
  auto const time = stix::Timestamp::parse(text);
  return time && time->text() == text;
}

// The value of the next line, if it has this label and is one of these.
std::optional<std::string> take(LabelledLines& lines, std::string_view label, bool (*is_one)(std::string_view)) {
  auto const value = lines.take(label);
  if (!value || !is_one(*value)) return std::nullopt;
  return std::string(*value);
}

std::optional<std::uint64_t> take_number(LabelledLines& lines, std::string_view label) {
  auto const value = lines.take(label);
  return value ? parse_decimal(*value) : std::nullopt;
}

}  // namespace

std::string FeedManifest::text() const {
  std::string out = std::string(kTitle) + "\n";
  auto const add = [&out](std::string_view label, std::string const& value) {
    out.append(label).append(" ").append(value).append("\n");
  };
  add(kFeed, feed);
  add(kAsked, asked);
  add(kGeneration, std::to_string(generation));
  add(kAsOf, as_of);
  add(kExpires, expires);
  add(kEntries, std::to_string(entries));
  add(kDigest, sha256);
  return out;
}

core::Result<FeedManifest> FeedManifest::parse(std::string_view text) {
  LabelledLines lines(text);
  if (!lines.take_title(kTitle))
    return malformed("The first line is not that of a feed's manifest, or of another version.");
  auto feed = take(lines, kFeed, is_feed_name);
  auto asked = take(lines, kAsked, is_digest);
  auto const generation = take_number(lines, kGeneration);
  auto as_of = take(lines, kAsOf, is_time), expires = take(lines, kExpires, is_time);
  auto const entries = take_number(lines, kEntries);
  auto digest = take(lines, kDigest, is_digest);
  if (!feed || !asked || !generation || !as_of || !expires || !entries || !digest)
    return malformed("A line of the feed's manifest is missing, or does not say what it has to.");
  FeedManifest out{*std::move(feed),    *std::move(asked), *generation,       *std::move(as_of),
                   *std::move(expires), *entries,          *std::move(digest)};
  if (out.text() != text) return malformed("The feed's manifest has lines that do not belong there.");
  return out;
}

std::string asked_digest(std::vector<std::pair<std::string, std::string>> parameters) {
  std::ranges::sort(parameters);
  std::string all;
  for (auto const& [name, value] : parameters) {
    all.append(name).push_back('\0');
    all.append(value).push_back('\0');
  }
  return core::to_hex(core::view(core::sha256(all)));
}

core::Result<std::string> sign_feed_manifest(FeedManifest const& manifest, SignerKey const& log_key) {
  auto note = Note::from_text(manifest.text());
  if (!note) return std::unexpected(note.error());
  if (auto added = note->add(sign(log_key, note->text())); !added) return std::unexpected(added.error());
  return note->format();
}

core::Result<FeedManifest> open_feed_manifest(std::string_view bytes, VerifierKey const& log_key) {
  auto const note = Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  if (auto const verified = verify_note(*note, {&log_key, 1}); !verified) return std::unexpected(verified.error());
  return FeedManifest::parse(note->text());
}

}  // namespace tocsin::log
