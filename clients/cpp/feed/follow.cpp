#include <algorithm>
#include <ostream>
#include <random>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/feed/told.hpp"
#include "clients/cpp/feed/update.hpp"
#include "clients/cpp/feed/wakes.hpp"

namespace tocsin::client {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortest{1'000}, kLongest{3'600'000};

class Following {
 public:
  Following(Session& session, Console& console, FeedOptions const& options)
      : session_(session), console_(console), options_(options) {}

  // What fails before anything was right is told at once.
  Outcome<void> begin() {
    auto first = update(session_, options_);
    if (!first) return std::unexpected(std::move(first.error()));
    tell(console_, options_, *first);
    note(*first);
    return {};
  }

  // Returns only when there is nothing to go on with.
  Failure go_on(Wakes& wakes) {
    for (;;) {
      wakes.wait(next_);
      if (auto failure = wakes.failure()) return *std::move(failure);
      auto done = update(session_, options_);
      if (!done && (done.error().exit == Exit::unauthorised || done.error().exit == Exit::not_found))
        return std::move(done.error());
      if (done)
        take(*done);
      else
        endure(done.error());
      if (!console_.out)
        return {Exit::local, "The output cannot be written.",
                "Check that there is room where it goes, and that nothing closed it."};
    }
  }

 private:
  void take(Updated const& updated) {
    if (updated.changed || updated.ran || !told_.empty()) tell(console_, options_, updated);
    told_.clear();
    note(updated);
  }

  void note(Updated const& updated) {
    repeats_ = 0;
    lasts_ = std::clamp(updated.lasts, kShortest, kLongest);
    next_ = lasts_;
  }

  // A server is asked again soon; what the file, the guard or the command objects to, when something is published.
  void endure(Failure const& failure) {
    if (failure.message != told_) console_.err << "tocsin: " << failure.message << "\n  " << failure.remedy << '\n';
    console_.err.flush();
    told_ = failure.message;
    next_ = failure.exit == Exit::server ? back_off(repeats_++, random_) : lasts_;
  }

  Session& session_;
  Console& console_;
  FeedOptions const& options_;
  std::mt19937 random_{std::random_device{}()};
  milliseconds lasts_{kLongest}, next_{kLongest};
  std::string told_;  // the failure that lasts
  int repeats_ = 0;
};

}  // namespace

Outcome<Exit> follow_feed(Console& console, FeedOptions const& options, GlobalOptions const& global,
                          Environment const& environment) {
  auto profile = resolve_profile(global, environment);
  if (!profile) return std::unexpected(std::move(profile.error()));
  for (auto const& warning : profile->warnings) console.err << "tocsin: warning: " << warning << '\n';
  auto asking = Session::open(*profile, real_pause());
  if (!asking) return std::unexpected(std::move(asking.error()));
  auto listening = Session::open(*profile, real_pause());
  if (!listening) return std::unexpected(std::move(listening.error()));
  Following work(*asking, console, options);
  if (auto begun = work.begin(); !begun) return std::unexpected(std::move(begun.error()));
  console.began = true;
  Wakes wakes(*std::move(listening));
  return std::unexpected(work.go_on(wakes));
}

}  // namespace tocsin::client
