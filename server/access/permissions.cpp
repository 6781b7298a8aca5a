#include "server/access/permissions.hpp"

#include <array>

namespace tocsin::access {
namespace {

using enum base::Role;
constexpr base::Roles kReaders{submitter, analyst, feed, liaison};
constexpr base::Roles kEveryone{submitter, analyst, feed, liaison, peer, auditor, admin};

constexpr std::array kPermissions{
    Permission{"taxii.discovery", kEveryone},
    Permission{"taxii.collections", kReaders},
    Permission{"taxii.status", {submitter, analyst}},
    Permission{"taxii.objects.read", kReaders},  // a submitter sees its organisation's own only
    Permission{"taxii.objects.add", {submitter, analyst}},
    Permission{"taxii.objects.delete", {analyst, admin}},
    Permission{"native.me", kEveryone},
    Permission{"console.session", {submitter, analyst, feed, liaison, auditor, admin}},  // a peer is no person
    Permission{"native.login", {invited}},
    Permission{"native.indicators.add", {submitter, analyst}},
    Permission{"native.indicators.retract", {analyst, admin}},  // an administrator: the end of publications only
    Permission{"native.releases", {analyst}},                   // of its organisation's own objects
    Permission{"native.recalls", {analyst, admin}},             // of its organisation's own objects; admin: of any
    Permission{"native.moderation", {analyst}},                 // of the organisation that runs the instance
    Permission{"native.waiting", {submitter, analyst}},         // of its organisation's own objects
    Permission{"native.responses.add", {submitter, analyst}},   // to what it sees: a submitter, its own only
    Permission{"native.indicators.read", kReaders},             // a submitter sees its organisation's own only
    Permission{"native.match", kReaders},                       // against what it sees
    Permission{"native.feeds", {analyst, feed}},                // of what it sees
    Permission{"native.campaigns.read", kReaders},              // a submitter sees its organisation's own only
    Permission{"native.peers", {analyst, auditor, admin}},      // how far their logs were followed, and no content
    Permission{"native.stream", {analyst, feed}},
    Permission{"native.ranges", {analyst}},        // of its organisation
    Permission{"native.report", {analyst}},        // likewise
    Permission{"native.mutes", {analyst}},         // likewise
    Permission{"native.alerts", {analyst, feed}},  // likewise
    Permission{"admin.organisations", {admin}},
    Permission{"admin.credentials", {admin}},
    Permission{"admin.collections", {admin}},
    Permission{"admin.keys", {admin}},
    Permission{"admin.erasures", {admin}},
    Permission{"admin.retention", {admin}},
    Permission{"audit.readers", {analyst}},  // of its organisation's own objects
    Permission{"audit.trail", {auditor, admin}},
    Permission{"log.read", {peer, auditor, admin}},      // leaf hashes and entries, which show no content
    Permission{"witness.read", {peer, auditor, admin}},  // size and root of a log
    Permission{"witness.return", {peer}},                // what is kept of the peer's own logs
    Permission{"witness.add", {peer}},
    Permission{"witness.heads", {peer}},  // what came after heads that the peer was shown too
    Permission{"log.receipts", {peer}},
    Permission{"log.relayed", {peer}},   // what other instances logged, as far as it is handed on to that peer
    Permission{"log.openings", {peer}},  // as far as was agreed with that peer
    Permission{"admin.audiences", {admin}},
    Permission{"admin.allow-lists", {admin}},
    Permission{"admin.peers", {admin}},
    Permission{"clients.download", {}, true},
    Permission{"operations.health", {}, true},
    Permission{"operations.metrics", {admin}},
};

}  // namespace

std::span<Permission const> permissions() { return kPermissions; }

Permission const* find_permission(std::string_view name) {
  for (Permission const& permission : kPermissions)
    if (permission.name == name) return &permission;
  return nullptr;
}

bool may(Permission const& permission, base::Principal const* principal) {
  return permission.anyone || (principal != nullptr && principal->roles.intersects(permission.roles));
}

}  // namespace tocsin::access
