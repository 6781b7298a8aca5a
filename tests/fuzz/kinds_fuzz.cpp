// Whatever read_native accepts is accepted again as itself; it becomes valid STIX, comes back as it was, and said again
// changes nothing. Local names become identifiers. What is refused has findings whose pointers are well formed.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "schema/kinds/local_names.hpp"
#include "schema/kinds/to_stix.hpp"

namespace {

using namespace tocsin;

constexpr std::int64_t kNow = 1'900'000'000'000'000;

void must(bool holds) {
  if (!holds) std::abort();
}

void check_findings(std::vector<core::Error> const& findings) {
  must(!findings.empty());
  for (auto const& finding : findings)
    must(!finding.detail.empty() && core::is_utf8(finding.detail) && core::is_utf8(finding.remedy) &&
         (finding.pointer.empty() || finding.pointer.starts_with('/')));
}

std::shared_ptr<stix::Json const> stored(std::optional<stix::Object> const& object) {
  return object ? std::make_shared<stix::Json const>(*stix::parse_json(object->bytes)) : nullptr;
}

// Every name can be replaced, and then none is left.
void check_local_names(kinds::Native const& native) {
  auto const made = kinds::with_identifiers(native, [](kinds::LocalReference const& reference) {
    return std::vector<std::string>{std::string(reference.types.front()) + "--00000000-0000-4000-8000-000000000001"};
  });
  must(made.has_value() && kinds::local_references(*made).empty() && made->pattern() == native.pattern());
}

void check_item(kinds::Native const& native) {
  if (!kinds::local_references(native).empty()) return check_local_names(native);
  auto const again = kinds::read_native(native.document());
  must(again && again->items.size() == 1 && again->items[0].document() == native.document());
  std::uint8_t count = 0;
  kinds::Context context{kNow, "", [&] { return core::Uuid{++count, 0, 0, 0, 0, 0, 0x40, 0, 0x80}; }, {}};
  auto const made = kinds::to_stix(native, context);
  if (!made) return check_findings(made.error());
  auto const indicator = stored(made->subject), observable = stored(made->observable);
  auto const links = kinds::links_of(native, *made->subject);
  std::vector<std::shared_ptr<stix::Json const>> relationships(links.size());
  auto const related = kinds::to_relationships(native, *made->subject, links, relationships, context);
  std::vector<stix::Json> texts;
  for (auto const& one : related) texts.push_back(*stored(one));
  auto const back = native.kind().makes_indicator()
                        ? kinds::from_stix(*indicator, observable ? *observable : stix::Json())
                        : kinds::object_from_stix(*indicator, texts);
  must(back.has_value() && back->pattern() == native.pattern());
  for (auto const& [name, value] : native.document().items()) must(back->document().at(name) == value);
  context.earlier = {indicator, observable, stored(made->relationship), observable};
  auto const said_again = kinds::to_stix(native, context);
  must(said_again && !said_again->changed && said_again->subject->bytes == made->subject->bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto document = stix::parse_json({reinterpret_cast<char const*>(data), size});
  if (!document) return 0;
  auto const reading = kinds::read_native(*std::move(document));
  if (!reading) {
    check_findings(reading.error());
    return 0;
  }
  must(!reading->items.empty());
  for (auto const& native : reading->items) check_item(native);
  return 0;
}
