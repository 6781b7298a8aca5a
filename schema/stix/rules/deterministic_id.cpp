// Deterministic identifiers, STIX 2.1 sections 2.9 and 3.4.
#include <nlohmann/json.hpp>

#include "schema/stix/object.hpp"
#include "schema/stix/rules/own_extensions.hpp"
#include "schema/stix/rules/types.hpp"

namespace tocsin::stix {
namespace {

constexpr core::Uuid kNamespace{0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c,
                                0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7};

// One hash stands for all: the first of the order of preference, else the first by name.
void append_one_hash(std::string& out, Json const& hashes) {
  auto chosen = hashes.begin();
  for (auto const* algorithm : {"MD5", "SHA-1", "SHA-256", "SHA-512"}) {
    if (auto const found = hashes.find(algorithm); found != hashes.end()) {
      chosen = found;
      break;
    }
  }
  out += '{';
  append_canonical_string(out, chosen.key());
  out += ':';
  append_canonical_json(out, *chosen);
  out += '}';
}

}  // namespace

std::optional<core::Uuid> deterministic_id(Json const& sco) {
  if (!sco.is_object()) return std::nullopt;
  auto const type = sco.find("type");
  if (type == sco.end() || !type->is_string()) return std::nullopt;
  auto const& of_type = type->get_ref<std::string const&>();
  auto const* known = rules::find_type(of_type);
  if (known == nullptr) known = rules::find_own_type(of_type, sco);
  if (known == nullptr) return std::nullopt;
  std::string name;  // the canonical object, written member by member instead of copied together
  for (auto const property : known->contributing) {
    auto const found = sco.find(property);
    if (found == sco.end()) continue;
    name += name.empty() ? '{' : ',';
    append_canonical_string(name, property);
    name += ':';
    if (property == "hashes" && found->is_object() && !found->empty()) {
      append_one_hash(name, *found);
    } else {
      append_canonical_json(name, *found);
    }
  }
  if (name.empty()) return std::nullopt;
  name += '}';
  return uuid_v5(kNamespace, name);
}

}  // namespace tocsin::stix
