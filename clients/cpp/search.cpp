#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/indicator_text.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/target.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

constexpr std::size_t kPage = 500;  // the most that one answer holds

Target first_page(SearchOptions const& options) {
  Target target("/api/v1/indicators");
  for (auto const& [name, value] : options.filters) target.with(name, value);
  return target;
}

Outcome<std::vector<json>> fetch(Session& session, SearchOptions const& options) {
  std::vector<json> out;
  std::string next;
  do {
    std::size_t const wanted = options.limit ? *options.limit - out.size() : kPage;
    if (wanted == 0) return out;
    Target target = next.empty() ? first_page(options) : Target("/api/v1/indicators");
    if (!next.empty()) target.with("next", next);
    target.with("limit", std::to_string(std::min(wanted, kPage)));
    auto page = session.get_fixed_json(target.text(), kJson);
    if (!page) return std::unexpected(std::move(page.error()));
    auto const& found = list_or_empty(*page, "indicators");
    for (auto const& one : found) out.push_back(one);
    auto following = text_or(*page, "next");
    if (!following.empty() && following == next)
      return fail(Exit::server, "The server says that there are more, but not where.", kWhichServer);
    next = std::move(following);
  } while (!next.empty());
  return out;
}

// What is left of it, and where that is less, what was stated.
std::string confidence_of(json const& one) {
  auto const stated = percent(one, "confidence"), now = percent(one, "confidence_now");
  return now == "-" || now == stated ? stated : now + " (" + stated + ")";
}

// Organisations: 2 of their own accord, 5 after them, as `by 2+5`.
std::string said_by(json const& one) {
  auto const& said = object_or_empty(one, "corroboration");
  auto const count = [&](char const* name) { return std::to_string(number_or(said, name, 0)); };
  if (said.empty()) return "-";
  if (!flag_or(said, "complete", true)) return "by " + count("organisations") + " or more";
  return "by " + count("independent") + (number_or(said, "repeated", 0) > 0 ? "+" + count("repeated") : "");
}

std::string organisations(std::size_t count) { return counted(count, "organisation", "organisations"); }

std::string corroboration_of(json const& one) {
  auto const& said = object_or_empty(one, "corroboration");
  auto const count = [&](char const* name) { return std::to_string(number_or(said, name, 0)); };
  if (said.empty()) return "";
  if (!flag_or(said, "complete", true)) return organisations(number_or(said, "organisations", 0)) + " or more";
  return "independent " + count("independent") + ", repeated " + count("repeated");
}

std::string state_of(json const& one) {
  if (flag_or(one, "revoked", false)) return "revoked";
  return (one.contains("muted") ? "muted, until " : "until ") +
         printable(text_or(one, "valid_until", "further notice"));
}

std::vector<std::string> row_of(json const& one) {
  return {value_of(one),
          printable(text_or(one, "kind")),
          printable(text_or(one, "tlp", "-")),
          confidence_of(one),
          said_by(one),
          state_of(one),
          printable(text_or(one, "suggested_action", "-")),
          printable(text_or(one, "id"))};
}

void print_table(Console& console, std::vector<json> const& found) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> widths;
  for (auto const& one : found) {
    rows.push_back(row_of(one));
    widths.resize(rows.back().size());
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], rows.back()[i].size());
  }
  for (auto const& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - row[i].size(), ' ');
    }
    console.out << line << '\n';
  }
}

// An exact value finds itself alone: what covers it is another question.
void say_nothing_found(Console& console, SearchOptions const& options) {
  console.err << "no such indicators that you may see\n";
  for (auto const& [name, value] : options.filters)
    if (name == "value")
      console.err << "what covers the value, as networks and domains do: tocsin why " << printable(value) << '\n';
}

void print_said(Console& console, json const& said) {
  console.out << value_of(said) << "  (" << printable(text_or(said, "kind")) << ", "
              << printable(text_or(said, "tlp", "no level")) << ", " << author_of(said) << ")\n";
  if (flag_or(said, "revoked", false)) line(console, "revoked", printable(text_or(said, "modified")));
  line(console, "holds",
       printable(text_or(said, "valid_from", "?") + " to " + text_or(said, "valid_until", "further notice")));
  if (said.contains("confidence"))
    line(console, "confidence", percent(said, "confidence") + ", now " + percent(said, "confidence_now"));
  line(console, "said by", corroboration_of(said));
  line(console, "keep until", printable(text_or(object_or_empty(said, "native"), "share_until")));
  line(console, "muted", printable(text_or(object_or_empty(said, "muted"), "because")));
  line(console, "do", printable(text_or(said, "suggested_action")));
  line(console, "collateral", printable(text_or(said, "collateral_level")));
  line(console, "audiences", listed(said, "audiences"));
  line(console, "campaigns", listed(said, "campaign_refs"));
  line(console, "labels", listed(said, "labels"));
  line(console, "description", printable(text_or(object_or_empty(said, "native"), "description")));
}

