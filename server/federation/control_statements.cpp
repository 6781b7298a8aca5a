#include "server/federation/control_statements.hpp"

#include <utility>

namespace tocsin::federation {
namespace {

using Effect = store::ControlDelivery::Effect;

std::unexpected<core::Error> malformed(log::OpenedEntry const& opened, std::string const& why) {
  return core::fail(core::Code::openings_malformed,
                    "Entry " + std::to_string(opened.index) + " of the control log " + why);
}

Effect effect_of(log::RecallAction action) {
  switch (action) {
    case log::RecallAction::suppress:
      return Effect::suppress;
    case log::RecallAction::withdraw:
      return Effect::withdraw;
    case log::RecallAction::restore:
      return Effect::restore;
  }
  std::unreachable();
}

// False: the statement does not open, or is another log's.
bool take_erasure(std::string const& body, std::string const& origin, store::ControlDelivery::Entry& out) {
  auto erasure = log::open_erasure(body);
  if (!erasure || erasure->by.name() != origin) return false;
  out.effect = Effect::erase;
  out.indices = std::move(erasure->indices);
  out.said_s = erasure->time_s;
  return true;
}

bool take_recall(std::string const& body, std::string const& origin, std::uint64_t data_size,
                 store::ControlDelivery::Entry& out) {
  auto recall = log::open_recall(body);
  if (!recall || recall->by.name() != origin) return false;
  out.effect = effect_of(recall->action);
  out.indices = std::move(recall->indices);
  out.said_s = recall->time_s;
  if (out.indices.back() >= data_size) {
    out.void_because = "it names entries that the data log did not have when it was said";
    out.indices.clear();
  }
  return true;
}

// Where nothing was lost, the log goes on as if it had not stopped.
bool take_loss(std::string const& body, log::Checkpoint const& data, log::VerifierKey const& root,
               store::ControlDelivery::Entry& out) {
  auto const loss = log::open_loss(body, root);
  if (!loss || loss->last.origin != data.origin) return false;
  if (data.size > loss->last.size) out.lost_before = data.size;
  return true;
}

bool is_statement(log::ControlHeader const& header, std::string const& body, log::VerifierKey const& root,
                  store::ControlDelivery::Entry& out) {
  auto const& origin = header.data.origin;
  if (header.op == "erase") return take_erasure(body, origin, out);
  if (header.op == "recall") return take_recall(body, origin, header.data.size, out);
  if (header.op == "loss") return take_loss(body, header.data, root, out);
  if (header.op == "key") {
    auto const change = log::open_key_change(body);
    return change && change->old.name() == origin;
  }
  out.void_because = "this version does not know what it asks for";
  return true;
}

}  // namespace

core::Result<ControlStatement> read_control(log::OpenedEntry const& opened, std::string const& origin,
                                            log::VerifierKey const& root) {
  auto header = log::ControlHeader::parse(opened.header);
  if (!header) return malformed(opened, "has a header that is none.");
  if (header->data.origin != origin) return malformed(opened, "is about another log.");
  ControlStatement out;
  out.entry.position = opened.index;
  out.entry.op = header->op;
  if (!is_statement(*header, opened.body, root, out.entry))
    return malformed(opened, "holds a statement that does not open, or that the wrong key signed.");
  out.data = std::move(header->data);
  return out;
}

}  // namespace tocsin::federation
