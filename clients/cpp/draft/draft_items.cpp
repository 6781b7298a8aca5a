#include "clients/cpp/draft/draft_items.hpp"

#include <nlohmann/json.hpp>
#include <ostream>
#include <string_view>
#include <utility>

#include "clients/cpp/draft/campaign_items.hpp"

namespace tocsin::client {
namespace {

using Item = nlohmann::ordered_json;

std::string counted(std::size_t count, std::string_view one, std::string_view more) {
  return std::to_string(shareable(count)) + " " + std::string(count == 1 ? one : more);
}

Item begun(std::string_view kind, std::string_view reference, std::size_t number) {
  return {{"kind", kind}, {"ref", std::string(reference) + "-" + std::to_string(number)}};
}

void end(Item& item, std::string description) {
  item["tlp"] = "amber";
  item["campaign"] = kCampaignReference;
  item["description"] = std::move(description);
}

Item range_item(SharedRange const& range, std::size_t number) {
  auto out = begun("ip-range", "range", number);
  out["value"] = kinds::to_text(range.network);
  out["evidence_basis"] = {"ip-correlation"};
  auto const accounts = counted(range.accounts, "account", "accounts") + " of the campaign came from ";
  end(out,
      accounts + (range.network.single() ? "this address."
                                         : counted(range.addresses, "address", "addresses") + " of this network."));
  return out;
}

Item mailbox_item(SharedMailbox const& mailbox, std::size_t number) {
  auto out = begun("account-pattern", "accounts", number);
  out["email_domain"] = mailbox.domain;
  if (!mailbox.shape.empty()) out["email_local_shape"] = mailbox.shape;
  if (!mailbox.provider.empty()) out["provider"] = mailbox.provider;
  out["accounts_in_cluster"] = shareable(mailbox.accounts);
  if (!mailbox.first_day.empty()) {
    out["cluster_created_from"] = mailbox.first_day + "T00:00:00Z";
    out["cluster_created_until"] = mailbox.last_day + "T00:00:00Z";
  }
  if (mailbox.public_domain) {
    out["collateral"] = "high";
    out["collateral_note"] = "Anybody, or a whole university, has addresses of this domain.";
  }
  end(out, counted(mailbox.accounts, "account", "accounts") + " of the campaign have such an e-mail address.");
  return out;
}

Item fingerprint_item(SharedFingerprint const& fingerprint, std::size_t number) {
  auto out = begun("tls-fingerprint", "fingerprint", number);
  out["algorithm"] = "ja4";
  out["value"] = fingerprint.value;
  out["evidence_basis"] = {"request-metadata"};
  end(out, counted(fingerprint.accounts, "account", "accounts") + " of the campaign came with this fingerprint.");
  return out;
}

void write(std::ostream& out, Item const& item) {
  out << item.dump(-1, ' ', false, Item::error_handler_t::replace) << '\n';
}

}  // namespace

void write_items(std::ostream& out, std::string const& campaign, Common const& common) {
  if (common.size() == 0) return;
  write(out, campaign_item(campaign, common));
  std::vector<std::string> ranges;
  for (auto const& range : common.ranges) {
    auto const item = range_item(range, ranges.size() + 1);
    ranges.push_back("local:" + item["ref"].get<std::string>());
    write(out, item);
  }
  if (!ranges.empty()) write(out, network_item(campaign, common, ranges));
  std::size_t number = 0;
  for (auto const& mailbox : common.mailboxes) write(out, mailbox_item(mailbox, ++number));
  number = 0;
  for (auto const& fingerprint : common.fingerprints) write(out, fingerprint_item(fingerprint, ++number));
}

}  // namespace tocsin::client
