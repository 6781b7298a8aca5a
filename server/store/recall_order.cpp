#include <string>
#include <utility>

#include "server/store/recall_store.hpp"

namespace tocsin::store {
namespace {

std::unexpected<core::Error> invalid(std::string sentence, std::string remedy) {
  return core::fail(core::Code::recall_invalid, std::move(sentence), "", std::move(remedy));
}

}  // namespace

bool leaves_revocations(RecallOrder const& order) {
  return order.action == log::RecallAction::withdraw && order.reason != log::RecallReason::overshared &&
         order.reason != log::RecallReason::personal_data;
}

core::Result<void> check_order(RecallOrder const& order, std::optional<MadeRecall> const& last) {
  using enum log::RecallAction;
  bool const recalled = last && last->action != restore;
  if (last && last->made_us > order.now_us - kBetweenRecallsUs)
    return invalid("The object was recalled or restored less than an hour ago.",
                   "Peers take one change of it an hour: try again later.");
  if (recalled && last->action == withdraw)
    return invalid("The object is withdrawn, which is for good.", "Share it again: it is a new object.");
  if (order.action == restore && !recalled)
    return invalid("The object is not recalled, so that nothing can be restored.", "");
  if (order.action == suppress && recalled)
    return invalid("The object is recalled already.", "`tocsin recall status` tells who has applied it.");
  return {};
}

core::Error nothing_logged() {
  return {core::Code::recall_invalid,
          "Nothing of the object is in the log of this instance, so that no peer has it from here.", "",
          "Retract it, or ask the instance that it came from."};
}

}  // namespace tocsin::store
