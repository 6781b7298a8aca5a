#include "tests/integration/access/pull.hpp"

namespace tocsin::test {

std::string joined(std::set<std::string> const& values) {
  std::string out;
  for (auto const& value : values) out += (out.empty() ? "" : ",") + value;
  return out;
}

std::string microseconds(std::string const& timestamp) { return model::instant(timestamp).substr(0, 26) + "Z"; }

std::string target(model::World const& facts, Pull const& pull) {
  std::string out = "/taxii2/root/collections/" + facts.collections[pull.collection].id + "/";
  out += pull.kind == Kind::manifest ? "manifest/?" : "objects/";
  if (!pull.id.empty()) out += pull.id + "/";
  out += pull.kind == Kind::versions ? "versions/?" : pull.kind == Kind::manifest ? "" : "?";
  if (!pull.filters.ids.empty()) out += "match[id]=" + joined(pull.filters.ids) + "&";
  if (!pull.filters.types.empty()) out += "match[type]=" + joined(pull.filters.types) + "&";
  if (!pull.filters.versions.empty()) out += "match[version]=" + joined(pull.filters.versions) + "&";
  if (pull.filters.other_spec_version) out += "match[spec_version]=2.0&";
  if (pull.filters.added_after) out += "added_after=" + *pull.filters.added_after + "&";
  if (pull.cursor) out += "next=" + pull.cursor->text + "&";
  if (pull.limit > 0) out += "limit=" + std::to_string(pull.limit) + "&";
  out.pop_back();
  return out;
}

std::string rendered(Kind kind, model::Publication const& one) {
  if (kind == Kind::versions) return "\"" + one.version() + "\"";
  if (kind != Kind::manifest) return one.object.bytes;
  return "{\"date_added\":\"" + one.date + "\",\"id\":\"" + one.object.id +
         "\",\"media_type\":\"application/stix+json;version=2.1\",\"version\":\"" + one.version() + "\"}";
}

}  // namespace tocsin::test
