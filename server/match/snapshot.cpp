#include "server/match/snapshot.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace tocsin::match {

Snapshot::Snapshot(Builder builder)
    : sets_(std::move(builder.sets_)),
      classes_(std::move(builder.classes_)),
      rows_(std::move(builder.rows_)),
      classes_of_(std::move(builder.classes_of_)),
      partly_(std::move(builder.partly_)),
      ranges_(std::move(builder.ranges_), sets_),
      asns_(std::move(builder.asns_)),
      keys_(std::move(builder.keys_)),
      literals_(std::move(builder.literals_)),
      ids_(rows_),
      has_asns_(builder.has_asns_) {
  for (auto& [classes, prints] : builder.prints_) prints_.emplace_back(classes, PrintIndex(std::move(prints), sets_));
  sets_.shrink();
  keys_.shrink();
  count_left_out();
}

// Each once, though several of its literals are not looked up.
void Snapshot::count_left_out() {
  unindexed_ = partly_;
  literals_.each_left_out([&](SetId set) {
    for (auto const number : sets_.members(set)) unindexed_.push_back(number);
  });
  std::ranges::sort(unindexed_);
  unindexed_.erase(std::ranges::unique(unindexed_).begin(), unindexed_.end());
}

void Snapshot::find(Item const& item, std::optional<std::uint32_t> asn, std::vector<Found>& out) const {
  auto const found = [&](SetId set, Field field, float score) {
    if (set != kNobody) out.push_back({set, field, score});
  };
  if (asn) found(asns_.find(*asn), Field::asn, 1);
  for (auto const& key : item.keys) {
    if (key.field == Field::domain || key.field == Field::email_domain) {
      keys_.find_suffixes(key.field, key.text, [&](SetId set) { found(set, key.field, 1); });
    } else if (key.field == Field::ja4) {
      for (auto const& form : forms_of_ja4(key.text))
        if (!form.text.empty()) found(keys_.find(key.field, form.text), key.field, form.share);
    } else {
      found(keys_.find(key.field, key.text), key.field, 1);
    }
  }
}

bool Snapshot::find_alike(Item const& item, Filter const& filter, std::size_t& left, std::vector<Found>& out) const {
  auto const shown = [&](SetId set) {
    return std::ranges::any_of(sets_.members(set), [&](auto const number) { return is_visible(number, filter); });
  };
  bool complete = true;
  std::vector<SetId> alike;
  for (auto const& key : item.keys) {
    if (key.field != Field::domain && key.field != Field::user_agent) continue;
    alike.clear();
    complete = literals_.find(key.field, key.text, shown, left, alike) && complete;
    for (auto const set : alike) out.push_back({set, key.field, 1});
  }
  return complete;
}

bool Snapshot::find_templates(std::span<kinds::Print const> prompt, Filter const& filter, std::size_t& left,
                              std::vector<Found>& out) const {
  bool complete = true;
  std::vector<PrintIndex::Met> met;
  for (auto const& [classes, index] : prints_)
    if (is_shown(classes, filter, filter.asserter != 0)) complete = index.find(prompt, left, met) && complete;
  for (auto const& one : met) out.push_back({one.set, Field::prompt, one.score});
  return complete;
}

bool Snapshot::is_visible(IndicatorNumber number, Filter const& filter) const {
  return is_shown(classes_of_[number], filter, filter.asserter != 0 && rows_[number].asserter == filter.asserter);
}

bool Snapshot::is_shown(SetId classes, Filter const& filter, bool own) const {
  for (auto const one : classes_.members(classes))
    if (filter.visible.contains(one) || (own && filter.own.contains(one))) return true;
  return false;
}

std::size_t Snapshot::bytes() const {
  std::size_t prints = 0;
  for (auto const& [classes, index] : prints_) prints += index.bytes();
  return sets_.bytes() + classes_.bytes() + rows_.capacity() * sizeof(Facts) + classes_of_.capacity() * sizeof(SetId) +
         (partly_.capacity() + unindexed_.capacity()) * sizeof(IndicatorNumber) + ranges_.bytes() + asns_.bytes() +
         keys_.bytes() + literals_.bytes() + prints + ids_.bytes();
}

