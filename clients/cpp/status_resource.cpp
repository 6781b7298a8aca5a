#include "clients/cpp/status_resource.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "clients/cpp/console.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/session.hpp"

namespace tocsin::client {
namespace {

// How a Tocsin server remarks that it stored nothing new.
constexpr std::string_view kUnchanged = "Unchanged: it is stored already.";

Verdict read_verdict(nlohmann::json const& row) {
  return {text_or(row, "id"), text_or(row, "version"), text_or(row, "message"), {}};
}

std::string line(char const* word, Verdict const& verdict) {
  auto const& name = !verdict.where.empty() ? verdict.where : verdict.id.empty() ? std::string("(no id)") : verdict.id;
  return std::string(word) + " " + printable(name) + ": " +
         printable(verdict.message.empty() ? "the server gave no reason" : verdict.message);
}

}  // namespace

Outcome<StatusResource> read_status(nlohmann::json const& document) {
  auto const state = text_or(document, "status");
  bool const known = state == "complete" || state == "pending";
  bool counted = true;
  for (auto const* name : {"total_count", "success_count", "failure_count", "pending_count"}) {
    counted = counted && document.contains(name);
  }
  StatusResource out{.id = text_or(document, "id"),
                     .complete = state == "complete",
                     .requested = text_or(document, "request_timestamp"),
                     .total = number_or(document, "total_count", 0),
                     .accepted = number_or(document, "success_count", 0),
                     .refused = number_or(document, "failure_count", 0),
                     .pending = number_or(document, "pending_count", 0),
                     .waiting = 0,
                     .refusals = {},
                     .unchanged = 0,
                     .notes = {}};
  counted = counted && out.accepted <= out.total && out.refused <= out.total && out.pending <= out.total &&
            out.accepted + out.refused + out.pending == out.total;
  if (!known || !counted || out.id.empty()) {
    return fail(Exit::server, "The server's answer is no TAXII 2.1 status resource.", kWhichServer);
  }
  for (auto const& row : list_or_empty(document, "failures")) {
    out.refusals.push_back(read_verdict(row));
  }
  for (auto const& row : list_or_empty(document, "successes")) {
    auto note = read_verdict(row);
    if (note.message.starts_with(kUnchanged)) {
      ++out.unchanged;
      note.message.erase(0, note.message.find_first_not_of(' ', kUnchanged.size()));
    }
    if (!note.message.empty()) out.notes.push_back(std::move(note));
  }
  for (auto const& row : list_or_empty(document, "pendings")) {
    if (text_or(row, "message").empty()) continue;
    ++out.waiting;
    out.notes.push_back(read_verdict(row));
  }
  out.waiting = std::min(out.waiting, out.pending);
  out.pending -= out.waiting;
  out.complete = out.complete || (out.waiting > 0 && out.pending == 0);
  return out;
}

nlohmann::json to_json(Verdict const& verdict) {
  nlohmann::json out{{"id", verdict.id}, {"version", verdict.version}, {"message", verdict.message}};
  if (!verdict.where.empty()) out["where"] = verdict.where;
  return out;
}

std::string refusal_line(Verdict const& refusal) { return line("refused", refusal); }
std::string note_line(Verdict const& note) { return line("note", note); }

}  // namespace tocsin::client
