#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/indicator_text.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/target.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kPage = 1'000;  // the most that one answer holds

struct Found {
  std::vector<nlohmann::json> alerts;
  std::string after;
};

Outcome<Found> fetch(Session& session, AlertsOptions const& options) {
  Found out;
  out.after = options.after.value_or("");
  for (bool complete = false; !complete;) {
    std::size_t const wanted = options.limit ? *options.limit - out.alerts.size() : kPage;
    if (wanted == 0) return out;
    Target target("/api/v1/alerts");
    target.with("limit", std::to_string(std::min(wanted, kPage)));
    if (!out.after.empty()) target.with("after", out.after);
    auto page = session.get_fixed_json(target.text(), kJson);
    if (!page) return std::unexpected(std::move(page.error()));
    for (auto const& alert : list_or_empty(*page, "alerts")) out.alerts.push_back(alert);
    complete = flag_or(*page, "complete", false);
    auto next = text_or(*page, "after");
    if (next.empty() || (!complete && next == out.after))
      return fail(Exit::server, "The server says that there may be more, but not where.", kWhichServer);
    out.after = std::move(next);
  }
  return out;
}

std::string range_of(nlohmann::json const& alert) {
  auto const others = number_or(alert, "others", 0);
  return printable(text_or(alert, "range")) + (others > 0 ? " +" + std::to_string(others) : "");
}

void print_table(Console& console, std::vector<nlohmann::json> const& alerts, std::vector<Collection> const& known) {
  std::map<std::string, std::string> titles;
  for (auto const& collection : known) titles[collection.id] = collection.title;
  std::size_t width = 0;
  for (auto const& alert : alerts) width = std::max(width, range_of(alert).size());
  for (auto const& alert : alerts) {
    auto const range = range_of(alert), collection = text_or(alert, "collection");
    auto const title = titles.find(collection);
    console.out << range << std::string(width - range.size() + 2, ' ') << printable(text_or(alert, "modified")) << "  "
                << printable(text_or(alert, "id")) << "  "
                << printable(title == titles.end() ? collection : title->second) << "  " << author_of(alert)
                << (flag_or(alert, "revoked", false) ? "  revoked" : "") << '\n';
  }
}

// The last that is of an indicator, which is what members act upon; of none the last. A dispute of an address that was
// shared with an indicator is not shown beside that.
nlohmann::json const& to_be_disputed(std::vector<nlohmann::json> const& alerts) {
  auto const is_indicator = [](auto const& alert) { return text_or(alert, "id").starts_with("indicator--"); };
  auto const found = std::find_if(alerts.rbegin(), alerts.rend(), is_indicator);
  return found == alerts.rend() ? alerts.back() : *found;
}

}  // namespace

Outcome<Exit> alerts(Session& session, Console& console, AlertsOptions const& options) {
  auto found = fetch(session, options);
  if (!found) return std::unexpected(std::move(found.error()));
  if (console.json) {
    console.out << nlohmann::json{{"alerts", found->alerts}, {"after", found->after}}.dump() << '\n';
    return Exit::ok;
  }
  if (found->alerts.empty()) {
    console.err << "no alerts; tocsin ranges list shows what there would be alerts for\n";
  } else {
    auto collections = session.collections();
    if (!collections) return std::unexpected(std::move(collections.error()));
    print_table(console, found->alerts, *collections);
    console.out << "\nTo dispute one, with its id and your reason:\n  "
                << printable(text_or(to_be_disputed(found->alerts), "dispute")) << '\n';
  }
  console.err << "next time: --after " << printable(found->after) << '\n';
  return Exit::ok;
}

}  // namespace tocsin::client
