#include "server/federation/contradiction.hpp"

#include <utility>

namespace tocsin::federation {
namespace {

// The smaller of two trees of one size is the one with the smaller root: one pair has one file.
log::Evidence one_size(log::VerifierKey const& log, std::string const& stored, log::Checkpoint const& here,
                       std::string const& next, log::Checkpoint const& said) {
  if (said.root < here.root) return {log, next, stored, std::nullopt};
  return {log, stored, next, std::nullopt};
}

core::Result<std::optional<log::Evidence>> contradiction(log::VerifierKey const& log, std::string const& stored,
                                                         log::Checkpoint const& here, log::HashReader const& verified,
                                                         std::string const& next, log::Checkpoint const& said) {
  if (said.size == here.size) {
    if (said.root == here.root) return std::nullopt;
    return one_size(log, stored, here, next, said);
  }
  auto const root = log::tree_root(verified, said.size);
  if (!root) return std::unexpected(root.error());
  if (*root == said.root) return std::nullopt;
  auto proof = log::consistency_proof(verified, said.size, here.size);
  if (!proof) return std::unexpected(proof.error());
  return log::Evidence{log, next, stored, log::Evidence::Beginning{*root, *std::move(proof)}};
}

}  // namespace

core::Result<Judged> judge(log::VerifierKey const& log, std::string const& stored, log::HashReader const& verified,
                           std::string const& next) {
  auto said = log::open_checkpoint(next, log, {});
  if (!said) return std::unexpected(said.error());
  auto here = log::open_checkpoint(stored, log, {});
  if (!here) return std::unexpected(here.error());
  Judged out{Standing::agrees, std::move(said->checkpoint), std::nullopt};
  if (out.said.size > here->checkpoint.size) {
    out.standing = Standing::beyond;
    return out;
  }
  auto evidence = contradiction(log, stored, here->checkpoint, verified, next, out.said);
  if (!evidence) return std::unexpected(evidence.error());
  if (!*evidence) return out;
  // What shows nothing to others shows nothing here: then it is this instance's own copy that is damaged.
  if (auto const shown = log::verify_evidence(**evidence, log); !shown)
    return core::fail(core::Code::log_inconsistent,
                      "What is stored here of the log is not the tree that was verified: " + shown.error().detail);
  out.standing = Standing::contradicts;
  out.evidence = *std::move(evidence);
  return out;
}

}  // namespace tocsin::federation
