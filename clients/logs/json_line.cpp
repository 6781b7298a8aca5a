#include <charconv>
#include <nlohmann/json.hpp>
#include <string>

#include "clients/logs/line_mapper.hpp"
#include "clients/logs/line_values.hpp"
#include "clients/logs/prompt_text.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::logs {
namespace {

using stix::Json;

// Every escape of half a character becomes that of '?'.
void drop_surrogates(std::string& text) {
  constexpr std::size_t kLength = 6;  // of \ud83d
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] != '\\') continue;
    bool const whole = text[at + 1] == 'u' && at + kLength <= text.size();
    if (whole && (text[at + 2] | 0x20) == 'd' && !(text[at + 3] >= '0' && text[at + 3] <= '7'))
      text.replace(at + 2, 4, "003f");
    ++at;
  }
}

core::Result<Json> parse(std::string_view line) {
  auto document = stix::parse_json(line);
  if (document || document.error().code != core::Code::json_encoding) return document;
  std::string ascii(line);
  for (auto& byte : ascii)
    if (static_cast<unsigned char>(byte) >= 0x80) byte = '?';
  drop_surrogates(ascii);
  return stix::parse_json(ascii);
}

// A member by its name, or, where there are dots in it, one within others.
Json const* member(Json const& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  if (auto const found = object.find(name); found != object.end()) return &*found;
  auto const dot = name.find('.');
  if (dot == name.npos) return nullptr;
  auto const outer = object.find(name.substr(0, dot));
  return outer == object.end() ? nullptr : member(*outer, name.substr(dot + 1));
}

// Empty: it says nothing.
std::string text_of(Json const& value) {
  if (value.is_number()) return value.dump();
  if (!value.is_string()) return {};
  auto const& text = value.get_ref<std::string const&>();
  return text == "-" ? std::string() : text;
}

std::string text(Json const& document, FieldNames const& names, Field field) {
  for (auto const& name : names.of(field))
    if (auto const* value = member(document, name))
      if (auto out = text_of(*value); !out.empty()) return out;
  return {};
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

std::optional<std::uint64_t> number(Json const& document, FieldNames const& names, Field field) {
  for (auto const& name : names.of(field)) {
    auto const* value = member(document, name);
    if (value == nullptr) continue;
    if (value->is_number_integer() && *value >= 0) return value->get<std::uint64_t>();
    if (auto const digits = value->is_string() ? parse_count(value->get_ref<std::string const&>()) : std::nullopt)
      return digits;
  }
  return std::nullopt;
}

void take_prompt(AccessRecord& record, Json const& document, FieldNames const& names) {
  for (auto const& name : names.of(Field::prompt)) {
    auto const* value = member(document, name);
    if (value == nullptr) continue;
    record.prompt =
        value->is_string() ? prompt_of_text(value->get_ref<std::string const&>(), record.model) : prompt_of(*value);
    if (!record.prompt.empty()) return;
  }
}

std::string domain_of(std::string const& email) {
  auto const sign = email.rfind('@');
  return sign == email.npos ? email : email.substr(sign + 1);
}

core::Result<AccessRecord> identified(Json const& document, FieldNames const& names) {
  AccessRecord out;
  auto const time = text(document, names, Field::time), address = text(document, names, Field::address);
  if (time.empty()) return core::fail(core::Code::property_missing, "It has no time.");
  auto const at = parse_time(time);
  if (!at) return core::fail(core::Code::property_value, "Its time cannot be read.");
  out.at_us = *at;
  out.account = text(document, names, Field::account);
  if (!address.empty()) out.address = parse_address(address);
  if (!address.empty() && !out.address) return core::fail(core::Code::property_value, "Its address is none.");
  if (out.account.empty() && !out.address)
    return core::fail(core::Code::property_missing, "It has neither an account nor an address.");
  return out;
}

}  // namespace

core::Result<AccessRecord> map_json_line(std::string_view line, FieldNames const& names) {
  auto const document = parse(line);
  // The sentence of the parser would quote it.
  if (!document && document.error().code == core::Code::json_duplicate_name)
    return core::fail(core::Code::json_duplicate_name, "It has one name twice.");
  if (!document) return std::unexpected(document.error());
  if (!document->is_object()) return core::fail(core::Code::property_type, "It is no JSON object.");
  return map_document(*document, names);
}

core::Result<AccessRecord> map_document(Json const& document, FieldNames const& names) {
  auto out = identified(document, names);
  if (!out) return out;
  out->model = text(document, names, Field::model);
  take_prompt(*out, document, names);
  out->tokens_in = number(document, names, Field::tokens_in);
  out->tokens_out = number(document, names, Field::tokens_out);
  out->ja3 = text(document, names, Field::ja3);
  out->ja4 = text(document, names, Field::ja4);
  out->ja4h = text(document, names, Field::ja4h);
  out->user_agent = text(document, names, Field::user_agent);
  out->email_domain = domain_of(text(document, names, Field::email));
  out->domain = text(document, names, Field::domain);
  return out;
}

}  // namespace tocsin::logs
