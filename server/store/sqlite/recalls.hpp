// The tables of recalls. Recalls is owned by Commits, inside whose transactions it writes; RecallReads by the reader
// whose connection it uses. Each on the thread of its owner.
#pragma once

#include <optional>
#include <vector>

#include "server/store/recall_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Recalls {
 public:
  explicit Recalls(Connection& connection);

  // Made here.
  void keep(MadeRecall const& made, RowId type, std::size_t ended);
  [[nodiscard]] std::optional<MadeRecall> latest(RowId asserter, RowId type, core::Uuid const& uuid);
  bool keep(Receipt const& receipt);  // false: it covers no more than the newest of its peer
  void keep(SaidOfDependents const& said);
  void forget_object(RowId asserter, RowId type, core::Uuid const& uuid);  // that was erased

  // Where a version was published until it was recalled, or would be.
  void hold(RowId version, RowId collection);
  [[nodiscard]] std::vector<RowId> held(RowId version);
  void forget(RowId version);  // nothing brings it back

  // What an origin said of an entry of its data log last; stored numbers.
  enum class State : std::uint8_t { shown = 0, suppressed = 1, withdrawn = 2, erased = 3 };
  struct Said {
    State state = State::shown;
    std::uint64_t said_s = 0;
  };
  [[nodiscard]] std::optional<Said> said(RowId origin, std::uint64_t index);
  [[nodiscard]] State state(RowId origin, std::uint64_t index) { return said(origin, index).value_or(Said{}).state; }
  void say(RowId origin, std::uint64_t index, Said const& what);
  void keep(RowId origin, ControlDelivery::Entry const& entry, std::string const& void_because, std::size_t ended,
            std::int64_t now_us);

 private:
  Connection& connection_;
  Statement hold_, held_, forget_, said_, say_;
};

class RecallReads final : public RecallReader {
 public:
  explicit RecallReads(Connection& connection) : connection_(connection) {}

  core::Result<std::vector<MadeRecall>> recalls(std::optional<RowId> asserter, std::size_t most) override;
  core::Result<std::optional<MadeRecall>> recall(std::uint64_t position) override;
  core::Result<std::vector<Receipt>> receipts(std::uint64_t position) override { return receipts(position, "min"); }
  core::Result<std::vector<Receipt>> newest_receipts(std::uint64_t position) override {
    return receipts(position, "max");
  }
  core::Result<std::vector<SaidOfDependents>> said_of_dependents() override;
  core::Result<ControlEntry> control_entry(std::uint64_t position) override;
  core::Result<std::optional<MadeRecall>> latest(RowId asserter, std::string const& type,
                                                 core::Uuid const& uuid) override;
  core::Result<Recallable> recallable(StoredObject const& object) override;
  core::Result<std::vector<RecalledLately>> recalled_lately(std::int64_t now_us) override;

 private:
  core::Result<std::vector<Receipt>> receipts(std::uint64_t position, std::string const& which);

  Connection& connection_;
};

}  // namespace tocsin::store::sqlite
