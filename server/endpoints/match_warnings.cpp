#include "server/endpoints/match_warnings.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "schema/kinds/network.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/object.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

constexpr std::size_t kPage = 1'000;
constexpr stix::JsonLimits kList{.depth = stix::JsonLimits{}.depth + 1};  // of objects, each as deep as one may be

match::IpNetwork network_of(match::IpAddress const& address) {
  return {address.value, address.six, static_cast<std::uint8_t>(address.six ? 128 : 32)};
}

bool is_network_evidence(match::Field field) { return match::evidence_of(field) == match::Evidence::network; }

json of_network(match::IpNetwork const& network) {
  return {{"type", network.six ? "ipv6-addr" : "ipv4-addr"}, {"value", match::text_of(network)}};
}

// The observable of a value as an indicator of that kind is told with; null: of none that says who shares it.
json observable_of(std::string_view kind, std::string_view value) {
  if (kind == "ip-range") {
    auto const networks = kinds::parse_networks(value);
    return networks && networks->all.size() == 1 ? of_network(match::folded(networks->all.front())) : json();
  }
  if (kind != "proxy-asn") return {};
  if (value.starts_with("AS")) value.remove_prefix(2);
  std::uint32_t number = 0;
  auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc() && end == value.data() + value.size()
             ? json{{"type", "autonomous-system"}, {"number", number}}
             : json();
}

std::vector<json> observables_of(json const& indicator) {
  std::vector<json> out;
  auto const take = [&](json const& value) {
    if (value.is_string())
      out.push_back(observable_of(indicator.value("kind", ""), value.get_ref<std::string const&>()));
  };
  if (auto const value = indicator.find("value"); value != indicator.end()) take(*value);
  if (auto const values = indicator.find("values"); values != indicator.end()) std::ranges::for_each(*values, take);
  return out;
}

// The key of a field, or null.
std::string const* key_of(match::Item const& item, match::Field field) {
  auto const found = std::ranges::find(item.keys, field, &match::Key::field);
  return found == item.keys.end() ? nullptr : &found->text;
}

void add(feeds::Shared& to, feeds::Shared const& more) {
  to.egress |= more.egress;
  to.cgnat |= more.cgnat;
  to.mobile |= more.mobile;
}

}  // namespace

core::Result<void> MatchWarnings::learn(store::ReadStore& reader, std::span<json const> indicators,
                                        std::span<match::Item const* const> items) {
  store::PageQuery query;
  auto const want = [&](json const& observable) {
    auto const id = observable.is_null() ? std::nullopt : stix::deterministic_id(observable);
    if (!id) return;
    std::pair wanted{observable.at("type").get<std::string>(), *id};
    if (known_.insert(wanted).second) query.ids.push_back(std::move(wanted));
  };
  for (auto const& indicator : indicators) std::ranges::for_each(observables_of(indicator), want);
  for (auto const* item : items) {
    if (item->address) want(of_network(network_of(*item->address)));
    if (item->asn) want({{"type", "autonomous-system"}, {"number", *item->asn}});
  }
  if (query.ids.empty()) return {};
  return read(reader, std::move(query));
}

core::Result<void> MatchWarnings::read(store::ReadStore& reader, store::PageQuery query) {
  query.window = asking_.sight.window;
  query.limit = kPage;
  for (auto const collection : asking_.sight.collections) {
    query.collection = collection;
    query.after_sequence = 0;
    for (bool more = true; more;) {
      auto const page = reader.page(query);
      if (!page) return std::unexpected(page.error());
      auto const objects = stix::parse_json("[" + page->objects + "]", kList);
      if (!objects) return std::unexpected(objects.error());
      for (auto const& object : *objects) bystanders_.learn(object);
      more = page->more && !page->rows.empty();
      if (more) query.after_sequence = page->rows.back().sequence;
    }
  }
  return {};
}

std::vector<std::string_view> MatchWarnings::of(match::Item const& item, match::Field field) const {
  std::vector<std::string_view> out;
  if (is_listed(item, field)) out.push_back("allow-listed");
  if (!is_network_evidence(field)) return out;
  feeds::Shared shared;
  if (item.address) {
    feeds::Entry entry;
    entry.network = network_of(*item.address);
    add(shared, bystanders_.of(entry.network.six ? feeds::Family::v6 : feeds::Family::v4, entry));
  }
  if (item.asn) {
    feeds::Entry entry;
    entry.number = *item.asn;
    add(shared, bystanders_.of(feeds::Family::asn, entry));
  }
  if (shared.egress) out.push_back("shared-egress");
  if (shared.cgnat) out.push_back("cgnat");
  if (shared.mobile) out.push_back("mobile");
  return out;
}

bool MatchWarnings::is_listed(match::Item const& item, match::Field field) const {
  if (is_network_evidence(field)) {
    auto const network =
        item.address ? access::Network::around(match::text_of(network_of(*item.address))) : std::nullopt;
    return (network && !lists_->of(std::vector{*network}).empty()) ||
           (item.asn && !lists_->of(std::vector{access::AsNumber{*item.asn}}).empty());
  }
  auto const* key = key_of(item, field);
  if (key == nullptr) return false;
  if (field == match::Field::domain) return !lists_->of(std::vector{*key}).empty();
  return field == match::Field::email_domain && !lists_->of_mail({*key}).empty();
}

}  // namespace tocsin::endpoints
