#include "server/admission/envelope.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "schema/stix/json.hpp"
#include "server/admission/scanner.hpp"

namespace tocsin::admission {
namespace {

std::unexpected<core::Error> not_envelope(std::string why) {
  return core::fail(core::Code::envelope_invalid, std::move(why), "",
                    "Send {\"objects\":[…]} as application/taxii+json;version=2.1, or a STIX bundle.");
}

std::unexpected<core::Error> syntax(Scanner const& scanner) {
  return core::fail(core::Code::json_syntax,
                    "The body is not JSON near byte " + std::to_string(scanner.position() + 1) + ".", "",
                    "Check that the body is complete.");
}

std::unexpected<core::Error> too_many() {
  return core::fail(core::Code::content_too_large,
                    "The envelope holds more than " + std::to_string(kMostObjects) + " objects.", "",
                    "Send them in several envelopes.");
}

std::unexpected<core::Error> too_much_beside() {
  return not_envelope("The members beside `objects` are longer than " + std::to_string(kMostBeside) + " bytes.");
}

core::Result<void> take_objects(Scanner& scanner, Envelope& envelope) {
  if (!scanner.take('[')) return not_envelope("`objects` is not an array.");
  if (scanner.take(']')) return {};
  do {
    std::string_view element = scanner.value();
    if (element.empty()) return syntax(scanner);
    if (envelope.objects.size() == kMostObjects) return too_many();
    envelope.objects.push_back(element);
  } while (scanner.take(','));
  if (!scanner.take(']')) return syntax(scanner);
  return {};
}

// Every other member of the envelope: strictly JSON, and nothing that makes the body something else.
core::Result<void> check_member(std::string const& name, std::string_view value) {
  auto parsed = stix::parse_json(value);
  if (!parsed) return std::unexpected(parsed.error());
  if (name == "type" && *parsed != "bundle")
    return not_envelope("The body is a single object or something else, no envelope.");
  return {};
}

}  // namespace

core::Result<Envelope> split_envelope(std::string_view body) {
  Scanner scanner(body);
  Envelope envelope;
  std::set<std::string> names;
  std::size_t beside = 0;
  if (!scanner.take('{')) return not_envelope("The body is not a JSON object.");
  if (!scanner.take('}')) {
    do {
      std::string_view quoted = scanner.value();
      beside += quoted.size();
      if (beside > kMostBeside) return too_much_beside();
      auto name = stix::parse_json(quoted);
      if (!name || !name->is_string() || !scanner.take(':')) return syntax(scanner);
      auto text = name->get<std::string>();
      if (!names.insert(text).second)
        return core::fail(core::Code::json_duplicate_name, "The envelope has two members of the same name.", "",
                          "Send each once.");
      core::Result<void> taken;
      if (text == "objects") {
        taken = take_objects(scanner, envelope);
      } else {
        std::string_view value = scanner.value();
        if (value.empty()) return syntax(scanner);
        beside += value.size();
        if (beside > kMostBeside) return too_much_beside();
        taken = check_member(text, value);
      }
      if (!taken) return std::unexpected(taken.error());
    } while (scanner.take(','));
    if (!scanner.take('}')) return syntax(scanner);
  }
  if (!scanner.at_end()) return syntax(scanner);
  if (!names.contains("objects")) return not_envelope("The body has no `objects`.");
  return envelope;
}

}  // namespace tocsin::admission
