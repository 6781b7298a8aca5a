#include "clients/cpp/connect_forms.hpp"

#include <algorithm>
#include <array>

namespace tocsin::client {
namespace {

using Form = std::vector<FormField>;

// Products ask for a user name; the server takes any with a token as the password.
constexpr auto kAnyUser = "tocsin";
constexpr auto kToken = "(your token)";

std::string discovery(Hub const& hub) { return hub.origin + "/taxii2/"; }
std::string root(Hub const& hub) { return hub.origin + hub.root.path; }
std::string objects(Hub const& hub, Collection const& collection) {
  return root(hub) + "collections/" + collection.id + "/objects/";
}
std::string feed_name(Collection const& collection) { return "Tocsin " + collection.title; }

Form sentinel(Hub const& hub, Collection const& collection) {
  return {{"Friendly name (for server)", feed_name(collection)},
          {"API root URL", root(hub)},
          {"Collection ID", collection.id},
          {"Username", kAnyUser},
          {"Password", kToken},
          {"Import indicators", "All available"},
          {"Polling frequency", "Once a minute"}};
}

Form splunk(Hub const& hub, Collection const& collection) {
  return {{"Name", feed_name(collection)},  {"TAXII version", "2.1"}, {"API root URL", root(hub)},
          {"Collection ID", collection.id}, {"Username", kAnyUser},   {"Password", kToken}};
}

Form elastic(Hub const& hub, Collection const& collection) {
  Form out{{"URL API endpoint", objects(hub, collection)},
           {"Enable TAXII 2.1", "on"},
           {"API Key", kToken},
           {"Interval", "5m"},
           {"Initial Interval", "8760h"},
           {"Limit", "1000"},
           {"Feed name", feed_name(collection)}};
  if (hub.authorities) out.push_back({"SSL Configuration", "certificate_authorities: the text of " + *hub.authorities});
  return out;
}

// It appends /collections/ to the URL.
Form opencti(Hub const& hub, Collection const& collection) {
  auto url = root(hub);
  url.pop_back();
  return {{"Name", feed_name(collection)},
          {"TAXII server URL", url},
          {"TAXII version", "TAXII 2.1"},
          {"TAXII Collection", collection.id},
          {"Authentication type", "Bearer token"},
          {"Token", kToken},
          {"Import from date", "(empty: everything)"}};
}

Form xsoar(Hub const& hub, Collection const& collection) {
  return {{"Discovery Service URL", discovery(hub)},
          {"Username / API Key", kAnyUser},
          {"Password", kToken},
          {"Collection Name To Fetch Indicators From", collection.title},
          {"Full Feed Fetch", "off"},
          {"Max STIX Objects Per Poll", "1000"},
          {"Trust any certificate", "off"}};
}

Form misp(Hub const& hub, Collection const& collection) {
  return {{"Name", feed_name(collection)},
          {"Discovery URL", discovery(hub)},
          {"Authentication Type", "Basic"},
          {"Username", kAnyUser},
          {"Password", kToken},
          {"Api Root", root(hub)},
          {"Collection", collection.id}};
}

constexpr auto kProducts = std::to_array<Product>(
    {{.name = "elastic",
      .place = "Elastic: Integrations, Custom Threat Intelligence, STIX 2.1 over CEL",
      .form = elastic},
     {.name = "misp", .place = "MISP: Sync Actions, TAXII Servers, Add TAXII Server", .sends = true, .form = misp},
     {.name = "opencti", .place = "OpenCTI: Data, Ingestion, TAXII feeds", .form = opencti},
     {.name = "sentinel",
      .place = "Microsoft Sentinel: Data connectors, Threat intelligence - TAXII",
      .private_authority = false,
      .form = sentinel},
     {.name = "splunk",
      .place =
          "Splunk Enterprise Security 8.2 or newer: threat intelligence sources, TAXII 2 (labels differ by version)",
      .form = splunk},
     {.name = "xsoar",
      .place = "Cortex XSOAR: Settings, Integrations, TAXII 2 Feed",
      .old_markings = true,
      .form = xsoar}});

}  // namespace

std::span<Product const> products() { return kProducts; }

Product const* find_product(std::string_view name) {
  auto const found = std::ranges::find(kProducts, name, &Product::name);
  return found == kProducts.end() ? nullptr : &*found;
}

std::vector<std::string> notes_about(Product const& product, Hub const& hub) {
  std::vector<std::string> out;
  if (hub.authorities)
    out.push_back(product.private_authority
                      ? "It must trust the authorities of " + *hub.authorities + ", as you do here."
                      : "It trusts public authorities only, and the server's certificate is from " + *hub.authorities +
                            ": the server needs another certificate.");
  if (product.old_markings && hub.dialect != "tlp1")
    out.emplace_back("It knows the markings of TLP 1 only: ask the operator for a token with --dialect tlp1.");
  if (!product.sends && hub.may_submit)
    out.emplace_back("Your token may submit too. Ask the operator for one of the role feed, for this product alone.");
  return out;
}

}  // namespace tocsin::client
