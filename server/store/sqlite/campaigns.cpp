#include "server/store/sqlite/campaigns.hpp"

#include <algorithm>
#include <map>

#include "server/store/sqlite/shown.hpp"
#include "server/store/sqlite/snapshot.hpp"

namespace tocsin::store::sqlite {
namespace {

// Of one list: campaigns of one look, which may be a mebibyte each; versions that are looked at; bytes that are shown.
constexpr std::size_t kAtOnce = 16, kMostLookedAt = 2'048, kMostBytes = 8u << 20;

core::Uuid uuid_in(Statement& row, int column) { return core::to_array<16>(row.text(column)).value(); }

PublishedCampaign campaign_of(Published& one) {
  return {one.row.version, one.collection, one.row.sequence, std::move(one.bytes), one.row.asserter};
}

}  // namespace

Campaigns::Campaigns(Connection& connection)
    : keep_(connection.prepare("INSERT INTO campaigns VALUES (?, ?, ?, ?)")),
      keep_link_(connection.prepare("INSERT OR IGNORE INTO campaign_links VALUES (?, ?, ?, ?, ?, ?)")),
      forget_(connection.prepare("DELETE FROM campaigns WHERE version = ?")),
      forget_link_(connection.prepare("DELETE FROM campaign_links WHERE version = ?")) {}

void Campaigns::keep(Candidate const& candidate, RowId class_row, RowId version) {
  if (candidate.type == "campaign")
    keep_.start().bind(class_row).bind(version).bind(candidate.asserter).bind_blob(core::view(candidate.uuid)).run();
  if (candidate.revoked) return;  // and tells of nothing
  for (auto const& campaign : candidate.campaigns) {
    keep_link_.start().bind_blob(core::view(campaign)).bind(class_row).bind(version).bind(candidate.asserter);
    keep_link_.bind_blob(core::view(candidate.uuid));
    candidate.indicates ? keep_link_.bind_blob(core::view(*candidate.indicates)) : keep_link_.bind_null();
    keep_link_.run();
  }
}

void Campaigns::forget(RowId version) {
  for (Statement* statement : {&forget_, &forget_link_}) statement->start().bind(version).run();
}

CampaignReads::CampaignReads(Connection& connection, ReadStore& reader)
    : connection_(connection),
      reader_(reader),
      begin_(connection.prepare("BEGIN")),
      end_(connection.prepare("COMMIT")),
      of_class_(connection.prepare("SELECT version, uuid FROM campaigns WHERE class = ? AND version > ? "
                                   "ORDER BY version LIMIT ?")),
      own_(connection.prepare("SELECT version, uuid FROM campaigns INDEXED BY campaigns_by_asserter "
                              "WHERE asserter = ? AND version > ? ORDER BY version LIMIT ?")),
      links_of_class_(connection.prepare("SELECT version, uuid, indicator FROM campaign_links "
                                         "WHERE campaign = ? AND class = ? ORDER BY version LIMIT ?")),
      own_links_(connection.prepare("SELECT version, uuid, indicator FROM campaign_links "
                                    "INDEXED BY campaign_links_by_asserter "
                                    "WHERE campaign = ? AND asserter = ? ORDER BY version LIMIT ?")) {}

std::vector<CampaignReads::Listed> CampaignReads::listed(Window const& window, RowId after, std::size_t most) {
  Snapshot const snapshot(connection_, begin_, end_);
  std::set<Listed> found;
  auto const read = [&](Statement& rows, RowId corner) {
    rows.start().bind(corner).bind(after).bind(static_cast<std::int64_t>(most));
    while (rows.step()) found.insert({rows.integer(0), uuid_in(rows, 1)});
    rows.reset();
  };
  each_class(window.visible, [&](RowId class_row) { read(of_class_, class_row); });
  if (window.asserter != 0) read(own_, window.asserter);
  std::vector<Listed> out(found.begin(), found.end());
  if (out.size() > most) out.resize(most);
  return out;
}

std::vector<CampaignReads::Link> CampaignReads::links(Window const& window, core::Uuid const& campaign,
                                                      std::size_t most) {
  Snapshot const snapshot(connection_, begin_, end_);
  std::set<Link> found;
  auto const read = [&](Statement& rows, RowId corner) {
    rows.start().bind_blob(core::view(campaign)).bind(corner).bind(static_cast<std::int64_t>(most));
    while (rows.step())
      found.insert({rows.integer(0), uuid_in(rows, 1), core::to_array<16>(rows.text(2))});  // NULL is no UUID
    rows.reset();
  };
  each_class(window.visible, [&](RowId class_row) { read(links_of_class_, class_row); });
  if (window.asserter != 0) read(own_links_, window.asserter);
  return {found.begin(), found.end()};
}

// The versions among these candidates that are shown, in their order.
core::Result<std::vector<PublishedCampaign>> CampaignReads::shown_of(Sight const& sight,
                                                                     std::vector<Listed> const& candidates) {
  std::set<core::Uuid> uuids;
  for (auto const& one : candidates) uuids.insert(one.uuid);
  auto found = newest_shown(reader_, sight, "campaign", std::vector(uuids.begin(), uuids.end()), true);
  if (!found) return std::unexpected(found.error());
  auto newest = newest_of_each(*found);
  std::vector<PublishedCampaign> out;
  for (auto const& one : candidates)
    if (auto at = newest.find(one.version); at != newest.end()) out.push_back(campaign_of(*at->second));
  return out;
}

// It goes on until it is full, however much is not shown, within what one answer may cost; the next one goes on where
// this one was cut.
core::Result<CampaignList> CampaignReads::list(Sight const& sight, RowId after, std::size_t limit) {
  try {
    CampaignList out;
    std::size_t looked_at = 0, bytes = 0;
    bool all = false;
    RowId from = after;
    while (!all && out.rows.size() <= limit && looked_at < kMostLookedAt && bytes < kMostBytes) {
      auto const candidates = listed(sight.window, from, kAtOnce);
      auto found = shown_of(sight, candidates);
      if (!found) return std::unexpected(found.error());
      for (auto& one : *found) {
        bytes += one.bytes.size();
        out.rows.push_back(std::move(one));
      }
      all = candidates.size() < kAtOnce;
      looked_at += candidates.size();
      if (!candidates.empty()) from = candidates.back().version;
    }
    out.more = !all || out.rows.size() > limit;
    if (out.rows.size() > limit) {
      out.rows.resize(limit);
      from = out.rows.back().version;
    } else if (all) {
      from = out.rows.empty() ? after : out.rows.back().version;
    }
    out.after = from;
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<PublishedCampaign>> CampaignReads::find(Sight const& sight, core::Uuid const& campaign) {
  auto found = newest_shown(reader_, sight, "campaign", {&campaign, 1}, true);
  if (!found) return std::unexpected(found.error());
  auto by_version = newest_of_each(*found);
  std::vector<PublishedCampaign> out;
  for (auto& [version, one] : by_version) out.push_back(campaign_of(*one));
  return out;
}

core::Result<Indicated> CampaignReads::indicated(Sight const& sight, core::Uuid const& campaign, std::size_t most) {
  try {
    Indicated out;
    auto all = links(sight.window, campaign, most + 1);
    out.complete = all.size() <= most;
    if (!out.complete) all.resize(most);
    std::set<core::Uuid> relationships, indicators;
    for (auto const& link : all)
      if (link.indicator) relationships.insert(link.uuid);
    auto related =
        newest_shown(reader_, sight, "relationship", std::vector(relationships.begin(), relationships.end()), false);
    if (!related) return std::unexpected(related.error());
    std::set<RowId> telling;  // versions of relationships
    for (auto const& one : *related) telling.insert(one.row.version);
    for (auto const& link : all)
      if (!link.indicator || telling.contains(link.version)) indicators.insert(link.indicator.value_or(link.uuid));
    auto found = newest_shown(reader_, sight, "indicator", std::vector(indicators.begin(), indicators.end()), false);
    if (!found) return std::unexpected(found.error());
    std::set<core::Uuid> told;  // by relationships
    std::set<RowId> telling_themselves;
    for (auto const& link : all)
      if (!link.indicator)
        telling_themselves.insert(link.version);
      else if (telling.contains(link.version))
        told.insert(*link.indicator);
    std::set<core::Uuid> counted;
    for (auto const& one : *found)
      if ((told.contains(one.row.uuid) || telling_themselves.contains(one.row.version)) &&
          counted.insert(one.row.uuid).second)
        ++out.by_kind[one.row.kind];
    out.indicators.assign(counted.begin(), counted.end());
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
