// Whatever parse_object accepts is accepted again from its canonical bytes, with the same bytes and the same facts,
// however it was spelled; whatever it refuses, it refuses with findings whose pointers and sentences are well formed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/stix/object.hpp"

namespace {

using tocsin::stix::Json;
using tocsin::stix::Object;

constexpr tocsin::stix::ObjectLimits kLimits{.bytes = 1 << 20, .findings = 8};

void require(bool holds) {
  if (!holds) std::abort();
}

void check_findings(std::vector<tocsin::core::Error> const& findings) {
  require(findings.size() <= kLimits.findings);
  for (auto const& finding : findings) {
    require(!finding.detail.empty() && finding.detail.size() < 2048 && tocsin::core::is_utf8(finding.detail));
    require(finding.pointer.empty() || finding.pointer.starts_with('/'));
    require(tocsin::core::is_utf8(finding.pointer));
  }
}

void check_same(Object const& a, Object const& b) {
  require(a.bytes == b.bytes && a.id == b.id && a.category == b.category && a.revoked == b.revoked);
  require(a.created == b.created && a.modified == b.modified && a.created_by == b.created_by);
  require(a.markings == b.markings && a.references == b.references && a.value_key == b.value_key);
  require(a.is_statement_marking == b.is_statement_marking && a.warnings.size() == b.warnings.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const document = tocsin::stix::parse_json({reinterpret_cast<char const*>(data), size});
  if (!document) return 0;
  (void)tocsin::stix::deterministic_id(*document);
  auto const object = tocsin::stix::parse_object(*document, kLimits);
  if (!object) {
    require(!object.error().empty());
    check_findings(object.error());
    return 0;
  }
  require(object->warnings.size() <= kLimits.findings + 1);  // one more compares identifiers
  require(object->bytes.size() <= kLimits.bytes);
  auto const again = tocsin::stix::parse_json(object->bytes);
  require(again.has_value());
  auto const same = tocsin::stix::parse_object(*again, kLimits);
  require(same.has_value());
  check_same(*object, *same);
  return 0;
}
