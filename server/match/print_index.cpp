#include "server/match/print_index.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <random>
#include <stdexcept>
#include <unordered_map>

namespace tocsin::match {
namespace {

// Fewer are left of a template than a member may share: then it keeps what is common.
constexpr std::size_t kLeastLeft = 20;
constexpr std::size_t kOneIn = 100;   // templates that have what is common
constexpr std::size_t kAbreast = 16;  // places that are looked for side by side, so that memory is waited for once

// Of one indicator, while the index is made.
struct Counted {
  std::uint32_t place = 0, all = 0, rare = 0;

  // What is made of little else than what is common keeps all of it: copies of a template cannot blind it.
  [[nodiscard]] bool keeps_common() const { return rare < kLeastLeft || 2 * rare < all; }
};

// Calls each(run) for every run of pairs with the same fingerprint.
void each_run(auto const& all, auto const& each) {
  for (auto at = all.begin(); at != all.end();) {
    auto const end = std::find_if(at, all.end(), [&](auto const& one) { return one.first != at->first; });
    each(std::span(at, end));
    at = end;
  }
}

std::size_t count_of(auto const& slots) {
  std::size_t out = 0;
  for (auto const* slot : slots) out += slot->count;
  return out;
}

}  // namespace

PrintIndex::PrintIndex(Prints prints, SetTable& sets) : seed_(std::random_device{}() | 1U) {
  auto& all = prints.all_;
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  if (all.size() > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("too many fingerprints to index");
  std::unordered_map<IndicatorNumber, Counted> counted;
  for (auto const& one : all) counted.try_emplace(one.second, Counted{static_cast<std::uint32_t>(counted.size())});
  auto const common = std::max(kCommon, counted.size() / kOneIn);
  std::size_t different = 0;
  each_run(all, [&](Run run) {
    ++different;
    for (auto const& [print, indicator] : run) {
      auto& one = counted[indicator];
      ++one.all;
      if (run.size() <= common) ++one.rare;
    }
  });
  templates_.resize(counted.size());
  for (auto const& [indicator, one] : counted)
    templates_[one.place] = {sets.add(indicator, kNobody), one.keeps_common() ? one.all : one.rare};
  slots_.resize(std::bit_ceil(different + different / 2 + 2));
  postings_.reserve(all.size());
  std::vector<std::uint32_t> counting;
  each_run(all, [&](Run run) {
    counting.clear();
    for (auto const& pair : run) {
      auto const& one = counted[pair.second];
      if (run.size() <= common || one.keeps_common())
        counting.push_back(one.place);
      else
        silent_.push_back(pair);
    }
    if (!counting.empty()) put(run.front().first, counting);
  });
  postings_.shrink_to_fit();
}

// Fingerprints are spread well, but for those that somebody made up: whose upper bits the seed moves.
std::size_t PrintIndex::first_place(kinds::Print print) const {
  constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;
  auto const mixed = (print ^ print >> 32 ^ seed_ << 17) * (kGolden ^ seed_ << 1);
  return static_cast<std::size_t>(mixed >> (64 - std::countr_zero(slots_.size())));
}

PrintIndex::Slot const& PrintIndex::slot_of(kinds::Print print) const {
  auto at = first_place(print);
  while (slots_[at].count != 0 && slots_[at].print != print) at = (at + 1) & (slots_.size() - 1);
  return slots_[at];
}

void PrintIndex::put(kinds::Print print, std::vector<std::uint32_t> const& templates) {
  auto at = first_place(print);
  while (slots_[at].count != 0) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {print, static_cast<std::uint32_t>(postings_.size()), static_cast<std::uint32_t>(templates.size())};
  postings_.insert(postings_.end(), templates.begin(), templates.end());
}

std::vector<PrintIndex::Slot const*> PrintIndex::slots_of(std::span<kinds::Print const> prompt) const {
  std::vector<Slot const*> out;
  for (; !prompt.empty(); prompt = prompt.subspan(std::min(kAbreast, prompt.size()))) {
    auto const now = prompt.first(std::min(kAbreast, prompt.size()));
    for (auto const print : now) __builtin_prefetch(&slots_[first_place(print)]);
    for (auto const print : now)
      if (auto const& slot = slot_of(print); slot.count != 0) {
        __builtin_prefetch(&postings_[slot.first]);
        out.push_back(&slot);
      }
  }
  return out;
}

bool PrintIndex::find(std::span<kinds::Print const> prompt, std::size_t& left, std::vector<Met>& out) const {
  if (templates_.empty() || prompt.size() < kinds::kLeastShared) return true;
  auto slots = slots_of(prompt);
  auto const may = std::min(left, kMostPostings);
  auto postings = count_of(slots);
  bool const complete = postings <= may;
  if (!complete) {
    std::ranges::sort(slots, {}, [](Slot const* one) { return std::pair(one->count, one->print); });
    while (postings > may) {
      postings -= slots.back()->count;
      slots.pop_back();
    }
  }
  left -= postings;
  std::vector<std::uint32_t> met;  // a template for each fingerprint that it shares
  met.reserve(postings);
  for (auto const* slot : slots)
    met.insert(met.end(), postings_.begin() + slot->first, postings_.begin() + slot->first + slot->count);
  tell(met, out);
  return complete;
}

void PrintIndex::tell(std::vector<std::uint32_t>& met, std::vector<Met>& out) const {
  std::ranges::sort(met);
  for (std::size_t at = 0; at < met.size();) {
    auto const first = at;
    while (at < met.size() && met[at] == met[first]) ++at;
    auto const& [set, weight] = templates_[met[first]];
    if (at - first >= kinds::least_shared(weight))
      out.push_back({set, static_cast<float>(at - first) / static_cast<float>(weight)});
  }
}

std::size_t PrintIndex::bytes() const {
  return slots_.capacity() * sizeof(Slot) + postings_.capacity() * sizeof(postings_[0]) +
         templates_.capacity() * sizeof(Template) + silent_.capacity() * sizeof(silent_[0]);
}

}  // namespace tocsin::match
