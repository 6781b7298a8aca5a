// What a peer's log opens, at the door. Nothing is let in whose bytes are not their own canonical form, that is above
// what was agreed, or that somebody else would say; and what is let in, a member's own door would have taken too.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "schema/core/digest.hpp"
#include "schema/stix/json.hpp"
#include "server/access/classify.hpp"
#include "server/admission/foreign.hpp"

namespace {

using namespace tocsin;

constexpr char const* kAurora = "identity--0b7e9c1c-2b6c-4b7e-8f0c-5a2b1d9f7c11";
constexpr char const* kCurlew = "identity--3f0c2a4e-90d3-4c57-8d52-2a1f6f0d8b11";
constexpr store::RowId kAuroraRow = 1, kIbisRow = 3, kCurlewRow = 4;

void must(bool holds) {
  if (!holds) std::abort();
}

std::shared_ptr<access::Directory const> directory() {
  access::Directory::Tables tables;
  tables.organisations = {{kAuroraRow, "aurora", "lab", 2, kAurora, "", false, 0},
                          {kCurlewRow, "ibis/3f0c2a4e", "other", 0, kCurlew, "", true, 0}};
  tables.organisations.back().origin = 1;
  return std::make_shared<access::Directory const>(std::move(tables), 1);
}

admission::Visit const& visit() {
  static access::StatementMarkings const statements;
  static admission::harm::Surroundings const around{{12, 24, true}, nullptr};
  static admission::Visit const one = [] {
    admission::Visit made;
    made.directory = directory();
    made.statements = &statements;
    made.now_us = 1'770'000'000'000'000;
    made.around = &around;
    return made;
  }();
  return one;
}

admission::ForeignTerms const& terms() {
  static admission::ForeignTerms const one = [] {
    store::Collection network;
    network.row = 7;
    network.default_level = static_cast<int>(stix::Tlp::green);
    return admission::ForeignTerms{1, kIbisRow, {{kCurlew, kCurlewRow}}, {{"network", network}}, stix::Tlp::amber};
  }();
  return one;
}

void check_who(stix::Json const& object, store::Candidate const& candidate) {
  must(candidate.asserter == kIbisRow || candidate.asserter == kCurlewRow);
  if (auto const creator = object.find("created_by_ref"); creator != object.end())
    must(candidate.asserter == kCurlewRow && candidate.creator == kCurlew);
  must(object.at("type") != "identity" || candidate.uuid != core::parse_uuid(std::string(kAurora).substr(10)));
}

void check_admitted(log::OpenedEntry const& entry, store::ForeignObject const& out, admission::Door const& door) {
  auto const& candidate = out.candidate;
  auto const object = stix::parse_json(entry.body).value();
  must(candidate.bytes == entry.body && stix::canonical_json(object) == entry.body);
  must(candidate.digest == core::sha256(entry.body));
  must(candidate.foreign && candidate.foreign->index == entry.index && candidate.foreign->header == entry.header);
  must(out.collections == std::vector<store::RowId>{7});
  check_who(object, candidate);
  for (auto const& key : {candidate.class_key, candidate.class_key_without})
    must(key.empty() || access::parse_class_key(key).value().level <= stix::Tlp::amber);
  auto as_member = visit();
  as_member.asserter = candidate.asserter;
  as_member.collection = terms().collections.at("network");
  as_member.collection.default_level = static_cast<int>(stix::Tlp::amber);  // what has none is as high as was agreed
  as_member.overriding = as_member.agreed = true;
  auto const own = door.admit_object(entry.body, as_member);
  must(own.has_value() && own->digest == candidate.digest && own->kind == candidate.kind && own->logged);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static admission::Door const door{admission::Limits{}};
  log::Header const header{"ibis/log", core::Uuid{5}, 12, 3};
  log::OpenedEntry entry;
  entry.index = 41;
  entry.header = header.text();
  entry.collections = {"network"};
  entry.body.assign(reinterpret_cast<char const*>(data), size);
  // As it came, and as a peer would have to send it.
  for (int canonical = 0; canonical < 2; ++canonical) {
    auto const out = admission::admit_foreign(door, entry, header, terms(), visit());
    if (out) {
      check_admitted(entry, *out, door);
    } else {
      must(!out.error().empty());
      for (auto const& error : out.error()) must(!error.detail.empty());
    }
    auto const document = stix::parse_json(entry.body);
    if (!document) return 0;
    entry.body = stix::canonical_json(*document);
  }
  return 0;
}
