#include "schema/log/dependents.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "schema/log/decimal.hpp"
#include "schema/log/labelled_lines.hpp"
#include "schema/log/note.hpp"

namespace tocsin::log {
namespace {

// No line of a checkpoint begins as the second line does, so that a signature of one is never a signature of the other.
constexpr std::string_view kTitle = "tocsin/dependents/v1", kLog = "log", kDependent = "dependent";

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::note_malformed, std::move(detail));
}

std::optional<std::pair<std::string, std::uint64_t>> parse_dependent(std::string_view line) {
  auto const space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return std::nullopt;
  auto const size = parse_decimal(line.substr(space + 1));
  if (!size) return std::nullopt;
  return std::pair(std::string(line.substr(0, space)), *size);
}

}  // namespace

std::string Dependents::text() const {
  std::string out = std::string(kTitle) + "\n";
  out.append(kLog).append(" ").append(control).append("\n");
  for (auto const& [origin, size] : applied)
    out.append(kDependent).append(" ").append(origin).append(" ").append(std::to_string(size)).append("\n");
  return out;
}

core::Result<Dependents> Dependents::parse(std::string_view text) {
  LabelledLines lines(text);
  if (!lines.take_title(kTitle))
    return malformed("The first line is not that of a statement of dependents, or of another version.");
  Dependents out;
  auto const log = lines.take(kLog);
  if (!log || !is_key_name(*log)) return malformed("The statement of dependents does not say which log it is about.");
  out.control = *log;
  while (auto const line = lines.take(kDependent)) {
    auto one = parse_dependent(*line);
    if (!one) return malformed("A line `dependent` names no log with a number.");
    if (out.applied.size() == kMostDependents) return malformed("There are too many dependents in one statement.");
    out.applied.insert(*std::move(one));
  }
  // A name twice, names in another order, and lines that do not belong there.
  if (out.text() != text) return malformed("The statement of dependents has lines that do not belong there.");
  return out;
}

bool Dependents::begins(std::string_view note) { return note.starts_with(kTitle); }

core::Result<std::string> sign_dependents(Dependents const& dependents, SignerKey const& applied,
                                          std::uint64_t time_s) {
  if (dependents.applied.size() > kMostDependents) return malformed("There are too many dependents in one statement.");
  auto note = Note::from_text(dependents.text());
  if (!note) return std::unexpected(note.error());
  if (auto added = note->add(cosign(applied, note->text(), time_s)); !added) return std::unexpected(added.error());
  return note->format();
}

core::Result<SaidOfDependents> open_dependents(std::string_view bytes, VerifierKey const& applied) {
  auto const note = Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  auto dependents = Dependents::parse(note->text());
  if (!dependents) return std::unexpected(dependents.error());
  auto const verified = verify_note(*note, {&applied, 1});
  if (!verified) return std::unexpected(verified.error());
  if (!verified->front().time_s || note->signatures().size() != 1)
    return core::fail(core::Code::note_unverified, "The relay's key alone signs what it says of its dependents.");
  return SaidOfDependents{*std::move(dependents), *verified->front().time_s, note->format()};
}

}  // namespace tocsin::log
