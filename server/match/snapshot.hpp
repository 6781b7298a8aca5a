// Indicators, indexed by all that they are about, at one moment: each index names sets of rows, and the rows say who
// may see them and when they hold. Shared by whoever reads; constant, any thread.
//
// A further engine is a member here: the builder feeds it from entries and from the rows of another snapshot, and
// `find` asks it. It tells sets, a field and a score, and decides nothing about who is told.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "server/match/asn_index.hpp"
#include "server/match/id_index.hpp"
#include "server/match/item.hpp"
#include "server/match/key_index.hpp"
#include "server/match/literals.hpp"
#include "server/match/print_index.hpp"
#include "server/match/range_index.hpp"

namespace tocsin::match {

class Snapshot {
 public:
  class Builder;

  // A set of indicators that an item meets, by one of its fields.
  struct Found {
    SetId set;
    Field field;
    float score;
  };

  // What these addresses lie in.
  void find(std::span<IpAddress const> addresses, std::span<SetId> out) const { ranges_.find(addresses, out); }
  // What else the item meets, but for its prompt and for wildcards; `asn` is its own, or that of its address.
  void find(Item const& item, std::optional<std::uint32_t> asn, std::vector<Found>& out) const;
  // By what wildcards that the asker sees its names and its user agent are met. `left` and the answer: Literals::find.
  [[nodiscard]] bool find_alike(Item const& item, Filter const& filter, std::size_t& left,
                                std::vector<Found>& out) const;
  // Which templates the prompt meets, of classes that the asker sees: how many there are of others shows neither in a
  // score nor in what is left. `left` and the answer: PrintIndex::find.
  [[nodiscard]] bool find_templates(std::span<kinds::Print const> prompt, Filter const& filter, std::size_t& left,
                                    std::vector<Found>& out) const;

  [[nodiscard]] SetTable::Members members(SetId set) const { return sets_.members(set); }
  [[nodiscard]] Facts const& facts(IndicatorNumber number) const { return rows_[number]; }
  [[nodiscard]] bool is_visible(IndicatorNumber number, Filter const& filter) const;
  [[nodiscard]] std::optional<IndicatorNumber> number_of(core::Uuid const& id) const { return ids_.find(id, rows_); }
  // Of indicators that no index here has, or not by all that their patterns hold of.
  [[nodiscard]] std::vector<IndicatorNumber> const& unindexed() const { return unindexed_; }
  [[nodiscard]] bool has_asns() const { return has_asns_; }

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] std::size_t bytes() const;

 private:
  explicit Snapshot(Builder builder);
  [[nodiscard]] bool is_shown(SetId classes, Filter const& filter, bool own) const;
  void count_left_out();

  SetTable sets_, classes_;
  std::vector<Facts> rows_;
  std::vector<SetId> classes_of_;           // of each row, in classes_
  std::vector<IndicatorNumber> partly_;     // whatever is compiled
  std::vector<IndicatorNumber> unindexed_;  // these, and those of literals that are not looked up
  RangeIndex ranges_;
  AsnIndex asns_;
  KeyIndex keys_;
  Literals literals_;
  std::vector<std::pair<SetId, PrintIndex>> prints_;  // of templates with the same classes
  IdIndex ids_;
  bool has_asns_;
};

// One thread.
class Snapshot::Builder {
 public:
  // An id may be added once.
  void add(Entry const& entry);
  // All rows of another snapshot but some, whose numbers ascend.
  void add(Snapshot const& other, std::span<IndicatorNumber const> but = {});
  void reserve(std::size_t indicators);

  // Compiles the literals, which takes some tenths of a second when there are many.
  [[nodiscard]] std::shared_ptr<Snapshot const> build() &&;
  // At once: what is looked up by literals alone is counted as unindexed.
  [[nodiscard]] std::shared_ptr<Snapshot const> build_uncompiled() &&;

 private:
  friend class Snapshot;
  [[nodiscard]] SetId classes(std::vector<std::uint32_t> of);

  SetTable sets_, classes_;
  std::map<std::vector<std::uint32_t>, SetId> known_classes_;
  std::vector<Facts> rows_;
  std::vector<SetId> classes_of_;
  std::vector<IndicatorNumber> partly_;
  Ranges ranges_;
  AsnIndex asns_;
  KeyIndex keys_;
  Literals literals_;
  std::map<SetId, Prints> prints_;  // by the set of classes
  bool has_asns_ = false;
};

}  // namespace tocsin::match
