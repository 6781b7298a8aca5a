#include "server/endpoints/shared_items.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "server/admission/harm/harm.hpp"
#include "server/endpoints/answers.hpp"

namespace tocsin::endpoints {
namespace {

using admission::Item;
using Outcome = Item::Outcome;
using nlohmann::json;

json rendered_finding(core::Error const& finding, admission::Place const& place) {
  json out{{"code", core::row(finding.code).code}, {"detail", finding.detail}};
  if (!finding.remedy.empty()) out["remedy"] = finding.remedy;
  if (admission::harm::may_be_overridden(finding.code)) out["warning"] = true;
  if (auto pointer = place.pointer + finding.pointer; !pointer.empty()) out["pointer"] = std::move(pointer);
  if (place.column > 0) out["column"] = place.column;
  if (!place.columns || finding.pointer.empty()) return out;
  auto const column = std::ranges::find(*place.columns, std::string_view(finding.pointer).substr(1));
  if (column != place.columns->end()) out["column"] = column - place.columns->begin() + 1;
  return out;
}

json rendered_item(Item const& item) {
  constexpr std::string_view kOutcomes[] = {"accepted", "unchanged", "refused", "waiting"};
  json out{{"outcome", kOutcomes[static_cast<std::size_t>(item.outcome)]}};
  if (item.place.line > 0) out["line"] = item.place.line;
  if (!item.place.pointer.empty()) out["pointer"] = item.place.pointer;
  if (item.native) out["kind"] = item.native->kind().name;
  if (item.outcome == Outcome::refused) {
    out["findings"] = json::array();
    for (auto const& finding : item.findings) out["findings"].push_back(rendered_finding(finding, item.place));
    return out;
  }
  out["id"] = item.id;
  out["collection"] = item.native ? item.native->kind().collection : std::string_view(item.collection);
  if (!item.valid_until.empty()) out["valid_until"] = item.valid_until;
  if (!item.notes.empty()) out["notes"] = item.notes;
  for (auto const& object : item.objects) out["objects"].push_back(json::parse(object));
  return out;
}

// Of a long body, of each sort: what a person reads to mend a file, and a program to send a part of it again.
constexpr std::size_t kMostTold = 1'000;
// Of a dry run, which tells the objects too.
constexpr std::size_t kMostBytes = 8u << 20;
// Visibility classes that a dry run tells of.
constexpr std::size_t kMostClasses = 200;

json rendered_stop(core::Error const& why, std::size_t line) {
  json out{{"line", line}, {"code", core::row(why.code).code}, {"detail", why.detail}};
  if (!why.remedy.empty()) out["remedy"] = why.remedy;
  return out;
}

}  // namespace

void SharedAnswer::add(std::vector<Item> items) {
  if (++batches_ == 2) {
    told_bytes_ = 0;
    for (auto& told : std::exchange(told_, {})) keep(std::move(told));
  }
  for (auto const& item : items) {
    ++counts_[static_cast<std::size_t>(item.outcome)];
    note_classes(item);
    bool const news = item.outcome == Outcome::accepted || item.outcome == Outcome::waiting;
    Told told{{}, item.outcome == Outcome::refused, news && !item.notes.empty()};
    if (batches_ > 1 && !told.refused && !told.noted) {
      ++left_out_;
      continue;
    }
    told.text = rendered(rendered_item(item));
    if (batches_ == 1)
      push(std::move(told));
    else
      keep(std::move(told));
  }
}

void SharedAnswer::note_classes(Item const& item) {
  if (!dry_ || item.outcome == Outcome::refused) return;
  for (auto const& one : item.classes)
    if (classes_.size() < kMostClasses)
      classes_.emplace(item.native ? item.native->kind().collection : item.collection, one);
}

void SharedAnswer::keep(Told told) {
  auto& count = told.refused ? refused_told_ : noted_told_;
  bool const worth = told.refused || told.noted;
  if (!worth || count == kMostTold) {
    ++left_out_;
    return;
  }
  ++count;
  push(std::move(told));
}

void SharedAnswer::push(Told told) {
  if (dry_ && told_bytes_ + told.text.size() > kMostBytes) {
    ++left_out_;
    return;
  }
  told_bytes_ += told.text.size();
  told_.push_back(std::move(told));
}

std::string SharedAnswer::text(json const& readers) const {
  json head{{"dry_run", dry_}, {"accepted", counts_[0]}, {"unchanged", counts_[1]}, {"refused", counts_[2]}};
  if (counts_[3] > 0) head["waiting"] = counts_[3];
  if (left_out_ > 0) head["left_out"] = left_out_;
  if (dry_) head["readers"] = readers;
  if (stopped_) head["stopped"] = rendered_stop(*stopped_, next_line_);
  auto out = rendered(head);
  out.back() = ',';
  out += "\"items\":[";
  for (std::size_t i = 0; i < told_.size(); ++i) out.append(i == 0 ? "" : ",").append(told_[i].text);
  return out + "]}";
}

}  // namespace tocsin::endpoints
