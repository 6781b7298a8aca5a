// The envelope of a submission against the strict parser of whole documents: both see the same objects, a cut body is
// none, and how objects are shared out over envelopes decides nothing about them.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "schema/stix/json.hpp"
#include "server/admission/door.hpp"
#include "server/admission/envelope.hpp"

namespace {

using namespace tocsin;
using admission::Admitted;

constexpr std::string_view kSpace = " \t\r\n";

void must(bool holds) {
  if (!holds) std::abort();
}

bool all_parse(std::vector<std::string_view> const& objects) {
  for (auto object : objects)
    if (!stix::parse_json(object)) return false;
  return true;
}

// Views into the body, in order, without the space around them.
void check_slices(std::string_view body, std::vector<std::string_view> const& objects) {
  must(objects.size() <= admission::kMostObjects);
  char const* from = body.data();
  for (auto object : objects) {
    must(!object.empty() && !kSpace.contains(object.front()) && !kSpace.contains(object.back()));
    must(object.data() > from && object.data() + object.size() < body.data() + body.size());
    from = object.data() + object.size();
  }
}

bool is_envelope(stix::Json const& document) {
  return document.is_object() && document.contains("objects") && document["objects"].is_array() &&
         document["objects"].size() <= admission::kMostObjects &&
         (!document.contains("type") || document["type"] == "bundle");
}

void check_against_parser(std::string_view body, core::Result<admission::Envelope> const& envelope) {
  if (auto const document = stix::parse_json(body)) {
    must(envelope.has_value() == is_envelope(*document));
    if (!envelope) return;
    auto const& objects = document->at("objects");
    must(envelope->objects.size() == objects.size());
    for (std::size_t i = 0; i < objects.size(); ++i) {
      auto const object = stix::parse_json(envelope->objects[i]);
      must(object && *object == objects[i]);
    }
  } else if (envelope && all_parse(envelope->objects)) {
    // Alone, the objects of an envelope may be nested two deeper than inside a document.
    auto const deeper = stix::parse_json(body, {.depth = 66});
    must(deeper && is_envelope(*deeper));
  }
}

admission::Visit const& visit() {
  static access::StatementMarkings const statements;
  static admission::Visit const one = [] {
    access::Directory::Tables tables;
    tables.organisations = {{1, "Aurora", "lab", 2, "identity--0b7e9c1c-2b6c-4b7e-8f0c-5a2b1d9f7c11", "", false, 0},
                            {2, "Borealis", "lab", 2, "identity--8c49ee4b-2f1c-4a58-9a3b-1b6a0e6f6f0a", "", false, 0}};
    admission::Visit made;
    made.directory = std::make_shared<access::Directory const>(std::move(tables), 1);
    made.statements = &statements;
    made.asserter = 1;
    made.now_us = 1'770'000'000'000'000;
    return made;
  }();
  return one;
}

// Nothing, when too many are refused.
std::optional<Admitted> admit(std::string_view body) {
  static admission::Door const door{admission::Limits{}};
  auto admitted = door.admit(body, visit());
  if (!admitted) must(admitted.error().code == core::Code::too_many_refused);
  return admitted ? std::optional(*std::move(admitted)) : std::nullopt;
}

void check_alone(std::string_view object, Admitted const& whole, std::size_t& statements, std::size_t& candidates,
                 std::size_t& refusals) {
  auto const alone = admit("{\"objects\":[" + std::string(object) + "]}").value();
  must(alone.candidates.size() + alone.refused.size() == 1);
  if (!alone.refused.empty()) {
    auto const& one = alone.refused[0];
    auto const& same = whole.refused.at(refusals++);
    must(one.id == same.id && one.version == same.version && one.message == same.message && !one.message.empty());
    return;
  }
  auto const& one = alone.candidates[0];
  auto const& same = whole.candidates.at(one.statement_marking ? statements++ : candidates++);
  must(one.bytes == same.bytes && one.digest == same.digest && one.kind == same.kind && one.creator == same.creator);
  must(one.body_salt != same.body_salt);
  bool defines = false;  // a statement counts for its own envelope only
  for (auto const& candidate : whole.candidates) defines = defines || candidate.statement_marking;
  must(defines || (one.class_key == same.class_key && one.note == same.note));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const body(reinterpret_cast<char const*>(data), size);
  auto const envelope = admission::split_envelope(body);
  if (body.size() <= admission::kMostBeside) check_against_parser(body, envelope);
  if (!envelope) {
    must(!envelope.error().detail.empty() && !envelope.error().remedy.empty());
    return 0;
  }
  check_slices(body, envelope->objects);
  std::size_t const end = body.find_last_of('}');
  for (std::size_t cut = end + 1; cut-- > (end > 64 ? end - 64 : 0);)
    must(!admission::split_envelope(body.substr(0, cut)));
  auto const judged = admit(body);
  if (!judged) {
    must(envelope->objects.size() > admission::kMostRefused);
    return 0;
  }
  auto const& whole = *judged;
  must(whole.candidates.size() + whole.refused.size() == envelope->objects.size());
  // Definitions come first, and both in the order of the body.
  auto const is_statement = [](auto const& candidate) { return candidate.statement_marking; };
  auto candidates = static_cast<std::size_t>(std::ranges::count_if(whole.candidates, is_statement));
  std::size_t statements = 0, refusals = 0;
  for (auto object : envelope->objects) check_alone(object, whole, statements, candidates, refusals);
  return 0;
}
