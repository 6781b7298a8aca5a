#include <algorithm>
#include <initializer_list>
#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/post_json.hpp"
#include "clients/cpp/target.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;
using Ids = std::vector<std::string>;

constexpr auto kQueue = "/api/v1/moderation";
constexpr auto kOwn = "/api/v1/waiting";
constexpr std::size_t kAtATime = 100;  // ids that the server takes

void print_row(Console& console, json const& one, std::initializer_list<char const*> names) {
  console.out << printable(text_or(one, "id"));
  for (auto const* name : names)
    if (auto const text = text_or(one, name); !text.empty()) console.out << "  " << printable(text);
  console.out << '\n';
}

// All pages of a list. `query`: "" or what it begins with.
Outcome<json> whole_list(Session& session, std::string const& path, std::string const& query) {
  json out = json::array();
  std::string after;
  for (;;) {
    auto target = path + "?limit=500" + query + (after.empty() ? "" : "&after=" + encoded(after));
    auto page = session.get_json(target, kJson);
    if (!page) return std::unexpected(page.error());
    for (auto const& one : list_or_empty(*page, "waiting")) out.push_back(one);
    after = text_or(*page, "after");
    if (flag_or(*page, "complete", true) || after.empty()) return out;
  }
}

// As many requests as it takes; their results, one after the other.
Outcome<json> send(Session& session, std::string const& path, Ids const& ids,
                   std::optional<std::string> const& because) {
  json results = json::array();
  for (std::size_t at = 0; at < ids.size(); at += kAtATime) {
    json body{{"ids", Ids(ids.begin() + static_cast<std::ptrdiff_t>(at),
                          ids.begin() + static_cast<std::ptrdiff_t>(std::min(at + kAtATime, ids.size())))}};
    if (because) body["because"] = *because;
    auto const answer = post_json(session, path, body);
    if (!answer) return std::unexpected(answer.error());
    for (auto const& one : list_or_empty(*answer, "results")) results.push_back(one);
  }
  return results;
}

Outcome<Exit> print_list(Session& session, Console& console, std::string const& path, std::string const& query,
                         std::initializer_list<char const*> names) {
  auto const all = whole_list(session, path, query);
  if (!all) return std::unexpected(all.error());
  if (console.json)
    console.out << json{{"waiting", *all}}.dump() << '\n';
  else
    for (auto const& one : *all) print_row(console, one, names);
  return Exit::ok;
}

// All of it, for it is decided about; with escapes where a terminal would obey it, or show it in another order.
std::string content_text(json const& object) {
  constexpr auto kReplace = json::error_handler_t::replace;
  bool const escaped = !is_printable(object.dump(-1, ' ', false, kReplace));
  return object.dump(2, ' ', escaped, kReplace);
}

Outcome<Exit> show_entry(Session& session, Console& console, std::string const& id) {
  auto const answer = session.get_fixed_json(kQueue + ("/waiting/" + encoded(id)), kJson);
  if (!answer) return std::unexpected(answer.error());
  if (console.json) {
    console.out << answer->dump() << '\n';
    return Exit::ok;
  }
  print_row(console, *answer, {"organisation", "collection", "kind", "object", "tlp", "received"});
  if (flag_or(*answer, "withheld", false))
    console.out << "Its markings do not show it to you: ask its submitter, or an analyst who may see it.\n";
  for (auto const& object : list_or_empty(*answer, "content")) console.out << content_text(object) << '\n';
  return Exit::ok;
}

Outcome<Ids> ids_of(Session& session, ModerateOptions const& options) {
  if (!options.all_of) return options.ids;
  auto const all = whole_list(session, kQueue, "&organisation=" + encoded(*options.all_of));
  if (!all) return std::unexpected(all.error());
  Ids out;
  for (auto const& one : *all) out.push_back(text_or(one, "id"));
  return out;
}

Outcome<Exit> decide(Session& session, Console& console, ModerateOptions const& options) {
  auto const ids = ids_of(session, options);
  if (!ids) return std::unexpected(ids.error());
  auto const results = send(session, kQueue + ("/" + options.action), *ids, options.because);
  if (!results) return std::unexpected(results.error());
  bool failed = false;
  for (auto const& one : *results) {
    failed = failed || text_or(one, "outcome") == "failed";
    if (!console.json) print_row(console, one, {"outcome", "detail"});
  }
  if (console.json) console.out << json{{"results", *results}}.dump() << '\n';
  return failed ? Exit::refused : Exit::ok;
}

Outcome<void> check(ModerateOptions const& options) {
  auto const wrong = [](char const* what) { return fail(Exit::local, what, "See: tocsin moderate --help"); };
  if ((options.action == "refuse") != options.because.has_value())
    return wrong("--because goes with refuse, which needs it.");
  if (options.action == "list" && !options.ids.empty()) return wrong("list takes no id.");
  if (options.action == "show" && (options.ids.size() != 1 || options.all_of)) return wrong("show takes one id.");
  bool const decides = options.action == "publish" || options.action == "refuse";
  if (decides && options.ids.empty() != options.all_of.has_value()) return wrong("Give ids, or --all-of.");
  return {};
}

}  // namespace

Outcome<Exit> moderate(Session& session, Console& console, ModerateOptions const& options) {
  if (auto const good = check(options); !good) return std::unexpected(good.error());
  if (options.action == "show") return show_entry(session, console, options.ids.front());
  if (options.action != "list") return decide(session, console, options);
  auto const query = options.all_of ? "&organisation=" + encoded(*options.all_of) : std::string();
  return print_list(session, console, kQueue, query, {"organisation", "collection", "kind", "object", "received"});
}

Outcome<Exit> waiting(Session& session, Console& console, WaitingOptions const& options) {
  if ((options.action == "list") != options.ids.empty())
    return fail(Exit::local, options.action == "list" ? "list takes no id." : "No id is given.",
                "See: tocsin waiting --help");
  if (options.action == "list")
    return print_list(session, console, kOwn, "", {"state", "collection", "kind", "object", "received", "because"});
  auto const results = send(session, kOwn + std::string("/withdraw"), options.ids, std::nullopt);
  if (!results) return std::unexpected(results.error());
  bool missing = false;
  for (auto const& one : *results) {
    bool const withdrawn = flag_or(one, "withdrawn", false);
    missing = missing || !withdrawn;
    if (!console.json)
      console.out << (withdrawn ? "withdrawn  " : "did not wait  ") << printable(text_or(one, "id")) << '\n';
  }
  if (console.json) console.out << json{{"results", *results}}.dump() << '\n';
  return missing ? Exit::refused : Exit::ok;
}

}  // namespace tocsin::client
