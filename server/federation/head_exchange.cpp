#include "server/federation/head_exchange.hpp"

#include <algorithm>
#include <chrono>

#include "schema/log/checkpoint.hpp"
#include "server/federation/logs_of_peers.hpp"

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;

constexpr int kOk = 200;

std::vector<store::ShownHead> shown_in(std::vector<log::LaterHead> const& heads) {
  std::vector<store::ShownHead> out;
  for (auto const& head : heads)
    out.push_back(
        {head.entry.index, head.header.class_token, head.header.class_sequence, head.entry.leaf(), head.opening()});
  return out;
}

}  // namespace

void HeadExchange::exchange(Peering::Shown const& peer, std::string const& own, Transport& transport) const {
  for (auto const& one : parts_.peering.peers()) {
    if (one.peer.origin == peer.peer.origin || one.peer.state != store::PeerState::active) continue;
    core::Result<std::optional<store::Origin>> origin;
    parts_.perform([&] { origin = parts_.origins.origin(one.peer.origin); });
    if (!origin) return;  // the store says so elsewhere
    if (*origin && !ask(**origin, peer, own, transport)) return;
  }
}

bool HeadExchange::ask(store::Origin const& origin, Peering::Shown const& peer, std::string const& own,
                       Transport& transport) const {
  core::Result<std::vector<core::Salt>> salts;
  parts_.perform([&] { salts = parts_.origins.opened_heads(origin.row, log::kHeadTags); });
  if (!salts) return true;
  auto const question = log::ask_for_heads(*salts, {origin.name, own, peer.peer.origin});
  auto const answer =
      transport.post("/witness/" + log::origin_hash(origin.name) + "/heads", "application/octet-stream",
                     log::format_head_question(question), log::kMostLaterHeadsBytes, std::chrono::milliseconds(10s));
  if (!answer) return false;
  if (answer->status != kOk) return true;  // it cannot answer now, or knows of no such question
  if (auto const done = compare(origin, peer, answer->body); !done)
    parts_.log.warning("federation.heads_refused",
                       {{"peer", peer.peer.name}, {"origin", origin.name}, {"why", done.error().detail}});
  return true;
}

// Whoever shows it, the leaf is the origin's: nobody can show a head that the origin has not logged.
core::Result<void> HeadExchange::compare(store::Origin const& origin, Peering::Shown const& peer,
                                         std::string_view answer) const {
  auto const heads = log::parse_later_heads(answer, origin.name);
  if (!heads) return std::unexpected(heads.error());
  if (heads->empty()) return {};
  auto const shown = shown_in(*heads);
  core::Result<std::vector<store::HeadVerdict>> verdicts;
  parts_.perform([&] { verdicts = parts_.origins.compare_heads(origin.row, shown); });
  if (!verdicts) return std::unexpected(verdicts.error());
  for (std::size_t i = 0; i < verdicts->size(); ++i)
    if ((*verdicts)[i] == store::HeadVerdict::unshown)
      parts_.log.error(
          "federation.unshown",
          {{"origin", origin.name},
           {"seen_by", peer.peer.name},
           {"position", static_cast<std::int64_t>(shown[i].index)},
           {"remedy",
            "The origin logged a head that it opened to another peer and not to this instance, which is shown that "
            "numbering: entries before it may be kept from you. Call its operator; read docs/federating.md."}});
  if (std::ranges::count(*verdicts, store::HeadVerdict::not_it) > 0)
    return core::fail(core::Code::opening_false, "What the peer shows as a head is not what the origin logged.");
  return {};
}

core::Result<std::vector<log::LaterHead>> later_heads(store::OpeningReader& reader, store::RowId origin,
                                                      log::HeadQuestion const& question,
                                                      log::HeadParties const& parties) {
  auto asked = question.tags;
  std::ranges::sort(asked);
  auto const is_asked = [&](core::Salt const& salt) {
    return std::ranges::binary_search(asked, log::head_tag(salt, question.nonce, parties));
  };
  auto const found = reader.later_heads(origin, is_asked, log::kHeadTags);
  if (!found) return std::unexpected(found.error());
  std::vector<log::LaterHead> out;
  for (auto const& opening : *found) {
    auto opened = log::parse_openings(opening);
    if (!opened) return std::unexpected(opened.error());
    auto head = log::LaterHead::of(std::move(opened->entries.front()), parties.origin);
    if (!head) return std::unexpected(head.error());
    out.push_back(*std::move(head));
  }
  return out;
}

}  // namespace tocsin::federation