SetId Snapshot::Builder::classes(std::vector<std::uint32_t> of) {
  std::ranges::sort(of);
  auto const known = known_classes_.find(of);
  if (known != known_classes_.end()) return known->second;
  SetId set = kNobody;
  for (auto const one : of) set = classes_.add(one, set);
  known_classes_.emplace(std::move(of), set);
  return set;
}

void Snapshot::Builder::add(Entry const& entry) {
  auto const number = static_cast<IndicatorNumber>(rows_.size());
  rows_.push_back(entry.facts);
  classes_of_.push_back(classes(entry.classes));
  for (auto const& network : entry.networks) ranges_.add(network, number);
  for (auto const asn : entry.asns) asns_.add(asn, number, sets_);
  for (auto const& key : entry.keys) keys_.add(key.field, key.text, number, sets_);
  for (auto const& like : entry.likes) literals_.add(like, number, sets_);
  has_asns_ = has_asns_ || !entry.asns.empty();
  bool const has_prints = entry.prints.size() >= kinds::kLeastShared;
  if (has_prints) prints_[classes_of_.back()].add(entry.prints, number);
  bool const found =
      !entry.networks.empty() || !entry.asns.empty() || !entry.keys.empty() || !entry.likes.empty() || has_prints;
  if (!found || entry.partly) partly_.push_back(number);
}

void Snapshot::Builder::add(Snapshot const& other, std::span<IndicatorNumber const> but) {
  constexpr auto kGone = ~IndicatorNumber{0};
  std::vector<IndicatorNumber> numbers(other.size(), kGone);  // that they have here
  std::unordered_map<SetId, SetId> known;                     // sets of classes, there and here
  reserve(other.size());
  for (IndicatorNumber number = 0; number < other.size(); ++number) {
    if (!but.empty() && but.front() == number) {
      but = but.subspan(1);
      continue;
    }
    numbers[number] = static_cast<IndicatorNumber>(rows_.size());
    rows_.push_back(other.rows_[number]);
    auto const [at, is_new] = known.try_emplace(other.classes_of_[number]);
    if (is_new) {
      auto const members = other.classes_.members(at->first);
      std::vector<std::uint32_t> of;
      for (auto const one : members) of.push_back(one);
      at->second = classes(std::move(of));
    }
    classes_of_.push_back(at->second);
  }
  auto const each_of = [&](SetId set, auto const& take) {
    for (auto const number : other.sets_.members(set))
      if (numbers[number] != kGone) take(numbers[number]);
  };
  other.ranges_.each(other.sets_, [&](IpNetwork const& network, IndicatorNumber number) {
    if (numbers[number] != kGone) ranges_.add(network, numbers[number]);
  });
  other.asns_.each([&](std::uint32_t asn, SetId set) {
    each_of(set, [&](IndicatorNumber number) {
      asns_.add(asn, number, sets_);
      has_asns_ = true;
    });
  });
  other.keys_.each([&](Field field, std::string_view text, SetId set) {
    each_of(set, [&](IndicatorNumber number) { keys_.add(field, text, number, sets_); });
  });
  other.literals_.each([&](Like const& like, SetId set) {
    each_of(set, [&](IndicatorNumber number) { literals_.add(like, number, sets_); });
  });
  for (auto const& [classes, index] : other.prints_)
    index.each(other.sets_, [&](kinds::Print print, IndicatorNumber number) {
      if (auto const here = numbers[number]; here != kGone) prints_[classes_of_[here]].add({&print, 1}, here);
    });
  for (auto const number : other.partly_)
    if (numbers[number] != kGone) partly_.push_back(numbers[number]);
}

void Snapshot::Builder::reserve(std::size_t indicators) {
  rows_.reserve(rows_.size() + indicators);
  classes_of_.reserve(classes_of_.size() + indicators);
}

std::shared_ptr<Snapshot const> Snapshot::Builder::build() && {
  literals_.compile(sets_, [this](IndicatorNumber number) { return rows_[number].asserter; });
  return std::move(*this).build_uncompiled();
}

std::shared_ptr<Snapshot const> Snapshot::Builder::build_uncompiled() && {
  return std::shared_ptr<Snapshot const>(new Snapshot(std::move(*this)));
}

}  // namespace tocsin::match
