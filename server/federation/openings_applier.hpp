// What a peer opened of its logs, held against the verified leaves and handed in, in the order of the log: entries of
// the control log to the control sink, those of the data log through the door into one transaction with the cursor.
// Owned by the follower of the peer; its thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "schema/core/result.hpp"
#include "server/federation/control_sink.hpp"
#include "server/federation/intake.hpp"
#include "server/federation/pace.hpp"
#include "server/federation/transport.hpp"
#include "server/store/relay_store.hpp"

namespace tocsin::federation {

class OpeningsApplier {
 public:
  // `agreed`: what of the agreement decides what is let in; where it is another, the data log is read again.
  OpeningsApplier(Transport& transport, Intake& intake, ControlSink& control, std::string agreed)
      : transport_(transport), intake_(intake), control_(control), agreed_(std::move(agreed)) {}

  struct Step {
    std::size_t bytes = 0;                           // of the answer
    std::uint64_t opened = 0;                        // entries that were handed in
    std::map<std::string, std::uint64_t> refused{};  // of these, by code
    bool other_terms = false;   // nothing was handed in: entries behind the cursor may be open by now
    std::uint64_t control = 0;  // so much of its control log has to be applied before it can go on; 0: none
  };
  // Entries of the control log from where it was applied to; all of what an answer holds. `origin` is then as it is
  // stored. Errors: those of ask, Intake and ControlSink; openings_malformed, also when an entry is not opened;
  // opening_false.
  [[nodiscard]] core::Result<Step> control(store::Origin& origin);
  // The same of the data log, for `most` entries at most, in transactions of a few objects each. Also when there are
  // none: only so other terms are seen. Errors: likewise, origin_not_agreed, but those of ControlSink.
  [[nodiscard]] core::Result<Step> data(store::Origin& origin, std::uint64_t most);
  // The data log is read from 0 again. Errors: those of Intake.
  [[nodiscard]] core::Result<void> begin_again(store::Origin& origin);

  // What a relay opened and may not hand on, of the latest answer: once. Such an answer is an error, origin_not_agreed.
  [[nodiscard]] std::optional<store::Misrelayed> take_misrelayed() { return std::exchange(misrelayed_, std::nullopt); }

 private:
  struct Answer {
    log::Openings openings;
    std::size_t bytes = 0;
  };
  // Every opening of it reproduces its leaf.
  [[nodiscard]] core::Result<Answer> openings(store::Origin const& origin, store::LogName name, std::uint64_t from,
                                              std::uint64_t to);
  // Why it is refused, if it is.
  [[nodiscard]] std::optional<core::Error> put_in(store::Delivery& delivery, log::OpenedEntry const& entry,
                                                  core::Result<log::Header> const& header, log::Openings const& from,
                                                  Intake::Judge const& judge) const;
  [[nodiscard]] core::Result<void> hand_in(store::Origin& origin, log::Openings const& openings, Step& step);
  [[nodiscard]] core::Result<void> deliver(store::Origin& origin, store::Delivery delivery, Step& step);
  // What the peer says that it shows, and what is let in of that, as one token.
  [[nodiscard]] core::Uuid terms_of(log::Openings const& openings) const;

  // What a relay may hand on; nothing is known of what its origin opens itself.
  [[nodiscard]] core::Result<void> check_relayed(store::Origin const& origin, log::Openings const& openings);

  Transport& transport_;
  Intake& intake_;
  ControlSink& control_;
  std::string const agreed_;
  Turn turn_{64, 256};
  std::optional<store::Misrelayed> misrelayed_;
};

}  // namespace tocsin::federation
