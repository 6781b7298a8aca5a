#include "server/match/question.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "schema/kinds/network.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/match/plain_items.hpp"

namespace tocsin::match {
namespace {

using stix::Json;

constexpr std::int64_t kMostConfidence = 100;

std::unexpected<core::Error> wrong(std::string detail, std::string remedy) {
  return core::fail(core::Code::bad_parameter, std::move(detail), {}, std::move(remedy));
}

// Members of an item that are compared as a whole, and of what.
struct KeyMember {
  std::string_view member;
  Field field;
};
constexpr std::array kKeyMembers{KeyMember{"domain", Field::domain}, KeyMember{"email", Field::email_domain},
                                 KeyMember{"ja3", Field::ja3},       KeyMember{"ja4", Field::ja4},
                                 KeyMember{"ja4h", Field::ja4h},     KeyMember{"user_agent", Field::user_agent}};

core::Result<void> take_address(Item& item, std::string_view text) {
  if (auto const single = kinds::parse_address(text)) {
    item.address = address_of(*single);
    return {};
  }
  auto const parsed = kinds::parse_networks(text);
  if (!parsed || parsed->all.size() != 1 || !parsed->all.front().single())
    return wrong("It is not one IP address.", "Send an address such as 203.0.113.7 or 2001:db8::7.");
  item.address = address_of(parsed->all.front());
  return {};
}

core::Result<void> take_number(Item& item, std::string_view text) {
  if (text.starts_with("AS") || text.starts_with("as")) text.remove_prefix(2);
  std::uint32_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return wrong("It is not the number of an autonomous system.", "Send a number such as 64500.");
  item.asn = number;
  return {};
}

core::Result<void> take_time(Item& item, std::string_view text) {
  auto const at = stix::Timestamp::parse(text);
  if (!at) return wrong("It is not a timestamp.", "Write it as 2026-11-20T12:00:00Z.");
  item.at_us = at->microseconds();
  return {};
}

core::Result<void> take_prompt(Asked& asked, std::string_view text) {
  if (text.size() > kLongestPrompt)
    return core::fail(core::Code::content_too_large, "The prompt is longer than 64 KiB.", {},
                      "Send its beginning and its end.");
  asked.item.prints = kinds::prints_of(text);
  return {};
}

core::Result<void> take_ref(Asked& asked, std::string_view text) {
  if (text.size() > kLongestRef) return wrong("It is longer than 256 bytes.", "Call the item something shorter.");
  asked.ref = text;
  return {};
}

core::Result<void> take_identifiers(Item& item, Json const& list) {
  if (!list.is_array()) return wrong("It is not a list.", R"(Send [{"kind":"…","value":"…"}].)");
  if (list.size() > kMostIdentifiers)
    return wrong("There are more than 64 identifiers.", "Send the rest in another item.");
  for (auto const& one : list) {
    auto const text = [&](char const* name) {
      auto const found = one.is_object() ? one.find(name) : one.end();
      return found != one.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    auto key = parse_identifier(text("kind"), text("value"));
    if (!key) return wrong(key.error().detail, key.error().remedy);
    item.keys.push_back(*std::move(key));
  }
  return {};
}

core::Result<void> take_member(Asked& asked, std::string const& member, Json const& value) {
  if (member == "identifiers") return take_identifiers(asked.item, value);
  if (member == "asn" && value.is_number_integer()) return take_number(asked.item, value.dump());
  if (!value.is_string()) return wrong("It is not a text.", "Send it as a string.");
  return take_field(asked, member, value.get_ref<std::string const&>());
}

std::unexpected<core::Error> at(core::Error error, std::string const& pointer) {
  error.pointer = pointer;
  return std::unexpected(std::move(error));
}

core::Result<Asked> parse_item(Json const& item, std::string const& pointer) {
  if (!item.is_object()) return at(wrong("An item is not an object.", R"(Send {"ip":"…"}.)").error(), pointer);
  Asked out;
  for (auto const& [member, value] : item.items())
    if (auto taken = take_member(out, member, value); !taken) return at(taken.error(), pointer + "/" + member);
  return out;
}

core::Result<int> confidence_of(Json const& document) {
  auto const found = document.find("min_confidence");
  if (found == document.end()) return 0;
  if (!found->is_number_integer() || *found < 0 || *found > kMostConfidence)
    return at(wrong("It is no confidence.", "Send a number from 0 to 100.").error(), "/min_confidence");
  return found->get<int>();
}

core::Result<std::vector<Asked>> parse_items(Json const& items) {
  if (!items.is_array()) return at(wrong("It is not a list.", R"(Send [{"ip":"…"}].)").error(), "/items");
  if (items.size() > kMostItems)
    return at({core::Code::content_too_large, "There are more than 10,000 items.", {}, "Ask about them in several."},
              "/items");
  std::vector<Asked> out;
  out.reserve(items.size());
  for (auto const& item : items) {
    auto parsed = parse_item(item, "/items/" + std::to_string(out.size()));
    if (!parsed) return std::unexpected(parsed.error());
    out.push_back(*std::move(parsed));
  }
  return out;
}

}  // namespace

core::Result<void> take_field(Asked& asked, std::string_view member, std::string_view text) {
  if (member == "ref") return take_ref(asked, text);
  if (member == "ip") return take_address(asked.item, text);
  if (member == "asn") return take_number(asked.item, text);
  if (member == "at") return take_time(asked.item, text);
  if (member == "prompt") return take_prompt(asked, text);
  auto const of = std::ranges::find(kKeyMembers, member, &KeyMember::member);
  if (of == kKeyMembers.end())
    return core::fail(core::Code::property_unknown, "An item has no such member.", {},
                      "There are ref, ip, asn, domain, email, ja3, ja4, ja4h, user_agent, identifiers, prompt and at.");
  auto key = parse_key(of->field, text);
  if (!key) return wrong(key.error().detail, key.error().remedy);
  asked.item.keys.push_back(*std::move(key));
  return {};
}

core::Result<Question> parse_question(std::string_view body) {
  if (auto plain = parse_plain_items(body)) return *std::move(plain);
  auto const document = stix::parse_json(body);
  if (!document) return std::unexpected(document.error());
  if (!document->is_object()) return wrong("The body is not an object.", R"(Send {"items":[{"ip":"…"}]}.)");
  auto const items = document->find("items"), subject = document->find("subject");
  if ((items == document->end()) == (subject == document->end()))
    return wrong("The body has neither `items` nor `subject`, or both.", "Send one of them.");
  for (auto const& [name, value] : document->items())
    if (name != "items" && name != "subject" && name != "min_confidence")
      return core::fail(core::Code::property_unknown, "A question has no such member.", "/" + name,
                        "There are items or subject, and min_confidence.");
  Question out;
  auto const confidence = confidence_of(*document);
  if (!confidence) return std::unexpected(confidence.error());
  out.min_confidence = *confidence;
  out.is_subject = subject != document->end();
  if (out.is_subject) {
    auto parsed = parse_item(*subject, "/subject");
    if (!parsed) return std::unexpected(parsed.error());
    out.items.push_back(*std::move(parsed));
    return out;
  }
  auto parsed = parse_items(*items);
  if (!parsed) return std::unexpected(parsed.error());
  out.items = *std::move(parsed);
  return out;
}

}  // namespace tocsin::match
