#include "server/federation/receipts.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "schema/log/checkpoint.hpp"
#include "schema/log/note.hpp"

namespace tocsin::federation {
namespace {

bool is_of(log::NoteSignature const& line, log::VerifierKey const& key) {
  return line.name == key.name() && line.id == key.id();
}

// The text with the lines of these keys alone.
core::Result<log::Note> with_lines_of(log::Note const& note, std::vector<log::VerifierKey> const& keys) {
  auto out = log::Note::from_text(note.text());
  if (!out) return out;
  for (auto const& line : note.signatures())
    if (std::ranges::any_of(keys, [&](log::VerifierKey const& key) { return is_of(line, key); }))
      if (auto added = out->add(line); !added) return std::unexpected(added.error());
  return out;
}

core::Error never_signed() {
  return {core::Code::conflict, "This instance never signed that checkpoint of its control log.", "",
          "Read the newest checkpoint, and compare its root with yours."};
}

}  // namespace

core::Result<OpenedReceipt> open_receipt(std::string_view body, log::VerifierKey const& control,
                                         log::VerifierKey const& applied, RootAt const& root_at) {
  auto const note = log::Note::parse(body);
  if (!note) return std::unexpected(note.error());
  auto const checkpoint = log::parse_checkpoint(note->text());
  if (!checkpoint) return std::unexpected(checkpoint.error());
  if (checkpoint->origin != control.name() || !log::verify_note(*note, {&control, 1}))
    return std::unexpected(never_signed());
  auto const root = root_at(checkpoint->size);
  if (!root) return std::unexpected(root.error());
  if (*root != checkpoint->root) return std::unexpected(never_signed());
  auto const verified = log::verify_note(*note, {&applied, 1});
  if (!verified || !verified->front().time_s)
    return core::fail(core::Code::forbidden, "The key `applied` of your manifest did not sign the checkpoint.", "",
                      "Cosign it with the key of your newest manifest, and give that manifest to this instance.");
  if (std::ranges::count_if(note->signatures(), [&](auto const& line) { return is_of(line, applied); }) > 1)
    return core::fail(core::Code::note_malformed, "The peer's key signed the checkpoint more than once.");
  auto kept = with_lines_of(*note, {control, applied});
  if (!kept) return std::unexpected(kept.error());
  return OpenedReceipt{checkpoint->size, *verified->front().time_s, kept->format()};
}

core::Result<std::string> write_receipt(std::string_view note, log::VerifierKey const& control,
                                        log::SignerKey const& applied, std::uint64_t time_s) {
  auto const parsed = log::Note::parse(note);
  if (!parsed) return std::unexpected(parsed.error());
  auto out = with_lines_of(*parsed, {control});
  if (!out) return std::unexpected(out.error());
  if (auto added = out->add(log::cosign(applied, out->text(), time_s)); !added) return std::unexpected(added.error());
  return out->format();
}

}  // namespace tocsin::federation
