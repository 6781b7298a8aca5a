#include <algorithm>
#include <array>
#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/day_bars.hpp"
#include "clients/cpp/indicator_text.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/target.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

constexpr std::array kCounts{"accounts", "exchanges", "tokens"};

Outcome<std::vector<json>> fetch(Session& session) {
  std::vector<json> out;
  std::string after;
  for (bool complete = false; !complete;) {
    Target target("/api/v1/campaigns");
    if (!after.empty()) target.with("after", after);
    auto page = session.get_fixed_json(target.text(), kJson);
    if (!page) return std::unexpected(std::move(page.error()));
    for (auto const& campaign : list_or_empty(*page, "campaigns")) out.push_back(campaign);
    complete = flag_or(*page, "complete", false);
    auto next = text_or(*page, "after");
    if (!complete && (next.empty() || next == after))
      return fail(Exit::server, "The server says that there are more, but not where.", kWhichServer);
    after = std::move(next);
  }
  return out;
}

// 13000000 as 13,000,000
std::string grouped(std::size_t number) {
  auto out = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3)
    out.insert(static_cast<std::size_t>(at), ",");
  return out;
}

// "13,000,000 (lower-bound)", or "": it is not said.
std::string counted(json const& said, char const* name) {
  auto const& count = object_or_empty(said, name);
  if (count.empty()) return {};
  return grouped(number_or(count, "count", 0)) + " (" + printable(text_or(count, "basis")) + ")";
}

// "2026-01-02 to 2026-01-04", of one end "from …" or "until …", or "": neither is said.
std::string seen(json const& said) {
  auto const first = text_or(said, "first_seen"), last = text_or(said, "last_seen");
  if (first.empty()) return last.empty() ? "" : "until " + printable(last);
  return last.empty() ? "from " + printable(first) : printable(first + " to " + last);
}

class Printer {
 public:
  explicit Printer(std::ostream& out) : out_(out) {}

  void line(std::string_view name, std::string const& value) {
    constexpr std::size_t kWidth = 14;
    if (value.empty()) return;
    out_ << "  " << name << std::string(kWidth - std::min(kWidth - 1, name.size()), ' ') << value << '\n';
  }

  void pivots(json const& said) {
    for (auto const& pivot : list_or_empty(said, "release_pivots")) {
      auto text = printable(text_or(pivot, "model")) + ", released " + printable(text_or(pivot, "time"));
      if (auto const share = pivot.find("share"); share != pivot.end() && share->is_number())
        text += ": " + std::to_string(static_cast<int>(share->get<double>() * 100 + 0.5)) + " % of the traffic moved";
      if (pivot.contains("seconds")) text += " within " + std::to_string(number_or(pivot, "seconds", 0) / 3'600) + " h";
      line("turned to", text);
    }
  }

 private:
  std::ostream& out_;
};

void print_days(Console& console, json const& sightings) {
  constexpr std::size_t kBar = 40;
  std::vector<DayCount> days;
  std::size_t number = 0;
  for (auto const& one : list_or_empty(sightings, "by_day")) {
    days.push_back({text_or(one, "day"), number_or(one, "count", 0)});
    number += number_or(one, "sightings", 0);
  }
  if (days.empty()) return;
  auto const bars = day_bars(days, kBar);
  console.out << "Seen in " << grouped(number) << (flag_or(sightings, "complete", true) ? "" : " or more")
              << (number == 1 ? " sighting" : " sightings") << ", by " << (bars.by_week ? "week" : "day") << " (UTC)\n";
  for (auto const& one : bars.lines) console.out << "  " << one << '\n';
}

void print(Console& console, json const& campaign) {
  auto const& all = list_or_empty(campaign, "said");
  Printer printer(console.out);
  for (auto const& said : all) {
    console.out << printable(text_or(said, "name")) << "  (" << printable(text_or(said, "tlp", "no level")) << ", "
                << author_of(said) << ")\n";
    printer.line("seen", seen(said));
    for (auto const* name : kCounts) printer.line(name, counted(said, name));
    for (auto const& [name, property] : {std::pair{"aims at", "targeted_capabilities"},
                                         {"models", "target_models"},
                                         {"went around", "restrictions_evaded"}})
      printer.line(name, listed(said, property));
    printer.pivots(said);
    printer.line("description", printable(text_or(said, "description")));
  }
  if (all.size() > 1) {
    console.out << "At least, by the greatest count that somebody vouches for\n";
    auto const& least = object_or_empty(campaign, "at_least");
    for (auto const* name : kCounts)
      if (least.contains(name)) printer.line(name, grouped(number_or(least, name, 0)));
  }
  auto const& indicators = object_or_empty(campaign, "indicators");
  auto const indicating = number_or(indicators, "count", 0);
  console.out << "Indicated by " << grouped(indicating) << (flag_or(indicators, "complete", true) ? "" : " or more")
              << (indicating == 1 ? " indicator" : " indicators") << " that you see\n";
  auto const& kinds = object_or_empty(indicators, "by_kind");
  for (auto const& [kind, count] : kinds.items())
    printer.line(printable(kind), grouped(number_or(kinds, kind.c_str(), 0)));
  print_days(console, object_or_empty(campaign, "sightings"));
}

Outcome<Exit> list(Session& session, Console& console) {
  auto found = fetch(session);
  if (!found) return std::unexpected(std::move(found.error()));
  if (console.json) {
    console.out << json{{"campaigns", *found}}.dump() << '\n';
    return Exit::ok;
  }
  if (found->empty()) console.err << "no campaigns that you may see\n";
  for (auto const& one : *found) {
    auto const exchanges = counted(one, "exchanges");
    console.out << printable(text_or(one, "id")) << "  " << printable(text_or(one, "name"))
                << (exchanges.empty() ? "" : "  " + exchanges + " exchanges")
                << (flag_or(one, "revoked", false) ? "  revoked" : "") << '\n';
  }
  return Exit::ok;
}

Outcome<Exit> show_one(Session& session, Console& console, std::string const& id) {
  auto found = session.get_json("/api/v1/campaigns/" + encoded(id), kJson);
  if (!found) return std::unexpected(std::move(found.error()));
  if (console.json)
    console.out << found->dump() << '\n';
  else
    print(console, *found);
  return Exit::ok;
}

}  // namespace

Outcome<Exit> campaign(Session& session, Console& console, CampaignOptions const& options) {
  bool const one = options.action == "show";
  if (one == options.id.empty())
    return fail(Exit::local, one ? "Which campaign is to be shown?" : "A list is of all campaigns.",
                "tocsin campaign list prints their ids; tocsin campaign show ID shows one.");
  return one ? show_one(session, console, options.id) : list(session, console);
}

}  // namespace tocsin::client
