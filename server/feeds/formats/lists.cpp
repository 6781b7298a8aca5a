// Text, CSV and NDJSON.
#include <nlohmann/json.hpp>

#include "server/feeds/formats/formats.hpp"
#include "server/feeds/formats/networks_of.hpp"

namespace tocsin::feeds {
namespace {

Rendered numbers(std::span<Entry const> entries) {
  Rendered out;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0 && entries[i].number == entries[i - 1].number) continue;
    out.body += value_text(Family::asn, entries[i]) + "\n";
    ++out.count;
  }
  return out;
}

}  // namespace

Rendered as_text(std::string_view, Family family, std::span<Entry const> entries) {
  if (family == Family::asn) return numbers(entries);
  Rendered out;
  for (auto const& network : networks_of(entries)) {
    out.body += text_of(network) + "\n";
    ++out.count;
  }
  return out;
}

Rendered as_csv(std::string_view, Family family, std::span<Entry const> entries) {
  Rendered out{"value,action,confidence,tlp,valid_until,id\r\n", entries.size()};
  for (auto const& entry : entries)
    out.body += value_text(family, entry) + "," + std::string(match::name(entry.action)) + "," +
                (entry.confidence ? std::to_string(*entry.confidence) : "") + "," +
                std::string(stix::name(entry.level)) + "," + valid_until_of(entry) + "," + id_of(entry) + "\r\n";
  return out;
}

Rendered as_ndjson(std::string_view, Family family, std::span<Entry const> entries) {
  Rendered out{"", entries.size()};
  for (auto const& entry : entries) {
    nlohmann::json line{{"value", value_text(family, entry)},
                        {"action", match::name(entry.action)},
                        {"tlp", stix::name(entry.level)},
                        {"id", id_of(entry)}};
    if (entry.confidence) line["confidence"] = *entry.confidence;
    if (auto const until = valid_until_of(entry); !until.empty()) line["valid_until"] = until;
    out.body += line.dump() + "\n";
  }
  return out;
}

}  // namespace tocsin::feeds
