// Pages and statuses over SQLite. Each reader thread owns one, with a read-only connection of its own.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/store/read_store.hpp"
#include "server/store/sqlite/answers.hpp"
#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/campaigns.hpp"
#include "server/store/sqlite/chain_index.hpp"
#include "server/store/sqlite/claims.hpp"
#include "server/store/sqlite/connection.hpp"
#include "server/store/sqlite/indicators.hpp"
#include "server/store/sqlite/leaves.hpp"
#include "server/store/sqlite/openings.hpp"
#include "server/store/sqlite/recalls.hpp"
#include "server/store/sqlite/releases.hpp"
#include "server/store/sqlite/responses.hpp"
#include "server/store/sqlite/retention.hpp"
#include "server/store/sqlite/retractions.hpp"
#include "server/store/sqlite/waiting.hpp"

namespace tocsin::store::sqlite {

class Reads final : public ReadStore {
 public:
  Reads(std::unique_ptr<Connection> connection, ChainIndex const& chains);

  core::Result<Page> page(PageQuery const& query) override;
  core::Result<std::int64_t> last_sequence() override;
  core::Result<Stretch> stretch(StretchQuery const& query) override;
  core::Result<std::optional<Status>> status(core::Uuid const& id, RowId organisation) override;
  AuditReader& audit() override { return audit_; }
  ClaimReader& claims() override { return claims_; }
  CampaignReader& campaigns() override { return campaigns_; }
  RetractionReader& retractions() override { return retractions_; }
  ReleaseReader& releases() override { return releases_; }
  IndicatorReader& indicators() override { return indicators_; }
  ResponseReader& responses() override { return responses_; }
  AnswerReader& answers() override { return answers_; }
  LeafReader& leaves() override { return leaves_; }
  OpeningReader& openings() override { return openings_; }
  WaitingReader& waiting() override { return waiting_; }
  RetentionReader& retention() override { return retention_; }
  RecallReader& recalls() override { return recalls_; }

 private:
  class Filter;
  struct Row {
    std::int64_t sequence = 0, version = 0, class_row = 0, asserter = 0, type = 0, kind = 0, date_added = 0, place = 0;
  };

  Page ranged(PageQuery const& query);  // a page without ids, inside a snapshot
  std::string bytes_at(std::int64_t collection, std::int64_t sequence);
  std::int64_t start_of(PageQuery const& query);
  void scan(PageQuery const& query, std::int64_t after, Filter const& filter, Page& page);
  void merge(PageQuery const& query, std::int64_t after, std::vector<std::int64_t> const& classes, Filter const& filter,
             Page& page);
  void merge(PageQuery const& query, std::span<Statement* const> ranges, Filter const& filter, Page& page);
  Page picked(PageQuery const& query);
  std::optional<Row> row_at(std::int64_t collection, std::int64_t sequence);
  bool admitted(Filter const& filter, Row const& row);
  PageRow facts(Row const& row);                                  // all but its type
  bool take(PageQuery const& query, Row const& row, Page& page);  // false: the page is full
  RowId version_of_waiting(RowId row, std::string& note, Status& status);
  std::string const& name(std::int64_t row);
  std::optional<std::int64_t> name_row(std::string const& text);

  std::unique_ptr<Connection> connection_;
  ChainIndex const& chains_;
  AuditReads audit_;
  ClaimReads claims_;
  CampaignReads campaigns_;
  RetractionReads retractions_;
  ReleaseReads releases_;
  IndicatorReads indicators_;
  ResponseReads responses_;
  AnswerReads answers_;
  LeafReads leaves_;
  OpeningReads openings_;
  WaitingReads waiting_;
  RetentionReads retention_;
  RecallReads recalls_;
  std::unordered_map<std::int64_t, std::string> names_;
  std::vector<Statement> class_ranges_;  // one for each visible class of the page that had most
  Statement begin_, end_, counts_, by_date_, scan_, own_range_, row_, body_, facts_, touch_, by_id_, by_version_, name_,
      name_row_, version_at_;
};

}  // namespace tocsin::store::sqlite
