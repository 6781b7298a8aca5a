#include "server/admission/readers/misp_scope.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "schema/stix/timestamp.hpp"

namespace tocsin::admission {
namespace {

using core::Code;
using stix::Json;

// As events are exported, and as the tables of MISP are.
constexpr char const* kTags[] = {"Tag", "EventTag", "AttributeTag"};

std::string text_in(JsonMembers const& members, char const* name) {
  auto const found = members.find(name);
  auto const parsed = found == members.end() ? core::Result<Json>(Json()) : stix::parse_json(found->second);
  return parsed ? misp_text(Json{{name, *parsed}}, name) : std::string();
}

// {"name": …}, or {"Tag": {"name": …}}. Absent: it is neither.
std::optional<std::string> name_of(Json const& tag) {
  if (!tag.is_object()) return std::nullopt;
  auto const inner = tag.find("Tag");
  if (inner != tag.end() && tag.contains("name")) return std::nullopt;
  auto const& named = inner != tag.end() && inner->is_object() ? *inner : tag;
  auto const name = named.find("name");
  if (name == named.end() || !name->is_string()) return std::nullopt;
  return name->get<std::string>();
}

// A tag that cannot be read might be the one that says who may read.
void note_tag(Json const& tag, MispLevel& level) {
  constexpr std::string_view kTlp = "tlp";
  auto name = name_of(tag);
  if (!name) {
    level.unknown = true;
    return;
  }
  name->erase(0, std::min(name->find_first_not_of(" \t"), name->size()));
  std::ranges::transform(*name, name->begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (!name->starts_with(kTlp)) return;
  auto const said = std::string_view(*name).substr(kTlp.size());
  auto const tlp = said.starts_with(':') ? stix::parse_tlp(said.substr(1)) : std::nullopt;
  if (tlp)
    level.tlp = std::max(level.tlp.value_or(*tlp), *tlp);
  else
    level.unknown = true;
}

core::Result<void> note_array(Json const& tags, std::string pointer, MispLevel& level) {
  if (!tags.is_array())
    return core::fail(Code::items_invalid, "The tags are not an array.", std::move(pointer),
                      "Send the document as MISP wrote it.");
  for (auto const& tag : tags) note_tag(tag, level);
  return {};
}

}  // namespace

std::string misp_text(Json const& object, char const* name) {
  auto const found = object.find(name);
  if (found == object.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number_integer()) return found->dump();
  return found->is_boolean() && found->get<bool>() ? "1" : "";
}

bool is_closed_in_misp(std::string_view distribution) { return distribution == "0" || distribution == "4"; }

core::Result<void> note_tags(Json const& attribute, MispLevel& level) {
  for (auto const* name : kTags)
    if (auto const found = attribute.find(name); found != attribute.end())
      if (auto noted = note_array(*found, "/" + std::string(name), level); !noted) return noted;
  return {};
}

core::Result<MispScope> inside(MispScope const& outer, JsonMembers const& members, std::string pointer) {
  MispScope out = outer;
  out.pointer = std::move(pointer);
  for (auto const* name : kTags) {
    auto const found = members.find(name);
    if (found == members.end()) continue;
    auto const tags = stix::parse_json(found->second);
    if (!tags) return std::unexpected(tags.error());
    if (auto noted = note_array(*tags, out.pointer + "/" + name, out.level); !noted)
      return std::unexpected(noted.error());
  }
  for (auto [name, member] : {std::pair{"comment", &MispScope::comment},
                              {"first_seen", &MispScope::first_seen},
                              {"last_seen", &MispScope::last_seen}}) {
    auto text = text_in(members, name);
    if (text.size() > kLongestMispText)
      out.too_long = true;
    else if (!text.empty())
      out.*member = std::move(text);
  }
  out.deleted = out.deleted || text_in(members, "deleted") == "1";
  out.closed = out.closed || is_closed_in_misp(text_in(members, "distribution"));
  return out;
}

std::string misp_time_in_utc(std::string const& text) {
  constexpr std::size_t kOffset = 6;  // +hh:mm
  if (text.size() <= kOffset || text[text.size() - 3] != ':') return text;
  auto const sign = text[text.size() - kOffset];
  if (sign != '+' && sign != '-') return text;
  int hours = 0, minutes = 0;
  auto const* end = text.data() + text.size();
  std::from_chars(end - 5, end - 3, hours);
  std::from_chars(end - 2, end, minutes);
  auto const local = stix::Timestamp::parse(text.substr(0, text.size() - kOffset) + "Z");
  if (!local || hours > 14 || minutes > 59) return text;
  std::int64_t const offset = (hours * 60 + minutes) * std::int64_t{60'000'000};
  auto const utc = local->microseconds() + (sign == '+' ? -offset : offset);
  return stix::Timestamp::from_microseconds(utc).text();
}

}  // namespace tocsin::admission
