// The instance's peers: how they are made, what they may do by the agreement in force, and how they are stopped. Owned
// by app; each part says which thread may call it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/keys.hpp"
#include "schema/log/manifest.hpp"
#include "schema/log/peering.hpp"
#include "server/access/directory.hpp"
#include "server/federation/agreement.hpp"
#include "server/store/account_store.hpp"
#include "server/store/peer_store.hpp"
#include "server/store/witness_store.hpp"

namespace tocsin::federation {

// What the instance has to show: its own keys and files.
struct Own {
  std::filesystem::path manifest;  // its note
  std::filesystem::path peers;     // the folder of the agreements
  std::function<core::Result<log::SignerKey>()> log_key;
  std::function<core::Result<log::VerifierKey>()> root;
};

class Peering {
 public:
  Peering(store::PeerStore& store, store::AccountStore& accounts, access::Registry& registry, Own own)
      : store_(store), accounts_(accounts), registry_(registry), own_(std::move(own)) {}

  // A peer as it is now, with the manifest that is in force. `mistakes`: of its agreement's file, which is not in force
  // then; the one before it is, unless it names an identity that the manifest has no more.
  struct Shown {
    store::Peer peer;
    log::Manifest manifest;
    std::shared_ptr<Agreement const> agreement;  // null: nothing is agreed
    std::vector<core::Error> mistakes;
  };
  [[nodiscard]] std::vector<Shown> peers() const;  // by name; any thread

  // Called after each change of what `peers` says, on the commit thread, where it is also set.
  void watch(std::function<void()> changed) { changed_ = std::move(changed); }

  // Why a peer is quarantined; nullopt: it is not. Any thread.
  [[nodiscard]] std::optional<std::string> quarantined(std::string const& name) const;

  // What is in force with the active peer whose organisation this is; null: nothing, or it is none. Any thread.
  [[nodiscard]] std::shared_ptr<Agreement const> agreement_of(store::RowId organisation) const;

  // What follows reads files: any thread that may block, but the commit thread.

  struct Invited {
    std::string line;
    store::PeerInvitation row;
  };
  // Errors: unprocessable when the instance has no manifest that is good now; those of reading keys.
  [[nodiscard]] core::Result<Invited> invitation(std::int64_t now_us) const;

  // What came from another instance, verified and not yet in force.
  struct Received {
    store::Peer peer;
    store::PeerPins pins;
    std::optional<store::PeerInvitation> invitation;  // none: a newer manifest of a peer that is known
    std::string reply;                                // to an invitation: the line that goes back
  };
  // An invitation, the answer to an own one, or a newer manifest of a peer. `name`: what the peer is to be called; the
  // host of its URL when empty. Errors: bad_parameter, conflict, unprocessable; note_malformed, note_unverified,
  // key_malformed.
  [[nodiscard]] core::Result<Received> receive(std::string const& text, std::string const& name,
                                               std::int64_t now_us) const;

  // A file that agrees to nothing, unless the peer has one. Errors: storage_full, io_failed.
  [[nodiscard]] core::Result<void> write_template(std::string const& name) const;

  struct ReadAgreement {
    std::string peer;
    std::optional<core::Digest> digest;  // of the file; none: it is not there
    std::shared_ptr<Agreement const> agreement;
    std::vector<core::Error> mistakes;
  };
  [[nodiscard]] std::vector<ReadAgreement> read_agreements() const;

  // The rest is for the commit thread; a change is in force when they return. Errors: those of the store.

  [[nodiscard]] core::Result<void> load();
  [[nodiscard]] core::Result<void> keep(Invited const& invited, std::int64_t now_us);
  [[nodiscard]] core::Result<void> take(Received const& received, std::int64_t now_us);
  // Error: also conflict when a quarantined peer is to be paused: it would be forgotten that it is.
  [[nodiscard]] core::Result<void> set_state(std::string const& name, store::PeerState state, std::string const& reason,
                                             std::int64_t now_us);
  [[nodiscard]] core::Result<void> take(std::vector<ReadAgreement> const& read);
  // Evidence against a peer is kept, and the peer is let in no more until it is resumed. False when it was kept before:
  // then nothing changes. Errors: also not_found.
  [[nodiscard]] core::Result<bool> quarantine(store::WitnessStore& witnesses, std::string const& name,
                                              store::KeptEvidence const& evidence, std::string const& reason);

 private:
  struct Self {
    log::SignerKey log_key;
    log::VerifierKey root;
    log::Manifest manifest;
    std::string note;
  };
  [[nodiscard]] core::Result<Self> self(std::int64_t now_us) const;
  [[nodiscard]] core::Result<Received> receive_introduction(std::string const& line, std::string const& name,
                                                            std::int64_t now_us) const;
  [[nodiscard]] core::Result<Received> receive_manifest(std::string const& note, std::int64_t now_us) const;
  [[nodiscard]] std::vector<core::Error> misfits(Agreement const& agreement, Shown const& with) const;
  [[nodiscard]] std::vector<core::Error> misfits_of_relays(Agreement const& agreement, Shown const& with) const;
  // Whether the organisation speaks at an instance that is a peer, and not the one of `own`.
  [[nodiscard]] bool speaks_at_another(store::Organisation const& one, store::Organisation const* own) const;
  [[nodiscard]] store::AgreedWith agreed_with(ReadAgreement const& read) const;
  [[nodiscard]] bool is_settled(store::Peer const& peer, store::AgreedWith const& agreed) const;
  [[nodiscard]] core::Result<void> in_force(core::Result<void> stored);  // what was stored is what is known
  [[nodiscard]] core::Result<void> set_agreements(std::vector<ReadAgreement> const& read);
  [[nodiscard]] core::Result<void> read_peers();  // tells nobody

  store::PeerStore& store_;
  store::AccountStore& accounts_;
  access::Registry& registry_;
  Own const own_;
  mutable std::mutex mutex_;
  std::vector<Shown> peers_;               // guarded by mutex_
  std::function<void()> changed_ = [] {};  // commit thread
};

}  // namespace tocsin::federation
