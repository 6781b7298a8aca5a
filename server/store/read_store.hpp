// Reading objects: what pulls need, restricted by a Window inside the index. Each reader thread owns one; not shared.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/audit_store.hpp"
#include "server/store/campaign_store.hpp"
#include "server/store/indicator_store.hpp"
#include "server/store/kept_answer.hpp"
#include "server/store/leaf_store.hpp"
#include "server/store/opening_reader.hpp"
#include "server/store/recall_store.hpp"
#include "server/store/release_store.hpp"
#include "server/store/response_store.hpp"
#include "server/store/retention_store.hpp"
#include "server/store/retraction_store.hpp"
#include "server/store/rows.hpp"
#include "server/store/stretch.hpp"
#include "server/store/waiting_store.hpp"

namespace tocsin::store {

class ReadStore {
 public:
  virtual ~ReadStore() = default;

  // One page in sequence order, full unless it is the last or has as many bytes as it may. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<Page> page(PageQuery const& query) = 0;

  // The greatest sequence that was given out: whatever is read from now on holds all up to it. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::int64_t> last_sequence() = 0;
  // Newest versions of several collections, merged, as they were at one moment. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<Stretch> stretch(StretchQuery const& query) = 0;

  // A submission's record, only for its organisation; nullopt when there is none.
  struct Status {
    std::int64_t requested_us = 0;
    struct Accepted {
      std::string id, version, note;
    };
    std::vector<Accepted> accepted;
    std::vector<Accepted> waiting;  // for an analyst
    std::vector<SubmissionRecord::Refusal> refused;
  };
  [[nodiscard]] virtual core::Result<std::optional<Status>> status(core::Uuid const& id, RowId organisation) = 0;

  [[nodiscard]] virtual AuditReader& audit() = 0;
  [[nodiscard]] virtual ClaimReader& claims() = 0;
  [[nodiscard]] virtual CampaignReader& campaigns() = 0;
  [[nodiscard]] virtual RetractionReader& retractions() = 0;
  [[nodiscard]] virtual ReleaseReader& releases() = 0;
  [[nodiscard]] virtual IndicatorReader& indicators() = 0;
  [[nodiscard]] virtual ResponseReader& responses() = 0;
  [[nodiscard]] virtual AnswerReader& answers() = 0;
  [[nodiscard]] virtual LeafReader& leaves() = 0;
  [[nodiscard]] virtual OpeningReader& openings() = 0;
  [[nodiscard]] virtual WaitingReader& waiting() = 0;
  [[nodiscard]] virtual RetentionReader& retention() = 0;
  [[nodiscard]] virtual RecallReader& recalls() = 0;
};

}  // namespace tocsin::store
