// What handlers work with. Made by app's wiring, outlives every request; each member says which threads may use it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "schema/stix/identifier.hpp"
#include "server/access/administration.hpp"
#include "server/access/audience_administration.hpp"
#include "server/access/directory.hpp"
#include "server/access/signed_in.hpp"
#include "server/admission/door.hpp"
#include "server/admission/harm/allow_list_registry.hpp"
#include "server/base/clock.hpp"
#include "server/base/limiter.hpp"
#include "server/base/live.hpp"
#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/base/workers.hpp"
#include "server/catalog/cursor.hpp"
#include "server/catalog/mute_registry.hpp"
#include "server/catalog/pages.hpp"
#include "server/endpoints/in_flight.hpp"
#include "server/endpoints/keyed_requests.hpp"
#include "server/endpoints/open_streams.hpp"
#include "server/federation/dependents.hpp"
#include "server/federation/peer_status.hpp"
#include "server/federation/peering.hpp"
#include "server/federation/relayed_logs.hpp"
#include "server/federation/witness.hpp"
#include "server/feeds/kept.hpp"
#include "server/feeds/signing.hpp"
#include "server/ledger/audit_checkpoints.hpp"
#include "server/ledger/generations.hpp"
#include "server/ledger/group_commit.hpp"
#include "server/ledger/pending.hpp"
#include "server/ledger/published_log.hpp"
#include "server/ledger/read_audit.hpp"
#include "server/ledger/retention.hpp"
#include "server/store/bridge.hpp"
#include "server/stream/bell.hpp"
#include "server/stream/matching.hpp"
#include "server/stream/range_registry.hpp"

namespace tocsin::endpoints {

struct Settings {
  std::string title;
  std::string identity;                          // of the organisation that runs the instance
  std::string host;                              // of which the certificate is
  std::uint16_t port = 0;                        // of the listener
  base::Live<std::uint64_t> max_content_length;  // bytes
  base::Live<std::size_t> default_page;          // objects
  base::Live<std::size_t> max_page;
  bool demo = false;                     // what is reserved for documentation is taken
  base::Live<int> widest_v4, widest_v6;  // bits
  std::vector<ledger::RetentionPeriod> retention;
};

// The public keys of the log before and after a change, in their text form.
struct LogKeys {
  std::string old_key, new_key;
};

// What became of an erasure. `log_emptied`: nothing of it is left in the write-ahead log either.
struct ErasedObject {
  std::size_t versions = 0, leaves = 0;
  bool log_emptied = false;
};

// A recall that somebody asks for. `may`: whether he still may when its turn has come, on the commit thread.
struct Recalling {
  store::RecallOrder order;
  store::Actor by;
  std::function<core::Result<void>()> may;
};

struct Context {
  Settings settings;
  base::Clock const& clock;
  base::Log& log;
  base::Metrics& metrics;
  access::Registry& registry;
  access::SignedInSessions& sessions;
  access::Administration& administration;           // inside ledger.perform only
  access::AudienceAdministration& audiences;        // likewise
  stream::RangeRegistry& ranges;                    // changes likewise
  admission::harm::AllowListRegistry& allow_lists;  // likewise
  catalog::MuteRegistry& mutes;                     // likewise
  federation::Peering& peering;                     // likewise
  ledger::GroupCommit& ledger;
  ledger::PendingSubmissions& pending;
  ledger::Generations& generations;
  ledger::ReadAudit& reads;
  ledger::AuditCheckpoints& checkpoints;
  ledger::PublishedLogs const& logs;
  store::CommitStore& commits;    // inside ledger.perform only
  store::ReleaseStore& releases;  // likewise
  store::WaitingStore& waiting;   // likewise
  store::RecallStore& recalls;    // likewise
  store::AuditStore& audit;       // likewise
  store::Bridge& bridge;
  store::WitnessStore& witnesses;  // inside ledger.perform only
  federation::Witness& witness;    // not on the commit thread
  admission::Door const& door;
  base::Workers& workers;  // that judge submissions: no read waits behind validation
  catalog::CursorCodec const& cursors;
  catalog::Pages& pages;
  base::Limiter& limiter;  // by credential
  InFlight& in_flight;
  InFlight& wholes;       // bodies that are stored whole: each holds up the commits of all
  InFlight& long_bodies;  // that are stored stretch by stretch: each holds a stretch for as long as it is sent
  KeyedRequests& keyed;
  OpenStreams& streams;
  stream::Bell& bell;  // rung by every commit
  stream::Matching& matching;
  // Rung when a checkpoint of a log covers more, and the places of those who wait for that.
  stream::Bell& log_bell;
  InFlight& polls;
  core::Digest terms_key;  // of access::peer_view
  // These block; any thread but the commit thread.
  std::function<core::Result<LogKeys>(store::Actor const& by)> rotate_log_key;
  std::function<core::Result<ErasedObject>(store::RowId asserter, stix::Identifier const& object,
                                           store::Actor const& by)>
      erase;
  std::function<core::Result<store::MadeRecall>(Recalling const& what)> recall;
  std::function<core::Result<log::VerifierKey>()> control_key;    // of the control log; any thread that may block
  std::function<std::vector<federation::PeerStatus>()> followed;  // every peer but those removed, by name
  federation::RelayedLogs& relayed;                               // not on the commit thread
  federation::Dependents& dependents;                             // likewise
  feeds::Kept& feeds;
  feeds::Signing& feed_signing;
};

}  // namespace tocsin::endpoints
