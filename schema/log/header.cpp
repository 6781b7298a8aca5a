#include "schema/log/header.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "schema/log/keys.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::log {
namespace {

std::optional<std::uint64_t> number(stix::Json const& document, char const* name) {
  auto const member = document.find(name);
  if (member == document.end() || !member->is_number_integer() || member->get<std::int64_t>() < 0) return std::nullopt;
  return member->get<std::uint64_t>();
}

std::string string(stix::Json const& document, char const* name) {
  auto const member = document.find(name);
  return member != document.end() && member->is_string() ? member->get<std::string>() : std::string();
}

}  // namespace

std::string Header::text() const {
  // Written out by hand, as it is called for every object inside the commit: the names are in canonical order.
  std::string out;
  out.reserve(160 + origin.size());
  out.append(R"({"class":")").append(core::to_hex(core::view(class_token)));
  out.append(R"(","class_seq":)").append(std::to_string(class_sequence));
  out.append(R"(,"control_size":)").append(std::to_string(control_size));
  out.append(R"(,"log":"data","op":)").append(op == Op::put ? R"("put")" : R"("head")").append(R"(,"origin":)");
  stix::append_canonical_string(out, origin);
  return out.append(R"(,"v":1})");
}

core::Result<Header> Header::parse(std::string_view text) {
  auto const document = stix::parse_json(text, {.depth = 1});
  if (!document) return std::unexpected(document.error());
  if (!document->is_object())
    return core::fail(core::Code::not_an_object, "The header of an entry is not a JSON object.");
  auto const token = core::to_array<16>(core::from_hex(string(*document, "class")).value_or(""));
  auto const sequence = number(*document, "class_seq"), control_size = number(*document, "control_size");
  std::string origin = string(*document, "origin");
  if (token && sequence && control_size && is_key_name(origin)) {
    Header header{std::move(origin), *token, *sequence, *control_size,
                  string(*document, "op") == "head" ? Op::head : Op::put};
    // The comparison refuses other names and values of v, log and op, and every spelling that is not canonical.
    if (header.text() == text) return header;
  }
  return core::fail(core::Code::property_value,
                    "The header of an entry is not the canonical form of a version 1 header.");
}

}  // namespace tocsin::log
