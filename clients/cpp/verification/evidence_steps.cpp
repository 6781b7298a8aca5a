#include "clients/cpp/verification/evidence_steps.hpp"

#include "clients/cpp/console.hpp"

namespace tocsin::client {
namespace {

using enum Step::Result;

std::string tree_text(std::uint64_t size, core::Digest const& root) {
  return "size " + std::to_string(size) + ", root " + core::to_hex(core::view(root));
}

core::Result<log::Checkpoint> statement(Steps& steps, char const* what, std::string const& bytes) {
  auto const note = log::Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  auto said = log::parse_checkpoint(note->text());
  if (said) steps.push_back({what, holds, printable(said->origin) + ", " + tree_text(said->size, said->root)});
  return said;
}

Step signature_step(log::Evidence const& evidence, TrustedKeys const& keys) {
  if (!keys.log) return {"signature", unknown, "no key of the log is known here: name it with --vkey"};
  for (auto const* note : {&evidence.first, &evidence.second})
    if (auto const opened = log::open_checkpoint(*note, *keys.log, {}); !opened)
      return {"signature", fails, printable(keys.log->name()) + ": " + opened.error().detail};
  return {"signature", holds, "of both by " + printable(keys.log->text())};
}

Step contradiction_step(log::Evidence const& evidence) {
  auto const shown = log::contradiction_of(evidence);
  if (!shown) return {"contradiction", fails, shown.error().detail};
  if (shown->one_size())
    return {"contradiction", holds, "size " + std::to_string(shown->first.size) + " has two roots"};
  return {"contradiction", holds,
          "the second tree begins with another one than the first: " +
              tree_text(shown->first.size, evidence.beginning->root)};
}

}  // namespace

core::Result<Steps> verify_contradiction(log::Evidence const& evidence, TrustedKeys const& keys) {
  Steps steps;
  if (auto const first = statement(steps, "first", evidence.first); !first) return std::unexpected(first.error());
  if (auto const second = statement(steps, "second", evidence.second); !second) return std::unexpected(second.error());
  steps.push_back(signature_step(evidence, keys));
  steps.push_back(contradiction_step(evidence));
  return steps;
}

}  // namespace tocsin::client
