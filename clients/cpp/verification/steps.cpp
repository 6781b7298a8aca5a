#include "clients/cpp/verification/steps.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "clients/cpp/console.hpp"
#include "clients/cpp/json_access.hpp"
#include "schema/core/digest.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::client {
namespace {

using enum Step::Result;

std::string hex(std::string_view bytes) { return core::to_hex(bytes); }

Step object_step(log::Opening const& opening) {
  auto const size =
      std::to_string(opening.body.size()) + " bytes, SHA-256 " + hex(core::view(core::sha256(opening.body)));
  auto const object = stix::parse_json(opening.body);
  if (!object || !object->is_object()) return {"object", fails, "no object of JSON, " + size};
  auto const modified = text_or(*object, "modified");
  return {"object", holds,
          printable(text_or(*object, "id", "without an id")) + (modified.empty() ? "" : " of " + printable(modified)) +
              ", " + size};
}

void add_cosignatures(Steps& steps, std::vector<log::Verified> const& verified,
                      std::vector<log::VerifierKey> const& witnesses) {
  bool const in_the_log = all_hold(steps);
  std::optional<std::uint64_t> earliest;
  std::string whose;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    auto const found = std::ranges::find(verified, i, &log::Verified::key);
    auto const name = printable(witnesses[i].name());
    if (found == verified.end() || !found->time_s) {
      steps.push_back({"cosignature", fails, name + " has not signed this checkpoint"});
      continue;
    }
    steps.push_back({"cosignature", holds, name + " at " + second_text(*found->time_s)});
    if (earliest && *earliest <= *found->time_s) continue;
    earliest = found->time_s;
    whose = name;
  }
  // A cosignature says whole seconds: it was made within that one, and the log had the object by its end.
  if (earliest && in_the_log)
    steps.push_back({"logged", holds, "before " + second_text(*earliest + 1) + ", witnessed by " + whose});
}

void add_signatures(Steps& steps, log::ProofFile const& proof, TrustedKeys const& keys) {
  if (!keys.log) {
    steps.push_back({"signature", unknown, "no key of the log is known here: name it with --vkey"});
    return;
  }
  auto const opened = log::open_checkpoint(proof.checkpoint, *keys.log, keys.witnesses);
  if (!opened) {
    steps.push_back({"signature", fails, printable(keys.log->name()) + ": " + opened.error().detail});
    return;
  }
  steps.push_back({"signature", holds, "by " + printable(keys.log->text())});
  add_cosignatures(steps, opened->cosigners, keys.witnesses);
}

}  // namespace

std::string second_text(std::uint64_t seconds) {
  constexpr std::uint64_t kYear9999 = 253'402'300'799;
  if (seconds > kYear9999) return "a time beyond the year 9999";
  return stix::Timestamp::from_microseconds(static_cast<std::int64_t>(seconds) * 1'000'000).text();
}

Step inclusion_step(log::ProofFile const& proof, core::Digest const& leaf, log::Checkpoint const& checkpoint) {
  auto const place = "entry " + std::to_string(proof.index) + " of " + std::to_string(checkpoint.size);
  auto const included = log::verify_inclusion(leaf, proof.index, {checkpoint.size, checkpoint.root}, proof.path);
  return {"inclusion", included ? holds : fails, included ? place : place + ": " + included.error().detail};
}

bool all_hold(Steps const& steps) {
  return std::ranges::all_of(steps, [](Step const& step) { return step.result == holds; });
}

core::Result<log::Opening> opening_of(log::ProofFile const& proof) {
  if (proof.extra.empty())
    return core::fail(core::Code::proof_invalid,
                      "The proof has no line `extra`, so that it says nothing of an object.");
  return log::Opening::parse(proof.extra);
}

core::Result<Steps> verify_proof(log::ProofFile const& proof, TrustedKeys const& keys) {
  auto const opening = opening_of(proof);
  if (!opening) return std::unexpected(opening.error());
  auto const note = log::Note::parse(proof.checkpoint);
  if (!note) return std::unexpected(note.error());
  auto const checkpoint = log::parse_checkpoint(note->text());
  if (!checkpoint) return std::unexpected(checkpoint.error());
  auto const entry = opening->entry();
  auto const leaf = log::leaf(entry);
  Steps steps{object_step(*opening),
              {"commitment", holds, hex(core::view(log::commit_body(opening->body_salt, opening->body)))},
              {"entry", holds, hex(core::view(entry))},
              {"leaf", holds, hex(core::view(leaf))},
              inclusion_step(proof, leaf, *checkpoint),
              {"checkpoint", holds, printable(checkpoint->origin) + ", root " + hex(core::view(checkpoint->root))}};
  add_signatures(steps, proof, keys);
  return steps;
}

}  // namespace tocsin::client
