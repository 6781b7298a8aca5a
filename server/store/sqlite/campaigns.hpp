// The tables of campaigns and of what indicates them. Campaigns is owned by Commits, inside whose transactions it
// writes; CampaignReads by the reader whose connection it uses. Each on the thread of its owner.
#pragma once

#include <set>
#include <vector>

#include "server/store/campaign_store.hpp"
#include "server/store/read_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Campaigns {
 public:
  explicit Campaigns(Connection& connection);

  void keep(Candidate const& candidate, RowId class_row, RowId version);
  void forget(RowId version);  // that was erased

 private:
  Statement keep_, keep_link_, forget_, forget_link_;
};

// Finds candidates in the tables, by their classes; what of them is shown, a page of the reader says.
class CampaignReads final : public CampaignReader {
 public:
  CampaignReads(Connection& connection, ReadStore& reader);

  core::Result<CampaignList> list(Sight const& sight, RowId after, std::size_t limit) override;
  core::Result<std::vector<PublishedCampaign>> find(Sight const& sight, core::Uuid const& campaign) override;
  core::Result<Indicated> indicated(Sight const& sight, core::Uuid const& campaign, std::size_t most) override;

 private:
  struct Listed {
    RowId version = 0;
    core::Uuid uuid{};
    auto operator<=>(Listed const&) const = default;
  };
  struct Link {
    RowId version = 0;
    core::Uuid uuid{};
    std::optional<core::Uuid> indicator;  // of a relationship
    auto operator<=>(Link const&) const = default;
  };

  std::vector<Listed> listed(Window const& window, RowId after, std::size_t most);
  std::vector<Link> links(Window const& window, core::Uuid const& campaign, std::size_t most);
  core::Result<std::vector<PublishedCampaign>> shown_of(Sight const& sight, std::vector<Listed> const& candidates);

  Connection& connection_;
  ReadStore& reader_;
  Statement begin_, end_, of_class_, own_, links_of_class_, own_links_;
};

}  // namespace tocsin::store::sqlite
