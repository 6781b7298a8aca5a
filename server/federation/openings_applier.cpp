#include "server/federation/openings_applier.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "schema/core/digest.hpp"
#include "schema/log/manifest.hpp"
#include "server/federation/log_follower.hpp"
#include "server/federation/peer_request.hpp"
#include "server/federation/relay_rule.hpp"

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;
using core::Code;

constexpr std::chrono::seconds kTimeout = 60s;
constexpr std::size_t kHashBytes = 32;
// One entry may be larger than what an answer holds: as large as an object can be allowed to be anywhere.
constexpr std::size_t kMostBytes = log::kMostOpenedBytes + (18u << 20);

constexpr std::size_t kTurnBytes = 1u << 20;  // of objects in one transaction, and one more

std::unexpected<core::Error> unfit(char const* detail) { return core::fail(Code::openings_malformed, detail); }

core::Result<void> fits(log::Openings const& openings, std::string const& origin, std::uint64_t from,
                        std::uint64_t to) {
  if (openings.origin != origin) return unfit("The openings are of another log than was asked for.");
  if (openings.from != from || openings.to > to || (openings.to == from && from < to))
    return unfit("The openings are of other entries than were asked for.");
  return {};
}

core::Result<void> reproduce(log::Openings const& openings, std::string_view hashes) {
  for (auto const& entry : openings.entries)
    if (core::view(entry.leaf()) != hashes.substr((entry.index - openings.from) * kHashBytes, kHashBytes))
      return core::fail(Code::opening_false,
                        "What the peer opened as entry " + std::to_string(entry.index) + " is not what it logged.");
  return {};
}

// What a leaf commits to cannot be mended by who logged it: it is refused like a body, and what follows goes on.
core::Result<log::Header> header_of(log::OpenedEntry const& entry, std::string const& origin) {
  auto header = log::Header::parse(entry.header);
  if (!header || header->origin != origin)
    return core::fail(Code::opening_false, "The entry's header is none of this log.");
  return header;
}

// What shows the number of an entry, without the object: as if it were closed.
log::OpenedEntry without_body(log::OpenedEntry const& entry) {
  return {entry.index,
          entry.header,
          entry.header_salt,
          entry.is_closed() ? entry.body_salt : log::commit_body(entry.body_salt, entry.body),
          {},
          {}};
}

// Error: opening_false.
core::Result<store::NumberedEntry> numbered(log::OpenedEntry const& entry, log::Header const& header,
                                            log::Openings const& from) {
  auto const shown = without_body(entry);
  store::NumberedEntry out{entry.index, header.class_token, header.class_sequence, shown.leaf()};
  bool const is_head = header.op == log::Header::Op::head;
  out.opening = log::format_openings({from.origin, {}, entry.index, entry.index + 1, {is_head ? entry : shown}});
  if (!is_head) return out;
  auto const head = log::Head::parse(entry.body);
  if (!head || head->count != header.class_sequence)
    return core::fail(Code::opening_false, "The entry is a head that says nothing.");
  out.head = *head;
  return out;
}

// The entry with what its origin signed: whoever has the origin's key sees whose it is and what it is marked with.
std::string misrelayed_text(std::string const& relay, store::Origin const& origin, log::OpenedEntry const& entry) {
  log::Openings const alone{origin.name, {}, entry.index, entry.index + 1, {entry}};
  return "tocsin/misrelayed/v1\nrelay " + relay + "\norigin " + origin.name + "\nentry " + std::to_string(entry.index) +
         "\ncheckpoint " + core::to_base64(origin.data.checkpoint) + "\nopenings " +
         core::to_base64(log::format_openings(alone)) + "\n";
}

std::string code_of(core::Error const& error) { return std::string(core::row(error.code).code); }

}  // namespace

core::Result<OpeningsApplier::Answer> OpeningsApplier::openings(store::Origin const& origin, store::LogName name,
                                                                std::uint64_t from, std::uint64_t to) {
  bool const is_data = name == store::LogName::data;
  auto const body = ask(transport_,
                        std::string(is_data ? "/log/data/" : "/log/control/") +
                            "openings?from=" + std::to_string(from) + "&to=" + std::to_string(to),
                        kMostBytes, kTimeout);
  if (!body) return std::unexpected(body.error());
  auto openings = log::parse_openings(*body);
  if (!openings) return std::unexpected(openings.error());
  auto const& log_name = is_data ? origin.name : log::control_origin(origin.name);
  if (auto good = fits(*openings, log_name, from, to); !good) return std::unexpected(good.error());
  if (!openings->entries.empty()) {
    auto const hashes = intake_.hashes(origin.row, name, from, openings->to - from);
    if (!hashes) return std::unexpected(hashes.error());
    if (auto good = reproduce(*openings, *hashes); !good) return std::unexpected(good.error());
  }
  if (is_data)
    if (auto good = check_relayed(origin, *openings); !good) return std::unexpected(good.error());
  return Answer{*std::move(openings), body->size()};
}

