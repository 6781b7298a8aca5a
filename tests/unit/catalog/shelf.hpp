// Pages with everything they need, and a reader that answers what a test tells it to. One test; `read` may be called by
// several threads when the test's function may.
#pragma once

#include <atomic>
#include <functional>
#include <stdexcept>

#include "server/catalog/pages.hpp"

namespace tocsin::test {

class ScriptedReader final : public store::ReadStore {
 public:
  using Answer = std::function<core::Result<store::Page>(store::PageQuery const&)>;
  explicit ScriptedReader(Answer answer) : answer_(std::move(answer)) {}

  core::Result<store::Page> page(store::PageQuery const& query) override {
    ++asked_;
    return answer_(query);
  }
  core::Result<std::int64_t> last_sequence() override { throw std::logic_error("pages end where they end"); }
  core::Result<store::Stretch> stretch(store::StretchQuery const&) override { return store::Stretch{}; }
  core::Result<std::optional<Status>> status(core::Uuid const&, store::RowId) override { return std::nullopt; }
  store::AuditReader& audit() override { throw std::logic_error("pages are not made from the audit trail"); }

  store::ClaimReader& claims() override { throw std::logic_error("pages are not made from claims"); }
  store::CampaignReader& campaigns() override { throw std::logic_error("nor from campaigns"); }
  store::RetractionReader& retractions() override { throw std::logic_error("nor from retractions"); }
  store::ReleaseReader& releases() override { throw std::logic_error("nor from releases"); }
  store::IndicatorReader& indicators() override { throw std::logic_error("nor from indicators"); }
  store::ResponseReader& responses() override { throw std::logic_error("nor from responses"); }
  store::AnswerReader& answers() override { throw std::logic_error("nor from answers"); }
  store::LeafReader& leaves() override { throw std::logic_error("nor from leaves"); }
  store::OpeningReader& openings() override { throw std::logic_error("nor from openings"); }
  store::WaitingReader& waiting() override { throw std::logic_error("nor from what waits"); }
  store::RetentionReader& retention() override { throw std::logic_error("nor from what is due"); }
  store::RecallReader& recalls() override { throw std::logic_error("nor from recalls"); }

  [[nodiscard]] int asked() const { return asked_; }

 private:
  Answer answer_;
  std::atomic<int> asked_{0};
};

// A page of `count` rows whose sequences begin at `first`; its objects are `{}` or as given.
[[nodiscard]] store::Page page_of(std::int64_t first, std::size_t count, bool more, std::string objects = "");

struct Shelf {
  explicit Shelf(std::size_t bytes = 8 << 20);

  [[nodiscard]] catalog::PageRequest request() const;  // everything of collection 1, for a view of its own
  [[nodiscard]] bool has(catalog::PageRequest const& request) { return find(request) != nullptr; }
  [[nodiscard]] std::shared_ptr<catalog::RenderedPage const> find(catalog::PageRequest const& request);
  // Renders, and says what was made.
  std::shared_ptr<catalog::RenderedPage const> make(catalog::PageRequest const& request, store::Page const& page);

  ledger::Generations generations;
  catalog::CursorCodec cursors;
  base::Metrics metrics;
  catalog::Pages pages;
  std::shared_ptr<access::View const> view;
};

[[nodiscard]] catalog::Filters filters_of(catalog::Parameters const& parameters);

}  // namespace tocsin::test
