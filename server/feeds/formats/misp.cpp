// A feed of MISP: an event, the manifest that names it, and the hashes of its values.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/bytes.hpp"
#include "schema/core/md5.hpp"
#include "schema/stix/identifier.hpp"
#include "schema/stix/marking.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/feeds/formats/documents.hpp"

namespace tocsin::feeds {
namespace {

using nlohmann::json;

constexpr std::int64_t kSecond = 1'000'000;
constexpr auto kJson = ".json";
constexpr std::string_view kType = "indicator--";
// What MISP calls them: of nobody but the organisation that reads it, complete, of medium threat.
constexpr auto kDistribution = "0", kAnalysis = "2", kThreat = "2", kCategory = "Network activity";

// The same event whenever it is made, and another one of each instance and feed.
std::string event_uuid(Publisher const& publisher, std::string_view feed) {
  auto const identity = stix::Identifier::parse(publisher.identity);
  return core::to_text(stix::uuid_v5(identity ? identity->uuid() : core::Uuid{}, "misp/" + std::string(feed)));
}

std::int64_t newest_us(std::span<Entry const> entries) {
  std::int64_t out = 0;
  for (auto const& entry : entries) out = std::max(out, entry.modified_us);
  return out;
}

std::string seconds(std::int64_t us) { return std::to_string(us / kSecond); }

json tag(stix::Tlp level) { return {{"name", "tlp:" + std::string(stix::name(level))}}; }

// The strictest of all: whoever hands the event on hands on all of it.
json tags(std::span<Entry const> entries) {
  std::optional<stix::Tlp> strictest;
  for (auto const& entry : entries) strictest = std::max(strictest, std::optional(entry.level));
  return strictest ? json::array({tag(*strictest)}) : json::array();
}

// What the manifest has of an event, and the event too.
json head_of(Publisher const& publisher, std::string_view feed, std::span<Entry const> entries) {
  auto const newest = newest_us(entries);
  auto const identity = stix::Identifier::parse(publisher.identity);
  return {{"info", "Tocsin " + std::string(feed)},
          {"date", stix::Timestamp::from_microseconds(newest).text().substr(0, 10)},
          {"timestamp", seconds(newest)},
          {"analysis", kAnalysis},
          {"threat_level_id", kThreat},
          {"Tag", tags(entries)},
          {"Orgc", {{"name", publisher.name}, {"uuid", identity ? core::to_text(identity->uuid()) : ""}}}};
}

std::string comment_of(Entry const& entry) {
  std::string out = "action: " + std::string(match::name(entry.action));
  if (entry.confidence) out += ", confidence: " + std::to_string(*entry.confidence);
  if (auto const until = valid_until_of(entry); !until.empty()) out += ", until: " + until;
  return out;
}

json attribute_of(Family family, Entry const& entry) {
  auto const value = value_text(family, entry);
  return {{"uuid", id_of(entry).substr(kType.size())},
          {"type", family == Family::asn ? "AS" : "ip-src"},
          {"category", kCategory},
          {"value", value},
          {"to_ids", entry.action > match::Action::observe},
          {"timestamp", seconds(entry.modified_us)},
          {"comment", comment_of(entry)},
          {"Tag", json::array({tag(entry.level)})}};
}

}  // namespace

Rendered as_misp_event(Publisher const& publisher, std::string_view feed, Family family,
                       std::span<Entry const> entries) {
  auto event = head_of(publisher, feed, entries);
  event["uuid"] = event_uuid(publisher, feed);
  event["publish_timestamp"] = event["timestamp"];
  event["published"] = true;
  event["distribution"] = kDistribution;
  auto attributes = json::array();
  for (auto const& entry : entries) attributes.push_back(attribute_of(family, entry));
  event["Attribute"] = std::move(attributes);
  return {json{{"Event", std::move(event)}}.dump() + "\n", entries.size()};
}

Rendered as_misp_manifest(Publisher const& publisher, std::string_view feed, Family, std::span<Entry const> entries) {
  return {json{{event_uuid(publisher, feed), head_of(publisher, feed, entries)}}.dump() + "\n", entries.size()};
}

Rendered as_misp_hashes(Publisher const& publisher, std::string_view feed, Family family,
                        std::span<Entry const> entries) {
  Rendered out{"", entries.size()};
  auto const event = event_uuid(publisher, feed);
  for (auto const& entry : entries) out.body += core::md5_hex(value_text(family, entry)) + "," + event + "\n";
  return out;
}

Format const* misp_file(Publisher const& publisher, std::string_view feed, std::string_view name) {
  if (name == "manifest.json") return find_format("misp-manifest");
  if (name == "hashes.csv") return find_format("misp-hashes");
  return name == event_uuid(publisher, feed) + kJson ? find_format("misp") : nullptr;
}

}  // namespace tocsin::feeds
