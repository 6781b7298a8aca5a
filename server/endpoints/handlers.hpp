// Every handler, by resource. Each translates between HTTP and the domain and holds no logic of its own.
#pragma once

#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

using Answer = http::Awaitable<http::Response>;

// taxii_discovery.cpp
Answer taxii_discovery(Context&, http::Request&);
Answer taxii_root(Context&, http::Request&);
// taxii_collections.cpp
Answer taxii_collections(Context&, http::Request&);
Answer taxii_collection(Context&, http::Request&);
// taxii_objects_get.cpp
Answer taxii_objects(Context&, http::Request&);
Answer taxii_object(Context&, http::Request&);
Answer taxii_versions(Context&, http::Request&);
Answer taxii_manifest(Context&, http::Request&);
// taxii_objects_write.cpp
Answer taxii_add_objects(Context&, http::Request&);
Answer taxii_delete_object(Context&, http::Request&);
// taxii_status.cpp
Answer taxii_status(Context&, http::Request&);
// indicators.cpp
Answer share_indicators(Context&, http::Request&);
Answer share_campaigns(Context&, http::Request&);
Answer share_infrastructures(Context&, http::Request&);
// retractions.cpp
Answer retract_indicator(Context&, http::Request&);
// recalls.cpp
Answer make_recall(Context&, http::Request&);
Answer list_recalls(Context&, http::Request&);
Answer show_recall(Context&, http::Request&);
// recall_certificate.cpp
Answer certify_recall(Context&, http::Request&);
// receipts.cpp
Answer take_receipt(Context&, http::Request&);
// releases.cpp
Answer propose_release(Context&, http::Request&);
Answer list_releases(Context&, http::Request&);
Answer show_release(Context&, http::Request&);
Answer approve_release(Context&, http::Request&);
Answer refuse_release(Context&, http::Request&);
// moderation.cpp
Answer list_moderation(Context&, http::Request&);
Answer show_moderation(Context&, http::Request&);
Answer publish_waiting(Context&, http::Request&);
Answer refuse_waiting(Context&, http::Request&);
// own_waiting.cpp
Answer list_own_waiting(Context&, http::Request&);
Answer withdraw_waiting(Context&, http::Request&);
// responses.cpp
Answer add_sighting(Context&, http::Request&);
Answer give_opinion(Context&, http::Request&);
// match.cpp
Answer match_items(Context&, http::Request&);
// check.cpp
Answer check_subject(Context&, http::Request&);
// feeds.cpp
Answer list_feeds(Context&, http::Request&);
Answer show_feed(Context&, http::Request&);
Answer feed_changes(Context&, http::Request&);
Answer feed_for_misp(Context&, http::Request&);
Answer feed_manifest(Context&, http::Request&);
// campaigns.cpp
Answer list_campaigns(Context&, http::Request&);
Answer show_campaign(Context&, http::Request&);
// search.cpp
Answer search_indicators(Context&, http::Request&);
Answer show_indicator(Context&, http::Request&);
Answer why(Context&, http::Request&);
Answer indicator_history(Context&, http::Request&);
// indicator_proof.cpp
Answer indicator_proof(Context&, http::Request&);
// stream.cpp
Answer live_stream(Context&, http::Request&);
// me.cpp
Answer me(Context&, http::Request&);
// peer_statuses.cpp
Answer list_peer_statuses(Context&, http::Request&);
// report.cpp
Answer sharing_report(Context&, http::Request&);
// mutes.cpp
Answer list_mutes(Context&, http::Request&);
Answer add_mute(Context&, http::Request&);
Answer remove_mute(Context&, http::Request&);
// markings.cpp
Answer my_markings(Context&, http::Request&);
// ranges.cpp
Answer list_ranges(Context&, http::Request&);
Answer add_ranges(Context&, http::Request&);
Answer remove_ranges(Context&, http::Request&);
// allow_lists.cpp
Answer admin_list_allow_lists(Context&, http::Request&);
Answer admin_add_to_allow_list(Context&, http::Request&);
Answer admin_import_allow_list(Context&, http::Request&);
Answer admin_remove_from_allow_list(Context&, http::Request&);
// alerts.cpp
Answer alerts(Context&, http::Request&);
// admin.cpp
Answer admin_list_organisations(Context&, http::Request&);
Answer admin_add_organisation(Context&, http::Request&);
Answer admin_disable_organisation(Context&, http::Request&);
Answer admin_enable_organisation(Context&, http::Request&);
Answer admin_list_credentials(Context&, http::Request&);
Answer admin_add_credential(Context&, http::Request&);
Answer admin_revoke_credential(Context&, http::Request&);
Answer admin_list_denied_pins(Context&, http::Request&);
Answer admin_deny_pin(Context&, http::Request&);
// admin_moderation.cpp
Answer admin_set_moderation(Context&, http::Request&);
Answer admin_set_standing(Context&, http::Request&);
// invitations.cpp
Answer admin_invite(Context&, http::Request&);
Answer login(Context&, http::Request&);
// log_key.cpp
Answer admin_rotate_log_key(Context&, http::Request&);
Answer admin_erase(Context&, http::Request&);
// retention.cpp
Answer admin_retention(Context&, http::Request&);
// audit.cpp
Answer audit_entries(Context&, http::Request&);
Answer audit_checkpoint(Context&, http::Request&);
// log_checkpoint.cpp
Answer log_checkpoint(Context&, http::Request&);
// log_tiles.cpp
Answer log_tile(Context&, http::Request&);
// witness.cpp
Answer witness_checkpoint(Context&, http::Request&);
Answer witness_add_checkpoint(Context&, http::Request&);
// witness_heads.cpp
Answer witness_heads(Context&, http::Request&);
// witness_returns.cpp
Answer witness_tile(Context&, http::Request&);
Answer witness_openings(Context&, http::Request&);
// log_openings.cpp
Answer log_openings(Context&, http::Request&);
// relayed_logs.cpp
Answer relayed_checkpoint(Context&, http::Request&);
Answer relayed_tile(Context&, http::Request&);
Answer relayed_openings(Context&, http::Request&);
Answer relayed_receipt(Context&, http::Request&);
// object_readers.cpp
Answer object_readers(Context&, http::Request&);
Answer admin_list_collections(Context&, http::Request&);
Answer admin_add_collection(Context&, http::Request&);
// admin_audiences.cpp
Answer admin_list_audiences(Context&, http::Request&);
Answer admin_add_audience(Context&, http::Request&);
Answer admin_propose_audience_member(Context&, http::Request&);
Answer admin_remove_audience_member(Context&, http::Request&);
Answer admin_approve_audience_member(Context&, http::Request&);
// peers.cpp
Answer admin_list_peers(Context&, http::Request&);
Answer admin_accept_peer(Context&, http::Request&);
Answer admin_invite_peer(Context&, http::Request&);
Answer admin_set_peer_state(Context&, http::Request&);
Answer admin_peer_evidence(Context&, http::Request&);
Answer admin_reload_agreements(Context&, http::Request&);
// downloads.cpp
Answer download_python_client(Context&, http::Request&);
Answer api_document(Context&, http::Request&);
Answer api_page(Context&, http::Request&);
// console_session.cpp
Answer sign_in(Context&, http::Request&);
Answer signed_in(Context&, http::Request&);
Answer sign_out(Context&, http::Request&);
// operations.cpp
Answer healthz(Context&, http::Request&);
Answer readyz(Context&, http::Request&);
Answer metrics(Context&, http::Request&);

}  // namespace tocsin::endpoints
