#include "server/endpoints/routes.hpp"

#include <stdexcept>

#include "server/access/permissions.hpp"
#include "server/endpoints/console.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

using namespace std::chrono_literals;
using enum http::Method;
using enum http::Surface;
using Function = Answer (*)(Context&, http::Request&);

struct Row {
  http::Method method;
  char const* pattern;
  http::Surface surface;
  char const* permission;
  bool envelope;  // the body may be as long as a submission; else at most 64 KiB, or none with GET
  std::chrono::milliseconds deadline;
  std::uint32_t cost;
  Function handler;
  bool items = false;  // a body of items, which may be longer than what is gathered
};

// clang-format off
constexpr Row kRows[] = {
    {get,     "/taxii2/",                                             taxii,      "taxii.discovery",      false,  10s, 1, taxii_discovery},
    {get,     "/taxii2/root/",                                        taxii,      "taxii.discovery",      false,  10s, 1, taxii_root},
    {get,     "/taxii2/root/status/{id}/",                            taxii,      "taxii.status",         false,  10s, 1, taxii_status},
    {get,     "/taxii2/root/collections/",                            taxii,      "taxii.collections",    false,  10s, 1, taxii_collections},
    {get,     "/taxii2/root/collections/{id}/",                       taxii,      "taxii.collections",    false,  10s, 1, taxii_collection},
    {get,     "/taxii2/root/collections/{id}/manifest/",              taxii,      "taxii.objects.read",   false,  30s, 4, taxii_manifest},
    {get,     "/taxii2/root/collections/{id}/objects/",               taxii,      "taxii.objects.read",   false,  30s, 4, taxii_objects},
    {post,    "/taxii2/root/collections/{id}/objects/",               taxii,      "taxii.objects.add",    true,  120s, 8, taxii_add_objects},
    {get,     "/taxii2/root/collections/{id}/objects/{object}/",      taxii,      "taxii.objects.read",   false,  30s, 2, taxii_object},
    {delete_, "/taxii2/root/collections/{id}/objects/{object}/",      taxii,      "taxii.objects.delete", false,  30s, 4, taxii_delete_object},
    {get,     "/taxii2/root/collections/{id}/objects/{object}/versions/", taxii,  "taxii.objects.read",   false,  30s, 2, taxii_versions},
    {post,    "/api/v1/indicators",                                   native,     "native.indicators.add", true, 120s, 8, share_indicators, true},
    {post,    "/api/v1/indicators/{id}/retract",                      native,     "native.indicators.retract", false, 30s, 16, retract_indicator},
    {post,    "/api/v1/indicators/{id}/sightings",                    native,     "native.responses.add", false,  30s, 4, add_sighting},
    {post,    "/api/v1/indicators/{id}/opinions",                     native,     "native.responses.add", false,  30s, 4, give_opinion},
    {post,    "/api/v1/indicators/{id}/release",                      native,     "native.releases",      false,  30s, 8, propose_release},
    {get,     "/api/v1/releases",                                     native,     "native.releases",      false,  30s, 4, list_releases},
    {get,     "/api/v1/releases/{id}",                                native,     "native.releases",      false,  30s, 4, show_release},
    {post,    "/api/v1/releases/{id}/approve",                        native,     "native.releases",      false,  30s, 8, approve_release},
    {post,    "/api/v1/releases/{id}/refuse",                         native,     "native.releases",      false,  30s, 2, refuse_release},
    {post,    "/api/v1/recalls",                                      native,     "native.recalls",       false,  30s, 16, make_recall},
    {get,     "/api/v1/recalls",                                      native,     "native.recalls",       false,  30s, 4, list_recalls},
    {get,     "/api/v1/recalls/{id}",                                 native,     "native.recalls",       false,  30s, 2, show_recall},
    {get,     "/api/v1/recalls/{id}/certificate",                     native,     "native.recalls",       false,  30s, 8, certify_recall},
    {get,     "/api/v1/moderation",                                   native,     "native.moderation",    false,  30s, 4, list_moderation},
    {get,     "/api/v1/moderation/waiting/{id}",                      native,     "native.moderation",    false,  30s, 4, show_moderation},
    {post,    "/api/v1/moderation/publish",                           native,     "native.moderation",    false,  60s, 8, publish_waiting},
    {post,    "/api/v1/moderation/refuse",                            native,     "native.moderation",    false,  60s, 4, refuse_waiting},
    {get,     "/api/v1/waiting",                                      native,     "native.waiting",       false,  30s, 4, list_own_waiting},
    {post,    "/api/v1/waiting/withdraw",                             native,     "native.waiting",       false,  60s, 4, withdraw_waiting},
    {get,     "/api/v1/indicators",                                   native,     "native.indicators.read", false, 30s, 8, search_indicators},
    {get,     "/api/v1/indicators/{id}",                              native,     "native.indicators.read", false, 30s, 2, show_indicator},
    {get,     "/api/v1/why",                                          native,     "native.indicators.read", false, 30s, 16, why},
    {post,    "/api/v1/match",                                        native,     "native.match",         true,   30s, 4, match_items},
    {get,     "/api/v1/check",                                        native,     "native.match",         false,  10s, 1, check_subject},
    {get,     "/api/v1/feeds",                                        native,     "native.feeds",         false,  10s, 1, list_feeds},
    {get,     "/api/v1/feeds/{name}",                                 native,     "native.feeds",         false,  60s, 16, show_feed},
    {get,     "/api/v1/feeds/{name}/changes",                         native,     "native.feeds",         false,  60s, 16, feed_changes},
    {get,     "/api/v1/feeds/{name}/manifest",                        native,     "native.feeds",         false,  60s, 16, feed_manifest},
    {get,     "/api/v1/feeds/{name}/misp/{file}",                      native,     "native.feeds",         false,  60s, 16, feed_for_misp},
    {get,     "/api/v1/indicators/{id}/history",                      native,     "native.indicators.read", false, 30s, 4, indicator_history},
    {get,     "/api/v1/indicators/{id}/proof",                        native,     "native.indicators.read", false, 30s, 4, indicator_proof},
    {get,     "/api/v1/campaigns",                                    native,     "native.campaigns.read", false, 30s, 4, list_campaigns},
    {get,     "/api/v1/campaigns/{id}",                               native,     "native.campaigns.read", false, 30s, 8, show_campaign},
    {post,    "/api/v1/campaigns",                                    native,     "native.indicators.add", true, 120s, 8, share_campaigns, true},
    {post,    "/api/v1/infrastructures",                              native,     "native.indicators.add", true, 120s, 8, share_infrastructures, true},
    {get,     "/api/v1/stream",                                       native,     "native.stream",        false,  30s, 4, live_stream},
    {get,     "/api/v1/me",                                           native,     "native.me",            false,  10s, 1, me},
    {get,     "/api/v1/peers",                                        native,     "native.peers",         false,  10s, 1, list_peer_statuses},
    {get,     "/api/v1/me/markings",                                  native,     "native.indicators.add", false, 10s, 1, my_markings},
    {post,    "/api/v1/login",                                        native,     "native.login",         false,  30s, 1, login},
    {get,     "/api/v1/ranges",                                       native,     "native.ranges",        false,  10s, 1, list_ranges},
    {post,    "/api/v1/ranges",                                       native,     "native.ranges",        false,  30s, 2, add_ranges},
    {post,    "/api/v1/ranges/remove",                                native,     "native.ranges",        false,  30s, 2, remove_ranges},
    {get,     "/api/v1/report",                                       native,     "native.report",        false,  60s, 32, sharing_report},
    {get,     "/api/v1/mutes",                                        native,     "native.mutes",         false,  10s, 1, list_mutes},
    {post,    "/api/v1/mutes",                                        native,     "native.mutes",         false,  30s, 2, add_mute},
    {post,    "/api/v1/mutes/remove",                                 native,     "native.mutes",         false,  30s, 2, remove_mute},
    {get,     "/api/v1/alerts",                                       native,     "native.alerts",        false,  30s, 8, alerts},
    {get,     "/api/v1/admin/organisations",                          native,     "admin.organisations",  false,  10s, 1, admin_list_organisations},
    {post,    "/api/v1/admin/organisations",                          native,     "admin.organisations",  false,  30s, 1, admin_add_organisation},
    {post,    "/api/v1/admin/organisations/{name}/disable",           native,     "admin.organisations",  false,  30s, 1, admin_disable_organisation},
    {post,    "/api/v1/admin/organisations/{name}/enable",            native,     "admin.organisations",  false,  30s, 1, admin_enable_organisation},
    {post,    "/api/v1/admin/organisations/{name}/standing",          native,     "admin.organisations",  false,  30s, 1, admin_set_standing},
    {get,     "/api/v1/admin/credentials",                            native,     "admin.credentials",    false,  10s, 1, admin_list_credentials},
    {post,    "/api/v1/admin/credentials",                            native,     "admin.credentials",    false,  30s, 1, admin_add_credential},
    {post,    "/api/v1/admin/invitations",                            native,     "admin.credentials",    false,  30s, 1, admin_invite},
    {post,    "/api/v1/admin/credentials/{id}/revoke",                native,     "admin.credentials",    false,  30s, 1, admin_revoke_credential},
    {get,     "/api/v1/admin/denied-pins",                            native,     "admin.credentials",    false,  10s, 1, admin_list_denied_pins},
    {post,    "/api/v1/admin/denied-pins",                            native,     "admin.credentials",    false,  30s, 1, admin_deny_pin},
    {post,    "/api/v1/admin/log-key",                                native,     "admin.keys",           false,  30s, 1, admin_rotate_log_key},
    {post,    "/api/v1/admin/erasures",                               native,     "admin.erasures",       false,  60s, 1, admin_erase},
    {get,     "/api/v1/admin/retention",                              native,     "admin.retention",      false,  30s, 1, admin_retention},
    {get,     "/api/v1/collections/{id}/objects/{object}/readers",    native,     "audit.readers",        false,  30s, 16, object_readers},
    {get,     "/api/v1/audit/entries",                                native,     "audit.trail",          false, 120s, 8, audit_entries},
    {get,     "/api/v1/audit/checkpoint",                             native,     "audit.trail",          false, 120s, 8, audit_checkpoint},
    {get,     "/log/{log}/checkpoint",                                native,     "log.read",             false,  40s, 1, log_checkpoint},
    {get,     "/log/{log}/tile/{+tile}",                              native,     "log.read",             false,  10s, 1, log_tile},
    {get,     "/witness/{hash}/checkpoint",                           native,     "witness.read",         false,  10s, 1, witness_checkpoint},
    {get,     "/witness/{hash}/tile/{+tile}",                         native,     "witness.return",       false,  10s, 1, witness_tile},
    {get,     "/witness/{hash}/openings",                             native,     "witness.return",       false,  30s, 4, witness_openings},
    {post,    "/witness/add-checkpoint",                              native,     "witness.add",          false,  30s, 4, witness_add_checkpoint},
    {post,    "/witness/{hash}/heads",                                native,     "witness.heads",        false,  30s, 4, witness_heads},
    {post,    "/log/{log}/receipts",                                  native,     "log.receipts",         false,  30s, 4, take_receipt},
    {get,     "/log/{log}/openings",                                  native,     "log.openings",         false,  30s, 4, log_openings},
    {get,     "/log/of/{origin}/{log}/checkpoint",                    native,     "log.relayed",          false,  10s, 1, relayed_checkpoint},
    {get,     "/log/of/{origin}/{log}/tile/{+tile}",                  native,     "log.relayed",          false,  10s, 1, relayed_tile},
    {get,     "/log/of/{origin}/{log}/openings",                      native,     "log.openings",         false,  30s, 4, relayed_openings},
    {post,    "/log/of/{origin}/{log}/receipts",                      native,     "log.receipts",         false,  30s, 4, relayed_receipt},
    {get,     "/api/v1/admin/collections",                            native,     "admin.collections",    false,  10s, 1, admin_list_collections},
    {post,    "/api/v1/admin/collections",                            native,     "admin.collections",    false,  30s, 1, admin_add_collection},
    {post,    "/api/v1/admin/collections/{id}/moderation",            native,     "admin.collections",    false,  30s, 1, admin_set_moderation},
    {get,     "/api/v1/admin/audiences",                              native,     "admin.audiences",      false,  10s, 1, admin_list_audiences},
    {post,    "/api/v1/admin/audiences",                              native,     "admin.audiences",      false,  30s, 1, admin_add_audience},
    {post,    "/api/v1/admin/audiences/{name}/members",               native,     "admin.audiences",      false,  30s, 1, admin_propose_audience_member},
    {post,    "/api/v1/admin/audiences/{name}/remove",                native,     "admin.audiences",      false,  30s, 1, admin_remove_audience_member},
    {post,    "/api/v1/admin/audience-proposals/{id}/approve",        native,     "admin.audiences",      false,  30s, 1, admin_approve_audience_member},
    {get,     "/api/v1/admin/allow-lists",                            native,     "admin.allow-lists",    false,  10s, 1, admin_list_allow_lists},
    {post,    "/api/v1/admin/allow-lists",                            native,     "admin.allow-lists",    true,   60s, 1, admin_add_to_allow_list},
    {post,    "/api/v1/admin/allow-lists/import",                     native,     "admin.allow-lists",    true,   60s, 1, admin_import_allow_list},
    {post,    "/api/v1/admin/allow-lists/remove",                     native,     "admin.allow-lists",    true,   60s, 1, admin_remove_from_allow_list},
    {get,     "/api/v1/admin/peers",                                  native,     "admin.peers",          false,  10s, 1, admin_list_peers},
    {post,    "/api/v1/admin/peers",                                  native,     "admin.peers",          false,  30s, 1, admin_accept_peer},
    {post,    "/api/v1/admin/peers/{name}/state",                     native,     "admin.peers",          false,  30s, 1, admin_set_peer_state},
    {get,     "/api/v1/admin/peers/{name}/evidence",                  native,     "admin.peers",          false,  10s, 1, admin_peer_evidence},
    {post,    "/api/v1/admin/peer-invitations",                       native,     "admin.peers",          false,  30s, 1, admin_invite_peer},
    {post,    "/api/v1/admin/peer-agreements",                        native,     "admin.peers",          false,  30s, 1, admin_reload_agreements},
    {get,     "/api/v1/",                                             native,     "clients.download",     false,  10s, 1, api_page},
    {get,     "/api/v1/openapi.yaml",                                 native,     "clients.download",     false,  10s, 1, api_document},
    {get,     "/clients/tocsin.py",                                   native,     "clients.download",     false,  10s, 1, download_python_client},
    {get,     "/console/",                                            native,     "clients.download",     false,  10s, 1, console},
    {post,    "/console/session",                                     native,     "console.session",      false,  10s, 4, sign_in},
    {get,     "/console/session",                                     native,     "console.session",      false,  10s, 1, signed_in},
    {delete_, "/console/session",                                     native,     "console.session",      false,  10s, 1, sign_out},
    {get,     "/console/{+path}",                                     native,     "clients.download",     false,  10s, 1, console},
    {get,     "/healthz",                                             operations, "operations.health",    false,   5s, 0, healthz},
    {get,     "/readyz",                                              operations, "operations.health",    false,   5s, 0, readyz},
    {get,     "/metrics",                                             operations, "operations.metrics",   false,  10s, 1, metrics},
};
// clang-format on

}  // namespace

http::Router routes(Context& context) {
  constexpr std::uint64_t kSmallBody = 64 * 1024;
  // Some ten million lines. The time is that of a small server that stores a million of them.
  constexpr http::Streamed kItems{256u << 20, 30min};
  http::Router router;
  for (Row const& row : kRows) {
    if (access::find_permission(row.permission) == nullptr)
      throw std::logic_error(std::string("the route ") + row.pattern + " names a permission without a row");
    http::BodyLimit body = row.method == post ? kSmallBody : 0;
    if (row.envelope) body = context.settings.max_content_length;
    router.add({row.method, row.pattern, row.surface, row.permission, body, row.deadline, row.cost,
                [&context, handler = row.handler](http::Request& request) { return handler(context, request); },
                row.items ? kItems : http::Streamed{}});
  }
  return router;
}

}  // namespace tocsin::endpoints
