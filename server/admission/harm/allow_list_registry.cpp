#include "server/admission/harm/allow_list_registry.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tocsin::admission::harm {
namespace {

using store::AllowKind;
using Change = store::AllowListStore::Change;

constexpr std::array<std::pair<std::string_view, AllowKind>, 5> kKinds{{{"ranges", AllowKind::ranges},
                                                                        {"domains", AllowKind::domains},
                                                                        {"mail", AllowKind::mail},
                                                                        {"organisations", AllowKind::organisations},
                                                                        {"prompts", AllowKind::prompts}}};

// Their fingerprints are long, and all of them are kept in memory.
constexpr std::size_t kMostPrompts = 20'000;

// What findings show to submitters.
bool is_name(std::string_view name) {
  constexpr std::size_t kLongest = 60;
  return !name.empty() && name.size() <= kLongest && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

}  // namespace

std::string_view name_of(AllowKind kind) {
  return std::ranges::find(kKinds, kind, &std::pair<std::string_view, AllowKind>::second)->first;
}

std::shared_ptr<AllowLists const> AllowListRegistry::current() const {
  std::lock_guard lock(mutex_);
  return current_;
}

std::vector<AllowListRegistry::Summary> AllowListRegistry::summaries() const {
  std::lock_guard lock(mutex_);
  return summaries_;
}

core::Result<store::AllowList> AllowListRegistry::parse(std::string const& name, std::string const& kind,
                                                        std::vector<std::string> const& entries) const {
  if (!is_name(name))
    return core::fail(core::Code::bad_parameter,
                      "The name of a list has 1 to 60 letters, digits, dots, hyphens and underscores.", "/name",
                      "Submitters are told it: call it what it is of.");
  auto const found = std::ranges::find(kKinds, kind.empty() ? name_of(kind_of(name)) : std::string_view(kind),
                                       &std::pair<std::string_view, AllowKind>::first);
  if (found == kKinds.end())
    return core::fail(core::Code::bad_parameter, "There is no such kind of list.", "/kind",
                      "Use ranges, domains, mail, organisations or prompts.");
  if (entries.empty())
    return core::fail(core::Code::bad_parameter, "No entry is named.", "/entries",
                      R"(Send {"name":"cloud","entries":["203.0.113.0/24","AS64500"]}.)");
  store::AllowList list{name, found->second};
  if (list.kind == AllowKind::prompts && entries.size() > kMostPrompts)
    return core::fail(core::Code::bad_parameter,
                      "At most " + std::to_string(kMostPrompts) + " prompts are added at a time.", "/entries",
                      "Take a sample of them: a thousand show what a template would hit.");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto text = entry_text(list.kind, entries[i]);
    if (!text) {
      text.error().detail = "Entry " + std::to_string(i + 1) + ": " + text.error().detail;
      text.error().pointer = "/entries/" + std::to_string(i);
      return std::unexpected(text.error());
    }
    list.entries.push_back(*std::move(text));
  }
  std::ranges::sort(list.entries);
  list.entries.erase(std::unique(list.entries.begin(), list.entries.end()), list.entries.end());
  return list;
}

AllowKind AllowListRegistry::kind_of(std::string const& name) const {
  std::lock_guard lock(mutex_);
  auto const found = std::ranges::find(summaries_, name, &Summary::name);
  return found == summaries_.end() ? AllowKind::ranges : found->kind;
}

core::Result<void> AllowListRegistry::load() {
  auto const rows = store_.lists();
  if (!rows) return std::unexpected(rows.error());
  auto lists = std::make_shared<AllowLists const>(*rows);
  std::vector<Summary> summaries;
  for (auto const& row : *rows) summaries.push_back({row.name, row.kind, row.changed_us, row.entries.size()});
  std::lock_guard lock(mutex_);
  current_ = std::move(lists);
  summaries_ = std::move(summaries);
  return {};
}

core::Result<Change> AllowListRegistry::write(store::AllowList const& list, bool replace) {
  return changed(store_.write(list, replace, kMostEntries));
}

core::Result<Change> AllowListRegistry::remove(std::string const& name, std::vector<std::string> const& entries,
                                               std::int64_t now_us) {
  auto const kind = kind_of(name);
  std::vector<std::string> texts;
  for (auto const& entry : entries) {
    auto text = entry_text(kind, entry);
    if (!text) return std::unexpected(text.error());
    texts.push_back(*std::move(text));
  }
  return changed(store_.remove(name, texts, now_us));
}

core::Result<Change> AllowListRegistry::changed(core::Result<Change> change) {
  if (!change) return change;
  if (auto loaded = load(); !loaded) return std::unexpected(loaded.error());
  return change;
}

}  // namespace tocsin::admission::harm
