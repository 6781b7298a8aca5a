#include "clients/cpp/verification/recall.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "clients/cpp/console.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/control.hpp"
#include "schema/log/dependents.hpp"
#include "schema/log/manifest.hpp"

namespace tocsin::client {
namespace {

using enum Step::Result;

// The key of the control log, of which that of the data log is given as well as it.
core::Result<std::optional<log::VerifierKey>> control_key(std::optional<log::VerifierKey> const& given,
                                                          std::string const& origin) {
  if (!given || given->name() == origin) return given;
  auto key = log::VerifierKey::make(log::control_origin(given->name()), given->type(), given->public_key());
  if (!key) return std::unexpected(key.error());
  return *key;
}

std::string indices_text(std::vector<std::uint64_t> const& indices) {
  constexpr std::size_t kMost = 20;
  std::string out;
  for (std::size_t i = 0; i < std::min(indices.size(), kMost); ++i)
    out += (i == 0 ? "" : " ") + std::to_string(indices[i]);
  return out + (indices.size() > kMost ? " …" : "");
}

Step recall_step(log::Opening const& opening, std::string const& origin) {
  auto const recall = log::open_recall(opening.body);
  if (!recall) return {"recall", fails, recall.error().detail};
  if (log::control_origin(recall->by.name()) != origin) return {"recall", fails, "of another log than the checkpoint"};
  return {"recall", holds,
          std::string(name(recall->action)) + " because " + std::string(name(recall->reason)) + ", entries " +
              indices_text(recall->indices) + " of " + printable(recall->by.name()) + ", made " +
              second_text(recall->time_s) + ", due " + second_text(recall->deadline_s)};
}

// Who signed what, over all proofs.
struct Seen {
  std::map<std::size_t, std::uint64_t> acknowledged;  // by the number of the key: when first
  std::set<std::string> named;                        // of lines that no given key is for
};

void look_at(log::OpenedCheckpoint const& opened, TrustedKeys const& keys, log::VerifierKey const& control,
             Seen& seen) {
  for (auto const& one : opened.cosigners)
    if (one.time_s) {
      auto const [at, fresh] = seen.acknowledged.emplace(one.key, *one.time_s);
      at->second = std::min(at->second, *one.time_s);
    }
  for (auto const& line : opened.note.signatures()) {
    bool const known = std::ranges::any_of(keys.witnesses, [&](auto const& key) { return key.name() == line.name; });
    if (!known && line.name != control.name() && line.name.ends_with("/applied")) seen.named.insert(line.name);
  }
}

void add_acknowledgements(Steps& steps, Seen const& seen, TrustedKeys const& keys,
                          std::vector<std::string> const& outstanding) {
  for (std::size_t i = 0; i < keys.witnesses.size(); ++i) {
    auto const name = printable(keys.witnesses[i].name());
    auto const found = seen.acknowledged.find(i);
    if (found == seen.acknowledged.end())
      steps.push_back({"acknowledged", fails, "not by " + name});
    else
      steps.push_back({"acknowledged", holds, "by " + name + " at " + second_text(found->second)});
  }
  for (auto const& name : seen.named)
    steps.push_back({"acknowledged", unknown, "by " + printable(name) + ", whose key nobody named: give --witness"});
  for (auto const& name : outstanding)
    steps.push_back({"outstanding", unknown, printable(name) + " had not acknowledged when this was made"});
}

// By whom it says that it is, and by that key. nullopt: nobody named it.
std::optional<log::VerifierKey> signer_of(std::string const& statement, TrustedKeys const& keys) {
  auto const note = log::Note::parse(statement);
  if (!note) return std::nullopt;
  for (auto const& key : keys.witnesses)
    if (std::ranges::any_of(note->signatures(), [&](auto const& line) { return line.name == key.name(); })) return key;
  return std::nullopt;
}

// What a relay said of those behind it, about the entry at `index`.
void add_dependents(Steps& steps, std::string const& statement, TrustedKeys const& keys, std::string const& control,
                    std::uint64_t index) {
  auto const key = signer_of(statement, keys);
  if (!key) {
    steps.push_back({"dependents", unknown, "said by a relay whose key nobody named: give --witness"});
    return;
  }
  auto const said = log::open_dependents(statement, *key);
  if (!said || said->dependents.control != control) {
    steps.push_back(
        {"dependents", fails, printable(key->name()) + ": " + (said ? "said of another log" : said.error().detail)});
    return;
  }
  auto const by = ", said " + printable(key->name()) + " at " + second_text(said->time_s);
  for (auto const& [log, size] : said->dependents.applied) {
    bool const acknowledged = size > index;
    steps.push_back({"dependents", acknowledged ? holds : unknown,
                     printable(log) + (acknowledged ? " acknowledged" : " had not acknowledged") + by});
  }
}

}  // namespace

core::Result<Steps> verify_recall(log::RecallCertificate const& certificate, TrustedKeys const& keys) {
  Steps steps;
  Seen seen;
  std::string origin;  // of the control log
  for (auto const& proof : certificate.proofs) {
    auto const opening = opening_of(proof);
    if (!opening) return std::unexpected(opening.error());
    auto const note = log::Note::parse(proof.checkpoint);
    if (!note) return std::unexpected(note.error());
    auto const checkpoint = log::parse_checkpoint(note->text());
    if (!checkpoint) return std::unexpected(checkpoint.error());
    if (steps.empty()) steps.push_back(recall_step(*opening, origin = checkpoint->origin));
    steps.push_back(inclusion_step(proof, log::leaf(opening->entry()), *checkpoint));
    auto const control = control_key(keys.log, checkpoint->origin);
    if (!control) return std::unexpected(control.error());
    if (!*control) {
      steps.push_back({"signature", unknown, "no key of the log is known here: name it with --vkey"});
      continue;
    }
    auto const opened = log::open_checkpoint(proof.checkpoint, **control, keys.witnesses);
    if (!opened) {
      steps.push_back({"signature", fails, printable((*control)->name()) + ": " + opened.error().detail});
      continue;
    }
    steps.push_back({"signature", holds, "by " + printable((*control)->text())});
    if (steps[steps.size() - 2].result == holds) look_at(*opened, keys, **control, seen);
  }
  add_acknowledgements(steps, seen, keys, certificate.outstanding);
  for (auto const& statement : certificate.of_dependents)
    add_dependents(steps, statement, keys, origin, certificate.proofs.front().index);
  return steps;
}

}  // namespace tocsin::client