core::Result<void> OpeningsApplier::check_relayed(store::Origin const& origin, log::Openings const& openings) {
  auto const relay = transport_.relay();
  if (relay.empty()) return {};
  auto const found = std::ranges::find_if_not(openings.entries,
                                              [](log::OpenedEntry const& entry) { return may_be_relayed(entry.body); });
  if (found == openings.entries.end()) return {};
  misrelayed_ = {relay, origin.name, found->index, misrelayed_text(relay, origin, *found), 0};
  return core::fail(Code::origin_not_agreed,
                    relay + " handed on entry " + std::to_string(found->index) + " of " + origin.name +
                        ", which is not marked CLEAR or GREEN: nothing of its answer was taken.",
                    "", "What shows it is kept: tocsind peer evidence " + relay + ". Call its operator.");
}

core::Result<OpeningsApplier::Step> OpeningsApplier::control(store::Origin& origin) {
  auto const from = origin.control.applied;
  auto const answer = openings(origin, store::LogName::control, from,
                               std::min<std::uint64_t>(origin.control.size, from + log::kMostOpened));
  if (!answer) return std::unexpected(answer.error());
  auto const& opened = answer->openings;
  if (opened.entries.size() != opened.to - opened.from)
    return unfit("The peer keeps an entry of its control log closed, which is open to every peer.");
  if (auto applied = control_.apply(origin, opened); !applied) return std::unexpected(applied.error());
  origin.control.applied = opened.to;
  return Step{.bytes = answer->bytes, .opened = opened.entries.size()};
}

core::Result<OpeningsApplier::Step> OpeningsApplier::data(store::Origin& origin, std::uint64_t most) {
  auto const from = origin.data.applied;
  auto const to = std::min(origin.data.size, from + std::min(most, log::kMostConsidered));
  auto answer = openings(origin, store::LogName::data, from, to);
  if (!answer) return std::unexpected(answer.error());
  Step step{.bytes = answer->bytes};
  if (from > 0 && origin.terms != terms_of(answer->openings)) {
    step.other_terms = true;
    return step;
  }
  if (answer->openings.to == from) return step;
  if (auto handed = hand_in(origin, answer->openings, step); !handed) return std::unexpected(handed.error());
  return step;
}

core::Result<void> OpeningsApplier::hand_in(store::Origin& origin, log::Openings const& openings, Step& step) {
  auto const judge = intake_.judge(origin);
  if (!judge) return std::unexpected(judge.error());
  auto const terms = terms_of(openings);
  auto const beginning_at = [&](std::uint64_t index) {
    return store::Delivery{{origin.row, index, openings.to, terms, {}}, {}};
  };
  auto delivery = beginning_at(openings.from);
  std::size_t bytes = 0;
  for (auto const& entry : openings.entries) {
    auto const header = header_of(entry, origin.name);
    if (header && header->control_size > origin.control.applied) {
      step.control = header->control_size;
      delivery.applied.to = entry.index;
      break;
    }
    ++step.opened;
    bytes += entry.body.size();
    if (auto const wrong = put_in(delivery, entry, header, openings, *judge))
      delivery.applied.refused.push_back({entry.index, code_of(*wrong)});
    if (delivery.objects.size() < turn_.objects() && bytes < kTurnBytes) continue;
    delivery.applied.to = entry.index + 1;
    if (auto done = deliver(origin, std::exchange(delivery, beginning_at(entry.index + 1)), step); !done) return done;
    bytes = 0;
  }
  if (delivery.applied.to == delivery.applied.from) return {};
  return deliver(origin, std::move(delivery), step);
}

// Numbers count whatever becomes of an object; heads and what is closed hold none. A relay shows some of the numbers
// only, from which nothing follows.
std::optional<core::Error> OpeningsApplier::put_in(store::Delivery& delivery, log::OpenedEntry const& entry,
                                                   core::Result<log::Header> const& header, log::Openings const& from,
                                                   Intake::Judge const& judge) const {
  if (!header) return header.error();
  auto number = numbered(entry, *header, from);
  if (!number) return number.error();
  bool const holds_object = !number->head && !entry.is_closed();
  if (transport_.relay().empty()) delivery.numbered.push_back(*std::move(number));
  if (!holds_object) return std::nullopt;
  auto object = judge(entry, *header);
  if (!object) return object.error().front();
  delivery.objects.push_back(*std::move(object));
  return std::nullopt;
}

core::Result<void> OpeningsApplier::deliver(store::Origin& origin, store::Delivery delivery, Step& step) {
  auto const to = delivery.applied.to;
  auto const terms = delivery.applied.terms;
  auto const objects = delivery.objects.size();
  for (auto const& one : delivery.applied.refused) ++step.refused[one.code];
  auto const began = std::chrono::steady_clock::now();
  auto const fates = intake_.deliver(std::move(delivery));
  if (!fates) return std::unexpected(fates.error());
  turn_.took(std::chrono::steady_clock::now() - began, objects);
  for (auto const& fate : *fates)
    if (fate.kind == store::Verdict::Kind::refuse) ++step.refused[code_of(fate.error)];
  origin.data.applied = to;
  origin.terms = terms;
  return {};
}

core::Result<void> OpeningsApplier::begin_again(store::Origin& origin) {
  if (auto again = intake_.begin_again(origin.row); !again) return again;
  origin.terms.reset();
  origin.data.applied = 0;
  return {};
}

core::Uuid OpeningsApplier::terms_of(log::Openings const& openings) const {
  auto const both = core::sha256(std::string(core::view(openings.terms)) + agreed_);
  core::Uuid out;
  std::copy_n(both.begin(), out.size(), out.begin());
  return out;
}

}  // namespace tocsin::federation
