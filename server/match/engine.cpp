#include "server/match/engine.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::match {
namespace {

std::shared_ptr<Snapshot const> nothing() { return Snapshot::Builder().build_uncompiled(); }

}  // namespace

Engine::Engine(std::shared_ptr<AsnDatabase const> asns)
    : asns_(std::move(asns)), view_(std::make_shared<View const>(nothing(), nothing())) {}

std::shared_ptr<View const> Engine::view() const {
  std::scoped_lock const lock(pointing_);
  return view_;
}

void Engine::reset(std::shared_ptr<Snapshot const> all, std::int64_t sequence) {
  std::scoped_lock const lock(folding_one_, changing_);
  folding_.clear();
  waiting_.clear();
  publish(std::move(all), sequence);
}

std::size_t Engine::apply(std::span<Change const> changes, std::int64_t sequence) {
  std::scoped_lock const lock(changing_);
  for (auto const& change : changes) waiting_.insert_or_assign(change.id, change);
  publish(view()->base, sequence);
  return waiting_.size();
}

void Engine::fold() {
  std::scoped_lock const one(folding_one_);
  std::shared_ptr<View const> before;
  {
    std::scoped_lock const lock(changing_);
    free_retired();
    for (auto& [id, change] : waiting_) folding_.insert_or_assign(id, std::move(change));
    waiting_.clear();
    if (folding_.empty()) return;
    before = view();
  }
  auto all = before->folded();
  std::scoped_lock const lock(changing_);
  folding_.clear();
  publish(std::move(all), view()->sequence);
}

void Engine::publish(std::shared_ptr<Snapshot const> base, std::int64_t sequence) {
  Snapshot::Builder builder;
  std::vector<IndicatorNumber> replaced;
  auto const take = [&](Change const& change) {
    if (auto const number = base->number_of(change.id)) replaced.push_back(*number);
    if (change.now) builder.add(*change.now);
  };
  for (auto const& [id, change] : folding_)
    if (!waiting_.contains(id)) take(change);
  for (auto const& [id, change] : waiting_) take(change);
  std::ranges::sort(replaced);
  auto const before = view();
  if (before->base != base) retired_.push_back(before->base);
  auto next = std::make_shared<View const>(std::move(base), std::move(builder).build_uncompiled(), std::move(replaced),
                                           sequence);
  std::scoped_lock const lock(pointing_);
  view_.swap(next);
}

void Engine::free_retired() {
  std::erase_if(retired_, [](auto const& snapshot) { return snapshot.use_count() == 1; });
}

Answer Engine::match(std::span<Item const> items, Filter const& filter) const {
  return view()->match(items, filter, asns_.get());
}

Engine::Held Engine::held() const {
  auto const base = view()->base;
  return {base->size(), base->bytes()};
}

std::size_t Engine::unindexed(Filter const& filter) const { return view()->unindexed(filter); }

}  // namespace tocsin::match
