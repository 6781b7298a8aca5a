#include "tests/unit/admission/foreign_hall.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/json.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::test {

using nlohmann::json;

ForeignHall::ForeignHall() {
  auto tables = visit.directory->tables();
  store::Organisation ibis{kIbisRow, "ibis", "other", 0, "identity--11111111-0000-4000-8000-000000000001",
                           "",       false,  0};
  store::Organisation curlew{kCurlewRow, "ibis/3f0c2a4e", "other", 0, kCurlew, "", true, 0};
  for (auto* one : {&ibis, &curlew}) {
    one->origin = kOriginRow;
    one->peer = "ibis";
    tables.organisations.push_back(*one);
  }
  store::Audience ring;
  ring.row = 1;
  ring.marking = core::parse_uuid(std::string(kRing).substr(20)).value();
  ring.name = "ring";
  store::Audience governments;
  governments.row = 2;
  governments.marking = core::parse_uuid(std::string(kReleasable).substr(20)).value();
  governments.name = "governments";
  governments.releasable_to = {"XX"};
  tables.audiences = {ring, governments};
  tables.audience_members = {{1, 1, 1, std::nullopt}, {1, kIbisRow, 1, std::nullopt}};
  visit.directory = std::make_shared<access::Directory const>(std::move(tables), 1);
  visit.asserter = 0;  // the door finds out
  store::Collection network, reports;
  network.row = kNetworkRow;
  network.default_level = static_cast<int>(stix::Tlp::green);
  reports.row = kReportsRow;
  reports.default_level = static_cast<int>(stix::Tlp::amber);
  terms = {
      kOriginRow, kIbisRow, {{kCurlew, kCurlewRow}}, {{"network", network}, {"reports", reports}}, stix::Tlp::amber};
  header = {"ibis/log", core::Uuid{5}, 12, 3};
}

log::OpenedEntry ForeignHall::entry(std::string body) const {
  log::OpenedEntry out;
  out.index = 41;
  out.header = header.text();
  out.header_salt.fill(1);
  out.body_salt.fill(2);
  out.collections = {"network", "elsewhere"};
  out.body = std::move(body);
  return out;
}

std::expected<store::ForeignObject, std::vector<core::Error>> ForeignHall::admit(log::OpenedEntry const& one) const {
  return admission::admit_foreign(admission::Door(limits), one, header, terms, visit);
}

store::ForeignObject ForeignHall::admitted(json const& object) const {
  auto out = admit(entry(stix::canonical_json(object)));
  if (!out) FAIL(core::row(out.error().front().code).code << ": " << out.error().front().detail);
  return *std::move(out);
}

std::string ForeignHall::refusal(log::OpenedEntry const& one) const {
  auto const out = admit(one);
  std::string said;
  if (out) return said;
  CHECK_FALSE(out.error().empty());
  for (auto const& error : out.error()) {
    CHECK_FALSE(error.detail.empty());
    CHECK_FALSE(error.remedy.empty());
    said += (said.empty() ? "" : "; ") + std::string(core::row(error.code).code) + " " + error.pointer;
  }
  return said;
}

std::string ForeignHall::refusal(json const& object) const { return refusal(entry(stix::canonical_json(object))); }

json range_of_curlew(std::string const& address) {
  auto object = indicator();
  object["created_by_ref"] = kCurlew;
  object["pattern"] = "[ipv4-addr:value = '" + address + "']";
  object["extensions"] = {{"extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa",
                           {{"extension_type", "property-extension"}, {"indicator_kind", "ip-range"}}}};
  return object;
}

}  // namespace tocsin::test