void print_tally(Console& console, std::string const& name, std::string const& text) {
  constexpr std::size_t kWidth = 20;
  console.out << "  " << printable(name) << std::string(kWidth - std::min(kWidth - 1, name.size()), ' ') << text
              << '\n';
}

void print_sightings(Console& console, json const& sightings) {
  auto const& by_outcome = object_or_empty(sightings, "by_outcome");
  if (by_outcome.empty()) return;
  console.out << "Sighted by " << organisations(number_or(sightings, "organisations", 0))
              << (flag_or(sightings, "complete", true) ? "" : " or more") << ", as far as you see\n";
  for (auto const& [outcome, value] : by_outcome.items()) {
    auto const& tally = object_or_empty(by_outcome, outcome.c_str());
    auto const number = number_or(tally, "sightings", 0);
    std::string text = std::to_string(number) + (number == 1 ? " sighting" : " sightings") + " of " +
                       std::to_string(number_or(tally, "count", 0)) + ", by " +
                       organisations(number_or(tally, "organisations", 0));
    if (tally.contains("first_seen")) text += ", from " + printable(text_or(tally, "first_seen"));
    if (tally.contains("last_seen")) text += ", until " + printable(text_or(tally, "last_seen"));
    print_tally(console, outcome, text);
  }
}

void print_opinions(Console& console, json const& opinions) {
  auto const& by_value = object_or_empty(opinions, "by_value");
  if (by_value.empty()) return;
  console.out << "Opinions" << (flag_or(opinions, "complete", true) ? "" : ", and further ones") << '\n';
  for (auto const& [value, count] : by_value.items())
    print_tally(console, value, organisations(number_or(by_value, value.c_str(), 0)));
  for (auto const& one : list_or_empty(opinions, "disputes"))
    line(console, "because", printable(text_or(one, "explanation")) + "  (" + author_of(one) + ")");
}

void print_history(Console& console, json const& history) {
  auto const& all = list_or_empty(history, "histories");
  for (auto const& one : all) {
    if (all.size() > 1) console.out << author_of(one) << '\n';
    for (auto const& version : list_or_empty(one, "versions")) {
      auto const what = listed(version, "changed");
      console.out << "  " << printable(text_or(version, "date_added")) << "  "
                  << (flag_or(version, "revoked", false) ? "revoked"
                      : what.empty()                     ? "shared"
                                                         : "changed " + what)
                  << "  (" << listed(version, "collections") << ")\n";
    }
  }
  if (!flag_or(history, "complete", true)) console.out << "  and further versions\n";
}

}  // namespace

Outcome<Exit> search(Session& session, Console& console, SearchOptions const& options) {
  auto found = fetch(session, options);
  if (!found) return std::unexpected(std::move(found.error()));
  if (console.json)
    console.out << json{{"indicators", *found}}.dump() << '\n';
  else if (found->empty())
    say_nothing_found(console, options);
  else
    print_table(console, *found);
  return Exit::ok;
}

Outcome<Exit> show(Session& session, Console& console, std::string const& id) {
  std::string const path = "/api/v1/indicators/" + encoded(id);
  auto found = session.get_json(path, kJson);
  if (!found) return std::unexpected(std::move(found.error()));
  auto history = session.get_json(path + "/history", kJson);
  if (!history) return std::unexpected(std::move(history.error()));
  if (console.json) {
    console.out << json{{"indicator", *found}, {"history", *history}}.dump() << '\n';
    return Exit::ok;
  }
  for (auto const& said : list_or_empty(*found, "said")) print_said(console, said);
  print_sightings(console, object_or_empty(*found, "sightings"));
  print_opinions(console, object_or_empty(*found, "opinions"));
  std::size_t versions = 0;
  for (auto const& one : list_or_empty(*history, "histories")) versions += list_or_empty(one, "versions").size();
  console.out << "History: " << versions << (versions == 1 ? " version\n" : " versions\n");
  print_history(console, *history);
  return Exit::ok;
}

}  // namespace tocsin::client
