#include "server/store/sqlite/waiting_facts.hpp"

#include <nlohmann/json.hpp>

#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {
namespace {

using nlohmann::json;

// Keys and digests are bytes, which JSON has no strings of.
template <std::size_t N>
std::string hex(std::array<std::uint8_t, N> const& bytes) {
  return core::to_hex(core::view(bytes));
}
template <std::size_t N>
std::array<std::uint8_t, N> bytes_in(json const& text) {
  return core::to_array<N>(core::from_hex(text.get_ref<std::string const&>()).value()).value();
}

json hex_list(std::vector<std::string> const& list) {
  json out = json::array();
  for (auto const& one : list) out.push_back(core::to_hex(one));
  return out;
}
std::vector<std::string> hex_list_in(json const& list) {
  std::vector<std::string> out;
  for (auto const& one : list) out.push_back(core::from_hex(one.get_ref<std::string const&>()).value());
  return out;
}

json uuid_list(std::vector<core::Uuid> const& list) {
  json out = json::array();
  for (auto const& one : list) out.push_back(hex(one));
  return out;
}
std::vector<core::Uuid> uuid_list_in(json const& list) {
  std::vector<core::Uuid> out;
  for (auto const& one : list) out.push_back(bytes_in<16>(one));
  return out;
}

json key_json(ClaimKey const& key) { return {{"kind", key.kind}, {"value", hex(key.value)}}; }
ClaimKey key_in(json const& key) { return {key.at("kind").get<std::string>(), bytes_in<32>(key.at("value"))}; }

json claim_json(ClaimPart const& claim) {
  json out{{"role", static_cast<int>(claim.role)},
           {"key", key_json(claim.key)},
           {"indicator", hex(claim.indicator)},
           {"modified", claim.modified_ns},
           {"ends", uuid_list(claim.ends)}};
  if (claim.replaces) out["replaces"] = hex(*claim.replaces);
  if (claim.link) out["link"] = key_json(*claim.link);
  return out;
}
ClaimPart claim_in(json const& claim) {
  ClaimPart out;
  out.role = static_cast<ClaimPart::Role>(claim.at("role").get<int>());
  out.key = key_in(claim.at("key"));
  out.indicator = bytes_in<16>(claim.at("indicator"));
  out.modified_ns = claim.at("modified").get<std::int64_t>();
  if (claim.contains("replaces")) out.replaces = bytes_in<16>(claim.at("replaces"));
  if (claim.contains("link")) out.link = key_in(claim.at("link"));
  out.ends = uuid_list_in(claim.at("ends"));
  return out;
}

json searchable_json(kinds::Searchable const& found) {
  json out{{"keys", hex_list(found.keys)},
           {"facets", hex_list(found.facets)},
           {"from", found.valid_from_us},
           {"revoked", found.revoked},
           {"relayed", found.relayed}};
  if (found.confidence) out["confidence"] = *found.confidence;
  if (found.valid_until_us) out["until"] = *found.valid_until_us;
  if (found.share_until_us) out["share_until"] = *found.share_until_us;
  return out;
}
kinds::Searchable searchable_in(json const& found) {
  kinds::Searchable out;
  out.keys = hex_list_in(found.at("keys"));
  out.facets = hex_list_in(found.at("facets"));
  out.valid_from_us = found.at("from").get<std::int64_t>();
  out.revoked = found.at("revoked").get<bool>();
  out.relayed = found.at("relayed").get<bool>();
  if (found.contains("confidence")) out.confidence = found.at("confidence").get<std::int64_t>();
  if (found.contains("until")) out.valid_until_us = found.at("until").get<std::int64_t>();
  if (found.contains("share_until")) out.share_until_us = found.at("share_until").get<std::int64_t>();
  return out;
}

Candidate candidate_in(json const& facts) {
  Candidate out;
  out.type = facts.at("type").get<std::string>();
  out.uuid = bytes_in<16>(facts.at("uuid"));
  out.version_text = facts.at("version").get<std::string>();
  out.modified_ns = facts.at("modified").get<std::int64_t>();
  if (facts.contains("created")) out.created_ns = facts.at("created").get<std::int64_t>();
  out.unversioned = facts.at("unversioned").get<bool>();
  out.class_key = facts.at("class").get<std::string>();
  out.kind = facts.at("kind").get<std::string>();
  out.revoked = facts.at("revoked").get<bool>();
  out.creator = facts.at("creator").get<std::string>();
  if (facts.contains("value_key")) out.value_key = bytes_in<16>(facts.at("value_key"));
  out.statement_marking = facts.at("statement").get<bool>();
  out.relied_statements = uuid_list_in(facts.at("relied"));
  out.class_key_without = facts.at("class_without").get<std::string>();
  out.note_without = facts.at("note_without").get<std::string>();
  out.class_key_in_chain = facts.at("class_in_chain").get<std::string>();
  out.logged = facts.at("logged").get<bool>();
  out.header_salt = bytes_in<std::tuple_size_v<core::Salt>>(facts.at("header_salt"));
  out.body_salt = bytes_in<std::tuple_size_v<core::Salt>>(facts.at("body_salt"));
  out.body_commitment = bytes_in<32>(facts.at("commitment"));
  out.note = facts.at("note").get<std::string>();
  if (facts.contains("claim")) out.claim = claim_in(facts.at("claim"));
  out.campaigns = uuid_list_in(facts.at("campaigns"));
  if (facts.contains("indicates")) out.indicates = bytes_in<16>(facts.at("indicates"));
  if (facts.contains("searchable")) out.searchable = searchable_in(facts.at("searchable"));
  out.said_of = facts.at("said_of").get<std::vector<std::string>>();
  return out;
}

}  // namespace

std::string facts_of(Candidate const& candidate) {
  json out{{"type", candidate.type},
           {"uuid", hex(candidate.uuid)},
           {"version", candidate.version_text},
           {"modified", candidate.modified_ns},
           {"unversioned", candidate.unversioned},
           {"class", candidate.class_key},
           {"kind", candidate.kind},
           {"revoked", candidate.revoked},
           {"creator", candidate.creator},
           {"statement", candidate.statement_marking},
           {"relied", uuid_list(candidate.relied_statements)},
           {"class_without", candidate.class_key_without},
           {"note_without", candidate.note_without},
           {"class_in_chain", candidate.class_key_in_chain},
           {"logged", candidate.logged},
           {"header_salt", hex(candidate.header_salt)},
           {"body_salt", hex(candidate.body_salt)},
           {"commitment", hex(candidate.body_commitment)},
           {"note", candidate.note},
           {"campaigns", uuid_list(candidate.campaigns)},
           {"said_of", candidate.said_of}};
  if (candidate.created_ns) out["created"] = *candidate.created_ns;
  if (candidate.value_key) out["value_key"] = hex(*candidate.value_key);
  if (candidate.claim) out["claim"] = claim_json(*candidate.claim);
  if (candidate.indicates) out["indicates"] = hex(*candidate.indicates);
  if (candidate.searchable) out["searchable"] = searchable_json(*candidate.searchable);
  return out.dump();
}

Candidate candidate_from(std::string_view facts) {
  try {
    return candidate_in(json::parse(facts));
  } catch (std::exception const&) {
    throw SqliteError(0, 0, "an object that waits cannot be read");
  }
}

}  // namespace tocsin::store::sqlite
