#include "server/admission/authoring.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/identifier.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/admission/harm/texts.hpp"

namespace tocsin::admission {
namespace {

using core::Code;
using stix::Json;
using stix::Timestamp;

constexpr std::int64_t kMillisecond = 1'000;  // in microseconds

}  // namespace

void name_anew(Json& object, std::int64_t now_us) {
  object["id"] = stix::Identifier::make(object.at("type").get_ref<std::string const&>(), core::random_uuid()).text();
  object["created"] = object["modified"] = moment(now_us);
}

void follow(Json& object, std::int64_t now_us) {
  object["modified"] = moment_after(moment_in(object, "modified"), now_us);
}

std::string moment(std::int64_t microseconds) {
  return Timestamp::from_microseconds(microseconds / kMillisecond * kMillisecond).text();
}

std::int64_t moment_in(Json const& object, char const* name) {
  return Timestamp::parse(object.at(name).get_ref<std::string const&>())->microseconds();
}

std::string moment_after(std::int64_t microseconds, std::int64_t now_us) {
  return moment(std::max(now_us, microseconds + kMillisecond));
}

std::set<std::string> markings_of(Json const& object) {
  std::set<std::string> out;
  if (auto const whole = object.find("object_marking_refs"); whole != object.end())
    for (auto const& marking : *whole) out.insert(marking.get<std::string>());
  if (auto const parts = object.find("granular_markings"); parts != object.end())
    for (auto const& part : *parts)
      if (part.contains("marking_ref")) out.insert(part.at("marking_ref").get<std::string>());
  return out;
}

core::Result<void> check_text(std::string const& name, Json const& value) {
  if (!value.is_string()) return {};
  auto const& text = value.get_ref<std::string const&>();
  auto const signs = harm::signs_in(text);
  if (signs.key || signs.card)
    return core::fail(Code::secret_in_text, "A text holds a key, a token or the number of a card.", "/" + name,
                      "Take it out, and change the key.");
  if (signs.email || signs.phone)
    return core::fail(Code::personal_data_in_text, "A text holds an e-mail address or a telephone number.", "/" + name,
                      "Take it out.");
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return core::fail(Code::property_value, "`" + name + "` holds no text.", "/" + name, "Leave it out, or say it.");
  return {};
}

}  // namespace tocsin::admission
