#include "clients/cpp/usage/meter.hpp"

#include <algorithm>

#include "clients/cpp/usage/digest.hpp"

namespace tocsin::client {
void Meter::add(logs::AccessRecord const& request) {
  auto const account = digest(request.account);
  auto const minute = minute_of(request.at_us);
  ++requests_;
  accounts_.add(account);
  if (request.address) addresses_.add(digest_of(*request.address));
  pace_.add(minute);
  lock_step_.add(account, minute);
  if (request.tokens_out) output_.add(*request.tokens_out);
  pivots_.add(request.model, request.at_us);
  if (!request.prompt.empty()) add_prompt(account, request);
}

void Meter::add_prompt(std::uint64_t account, logs::AccessRecord const& request) {
  ++prompts_;
  sample_.add(account, request.at_us, request.prompt);
  auto const asked = rules_.asked(request.prompt);
  if (asked.capability > 0) ++capabilities_[asked.capability - 1];
  reasoning_ += asked.reasoning ? 1 : 0;
  decoys_ += asked.decoy ? 1 : 0;
}

void Meter::tell_rules(Figures& out) const {
  if (prompts_ < kLeastPrompts) return;
  auto const share = [this](std::uint64_t of) { return static_cast<double>(of) / static_cast<double>(prompts_); };
  if (rules_.tells_reasoning()) out.reasoning_request_share = share(reasoning_);
  if (rules_.tells_decoys()) out.decoy_share = share(decoys_);
  auto const most = std::ranges::max_element(capabilities_);
  if (most == capabilities_.end() || *most == 0) return;
  out.capability_top1 = rules_.capabilities()[static_cast<std::size_t>(most - capabilities_.begin())];
  out.capability_top1_share = share(*most);
}

Figures Meter::figures(Window const& window) const {
  Figures out;
  out.window = window;
  out.accounts = accounts_.count();
  out.addresses = addresses_.count();
  out.requests = requests_;
  out.minutely = pace_.minutely(window);
  out.active_hours_entropy = pace_.hours_entropy(window);
  out.sync_coefficient = lock_step_.coefficient(window);
  out.output_tokens_p50 = output_.value();
  if (auto const structures = sample_.structures()) {
    out.prompt_entropy = structures->entropy;
    if (structures->several_accounts) out.repeat_structure_ratio = structures->repeated;
  }
  tell_rules(out);
  out.pivot = pivots_.greatest(window);
  return out;
}

}  // namespace tocsin::client
