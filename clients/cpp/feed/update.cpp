#include "clients/cpp/feed/update.hpp"

#include <algorithm>

#include "clients/cpp/feed/child.hpp"
#include "clients/cpp/feed/entries.hpp"
#include "clients/cpp/feed/kept_file.hpp"
#include "schema/core/bytes.hpp"
#include "schema/core/digest.hpp"

namespace tocsin::client {
namespace {

std::string digest_of(std::optional<std::string> const& bytes) {
  return bytes ? core::to_hex(core::view(core::sha256(*bytes))) : std::string();
}

// Numbers say which came first, and need no clock.
std::optional<Failure> objection_to_older(LastTold const& told, FeedAnswer const& answer, GuardLimits const& limits) {
  if (told.generation && answer.generation)
    return objection_to_generation(*told.generation, *answer.generation, limits);
  return objection_to_age(told.as_of_us, answer.as_of_us, limits);
}

// Whether the bytes may take the place of those before.
Outcome<void> guarded(KeptFile const& file, std::optional<std::string> const& before, FeedAnswer const& answer,
                      FeedOptions const& options) {
  if (!before) return {};
  auto const entries = entries_of(options.request.format, *before);
  if (!entries)
    return fail(Exit::unverified,
                file.name() + " holds something else than a feed in the format " + options.request.format +
                    ": it stays as it is.",
                "Name the format that it has with --format, or move the file away.");
  auto const told = file.last_told();
  if (!told) return std::unexpected(told.error());
  if (*told)
    if (auto refused = objection_to_older(**told, answer, options.guard)) return std::unexpected(*std::move(refused));
  if (auto refused = objection(*entries, answer.entries, options.guard)) return std::unexpected(*std::move(refused));
  return {};
}

Outcome<void> run_on(KeptFile& file, FeedOptions const& options) {
  auto done = run_child(options.command);
  if (done) {
    file.accept();
    return {};
  }
  if (auto back = file.put_back(); !back) {
    back.error().message = done.error().message + " " + back.error().message;
    return back;
  }
  done.error().message += " " + file.name() + " is what it was before.";
  return done;
}

// When it was last told what the file is, so that nothing older takes its place. A list that may be older begins anew.
Outcome<void> remember(KeptFile const& file, FeedAnswer const& answer, bool changed) {
  auto const before = file.last_told();
  if (!before) return changed ? std::unexpected(before.error()) : Outcome<void>();
  LastTold now{answer.as_of_us, answer.generation};
  if (*before && !changed) {
    now.as_of_us = std::max(now.as_of_us, (*before)->as_of_us);
    now.generation = std::max(now.generation, (*before)->generation);
  }
  // What was signed once is not forgotten by an answer that nobody had verified.
  if (*before && !now.generation) now.generation = (*before)->generation;
  return *before == now ? Outcome<void>() : file.remember(now);
}

// nullopt: another process replaced the file meanwhile.
Outcome<std::optional<Updated>> attempt(Session& session, FeedOptions const& options) {
  auto file = KeptFile::at(options.to);
  if (!file) return std::unexpected(std::move(file.error()));
  auto seen = file->read();
  if (!seen) return std::unexpected(std::move(seen.error()));
  auto answer = ask_for_feed(session, options.request, digest_of(*seen));
  if (!answer) return std::unexpected(std::move(answer.error()));
  auto lock = FolderLock::take(file->folder());
  if (!lock) return std::unexpected(std::move(lock.error()));
  file->remove_unfinished();
  auto const before = file->read();
  if (!before) return std::unexpected(before.error());
  if (*before != *seen) return std::nullopt;
  Updated out{.changed = answer->bytes && *before != answer->bytes,
              .ran = false,
              .entries = answer->entries,
              .digest = answer->digest,
              .expires_us = answer->expires_us,
              .lasts = answer->lasts};
  bool const runs = !options.command.empty();
  if (out.changed) {
    if (auto fit = guarded(*file, *before, *answer, options); !fit) return std::unexpected(std::move(fit.error()));
    if (auto done = file->replace(*answer->bytes, runs); !done) return std::unexpected(std::move(done.error()));
  }
  if (runs && (out.changed || file->awaits_acceptance())) {
    if (auto done = run_on(*file, options); !done) return std::unexpected(std::move(done.error()));
    out.ran = true;
  }
  if (auto kept = remember(*file, *answer, out.changed); !kept) return std::unexpected(std::move(kept.error()));
  return out;
}

}  // namespace

Outcome<Updated> update(Session& session, FeedOptions const& options) {
  for (;;) {
    auto out = attempt(session, options);
    if (!out) return std::unexpected(std::move(out.error()));
    if (*out) return **out;
  }
}

}  // namespace tocsin::client
