#include "server/access/peer_view.hpp"

#include <algorithm>

#include "schema/core/digest.hpp"

namespace tocsin::access {
namespace {

using Named = std::vector<std::pair<store::RowId, std::string>>;

Named collections_of(Directory const& directory, Sharing const& sharing) {
  Named out;
  for (auto const& name : sharing.collections)
    if (auto const* found = directory.collection(name, View{})) out.emplace_back(found->row, found->alias);
  std::ranges::sort(out);
  auto const repeated = std::ranges::unique(out);
  out.erase(repeated.begin(), repeated.end());
  return out;
}

// As every reader whose clearance is the agreed level; a peer is no government, and nothing here is its own.
Reader reader_of(Directory const& directory, store::RowId peer, Sharing const& sharing) {
  Reader reader;
  reader.clearance = std::min(sharing.max_tlp, stix::Tlp::amber_strict);
  reader.reads_others = true;
  std::vector<core::Uuid> counted;
  for (auto const& name : sharing.audiences)
    if (auto const* audience = directory.audience(name)) counted.push_back(audience->group);
  reader.memberships = directory.memberships_of(peer);
  std::erase_if(reader.memberships,
                [&](Membership const& one) { return std::ranges::find(counted, one.group) == counted.end(); });
  return reader;
}

// One line for each thing that decides, in one order. Names may be given to something else later; ids are not.
std::string terms_text(Directory const& directory, Reader const& reader, Named const& collections) {
  if (collections.empty()) return "nothing\n";
  std::vector<std::string> lines{"level " + std::string(stix::name(reader.clearance))};
  for (auto const& collection : directory.tables().collections)
    if (std::ranges::find(collections, collection.row, &Named::value_type::first) != collections.end())
      lines.push_back("collection " + collection.id);
  for (auto const& membership : reader.memberships) {
    std::string line = "audience " + core::to_text(membership.group);
    for (auto const& [since, until] : membership.epochs)
      line += " " + std::to_string(since) + "-" + std::to_string(until);
    lines.push_back(std::move(line));
  }
  std::ranges::sort(lines);
  std::string out;
  for (auto const& line : lines) out += line + "\n";
  return out;
}

core::Uuid token_of(std::string_view text, core::Digest const& key) {
  auto const whole = core::hmac_sha256(core::view(key), {&text, 1});
  core::Uuid out;
  std::copy_n(whole.begin(), out.size(), out.begin());
  return out;
}

}  // namespace

PeerView peer_view(Directory const& directory, store::RowId peer, std::optional<Sharing> const& sharing,
                   core::Digest const& key) {
  PeerView out;
  for (auto const& row : directory.tables().classes) out.classes_through = std::max(out.classes_through, row.row);
  Reader reader;
  auto const* organisation = directory.organisation(peer);
  if (sharing && organisation != nullptr && !organisation->disabled) {
    out.collections = collections_of(directory, *sharing);
    reader = reader_of(directory, peer, *sharing);
  }
  if (!out.collections.empty()) out.classes = directory.classes_seen_by(reader);
  out.terms = token_of(terms_text(directory, reader, out.collections), key);
  return out;
}

store::ClassSet classes_shared(Directory const& directory, store::RowId peer, Sharing const& sharing) {
  return directory.classes_seen_by(reader_of(directory, peer, sharing));
}

}  // namespace tocsin::access
