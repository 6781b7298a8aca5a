#include <algorithm>
#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

constexpr auto kPath = "/api/v1/ranges";
constexpr std::size_t kBatch = 1'000;  // ranges in one body of 64 KiB

std::vector<std::string> from_lines(std::istream& in) {
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    auto const begin = line.find_first_not_of(" \t\r"), end = line.find_last_not_of(" \t\r");
    if (begin != line.npos) out.push_back(line.substr(begin, end - begin + 1));
  }
  return out;
}

// A refusal names a place in the body: here it names the range.
Failure refusal(http::ClientResponse const& response, std::span<std::string const> batch) {
  Failure failure = http_failure(response, kPath);
  auto document = stix::parse_json(response.body);
  if (!document) return failure;
  auto const pointer = text_or(*document, "pointer");
  constexpr std::string_view kPlace = "/ranges/";
  std::size_t at = batch.size();
  if (pointer.starts_with(kPlace)) std::from_chars(pointer.data() + kPlace.size(), pointer.data() + pointer.size(), at);
  if (at < batch.size()) failure.message = printable(batch[at]) + ": " + failure.message;
  return failure;
}

struct Tally {
  std::size_t changed = 0, total = 0;
};

// What went in before it stays.
std::unexpected<Failure> broken_off(Failure failure, Tally const& tally, char const* changed) {
  if (tally.total > 0) failure.message += " The " + std::to_string(tally.changed) + " before it are " + changed + ".";
  return std::unexpected(std::move(failure));
}

Outcome<Tally> change(Session& session, std::string const& path, char const* changed,
                      std::span<std::string const> ranges) {
  Tally tally;
  while (!ranges.empty()) {
    auto const batch = ranges.first(std::min(kBatch, ranges.size()));
    ranges = ranges.subspan(batch.size());
    nlohmann::json const body{{"ranges", std::vector<std::string>(batch.begin(), batch.end())}};
    auto response = session.exchange({.method = "POST",
                                      .target = path,
                                      .headers = {{"Accept", std::string(kJson)}, {"Content-Type", std::string(kJson)}},
                                      .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)});
    if (!response) return broken_off(std::move(response.error()), tally, changed);
    if (response->status / 100 != 2) return broken_off(refusal(*response, batch), tally, changed);
    auto document = stix::parse_json(response->body);
    if (!document) return broken_off({Exit::server, "The server's answer is not JSON.", kWhichServer}, tally, changed);
    tally.changed += number_or(*document, changed, 0);
    tally.total = number_or(*document, "total", 0);
  }
  return tally;
}

Outcome<Exit> list(Session& session, Console& console) {
  auto document = session.get_fixed_json(kPath, kJson);
  if (!document) return std::unexpected(std::move(document.error()));
  if (console.json) {
    console.out << document->dump() << '\n';
    return Exit::ok;
  }
  for (auto const& row : list_or_empty(*document, "ranges"))
    console.out << printable(text_or(row, "range")) << "  " << printable(text_or(row, "added")) << "  "
                << printable(text_or(row, "credential")) << '\n';
  return Exit::ok;
}

}  // namespace

Outcome<Exit> ranges(Session& session, Console& console, RangesOptions const& options) {
  bool const adding = options.action == "add";
  std::vector<std::string> given;
  for (auto const& range : options.ranges) {
    auto const lines = range == "-" ? from_lines(console.in) : std::vector{range};
    given.insert(given.end(), lines.begin(), lines.end());
  }
  if (options.action == "list") {
    if (given.empty()) return list(session, console);
    return fail(Exit::local, "list takes no range.", "List all with: tocsin ranges list");
  }
  if (given.empty())
    return fail(Exit::local, "No range is given.", "Give one: tocsin ranges " + options.action + " 9.9.9.0/24");
  auto const* changed = adding ? "added" : "removed";
  auto tally = change(session, kPath + std::string(adding ? "" : "/remove"), changed, given);
  if (!tally) return std::unexpected(std::move(tally.error()));
  if (console.json)
    console.out << nlohmann::json{{changed, tally->changed}, {"total", tally->total}}.dump() << '\n';
  else
    console.out << tally->changed << ' ' << changed << ", " << tally->total << " registered\n";
  return Exit::ok;
}

}  // namespace tocsin::client
