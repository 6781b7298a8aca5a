#include "clients/cpp/draft/gathering.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "clients/cpp/draft/shared_mail.hpp"

namespace tocsin::client {
namespace {

// More addresses of one network than this, or more shapes of one domain, are a matter of the network or the domain.
constexpr std::size_t kMostOfOne = 8;
// More different providers than this are none: another column was taken for theirs.
constexpr std::size_t kMostProviders = 16;

// Two accounts with one digest would count as one: that leaves something out, and never puts anything in.
std::uint64_t digest(std::string_view text) { return std::hash<std::string_view>{}(text); }

bool is_provider_name(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  auto const fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == ' ';
  };
  return text.size() <= kLongest && std::ranges::all_of(text, fits);
}

}  // namespace

void Gathering::Accounts::add(Account account) {
  if (!all_.empty() && all_.back() == account) return;
  all_.push_back(account);
  if (all_.size() > 2 * tidy_ + 64) (void)each();
}

std::vector<Gathering::Account> const& Gathering::Accounts::each() {
  if (tidy_ != all_.size()) {
    std::ranges::sort(all_);
    all_.erase(std::unique(all_.begin(), all_.end()), all_.end());
    tidy_ = all_.size();
  }
  return all_;
}

void Gathering::add(AccountRow const& row) {
  auto const said = [&](Field field) { return row[at(field)]; };
  auto const account =
      accounts_.try_emplace(digest(said(Field::account)), static_cast<Account>(accounts_.size())).first->second;
  if (auto const payment = said(Field::payment); !payment.empty()) payments_.insert(digest(payment));
  if (!said(Field::address).empty()) add_address(said(Field::address), account);
  if (!said(Field::email).empty()) add_mailbox(row, account);
  if (said(Field::ja4).empty()) return;
  if (auto ja4 = parse_ja4(said(Field::ja4))) {
    fingerprints_[std::move(*ja4)].add(account);
  } else {
    ++passed_over_.fingerprints;
  }
}

void Gathering::add_address(std::string_view text, Account account) {
  auto const address = parse_address(text);
  if (!address) {
    ++passed_over_.addresses;
  } else if (is_reserved(*address)) {
    ++passed_over_.reserved;
  } else {
    addresses_[{address->six, address->bytes}].add(account);
  }
}

std::optional<std::size_t> Gathering::provider_of(std::string_view name) {
  if (name.empty() || passed_over_.providers) return std::nullopt;
  auto const found = std::ranges::find(providers_, name);
  auto const index = static_cast<std::size_t>(found - providers_.begin());
  if (found != providers_.end()) return index;
  if (providers_.size() == kMostProviders || !is_provider_name(name)) {
    passed_over_.providers = true;
    return std::nullopt;
  }
  providers_.emplace_back(name);
  return index;
}

void Gathering::add_mailbox(AccountRow const& row, Account account) {
  auto const mailbox = parse_mailbox(row[at(Field::email)]);
  if (!mailbox) {
    ++passed_over_.emails;
    return;
  }
  auto const created = row[at(Field::created)];
  auto const day = parse_day(created);
  if (!day && !created.empty()) ++passed_over_.days;
  auto const provider = provider_of(row[at(Field::provider)]);
  auto const add_to = [&](Cluster& cluster) {
    if (!std::exchange(cluster.begun, true)) cluster.provider = provider;
    cluster.providers_differ = cluster.providers_differ || cluster.provider != provider;
    cluster.accounts.add(account);
    if (!day) return;
    if (cluster.first_day.empty() || *day < cluster.first_day) cluster.first_day = *day;
    if (*day > cluster.last_day) cluster.last_day = *day;
  };
  auto& domain = domains_[mailbox->domain];
  add_to(domain.all);
  if (!mailbox->shape.empty()) add_to(domain.shapes[mailbox->shape]);
}

// A single address when so many accounts share it; the whole network when so many share it through its other addresses,
// as they do behind a proxy that rotates, or when it has many such single addresses.
void Gathering::add_neighbourhood(Addresses::iterator first, Addresses::iterator last, Common& out) {
  Accounts all, scattered;
  std::vector<SharedRange> single;
  for (auto it = first; it != last; ++it) {
    auto const count = it->second.count();
    for (auto const account : it->second.each()) {
      all.add(account);
      if (count < min_accounts_) scattered.add(account);
    }
    if (count < min_accounts_) continue;
    single.push_back({{it->first.six, it->first.bytes, it->first.six ? 128u : 32u}, count, 1});
  }
  auto const addresses = static_cast<std::size_t>(std::distance(first, last));
  if (scattered.count() >= min_accounts_ || single.size() > kMostOfOne) {
    out.ranges.push_back({neighbourhood({first->first.six, first->first.bytes, 0}), all.count(), addresses});
    return;
  }
  too_few_.addresses += addresses - single.size();
  out.ranges.insert(out.ranges.end(), single.begin(), single.end());
}

void Gathering::add_ranges(Common& out) {
  auto const block = [](Address const& address) { return neighbourhood({address.six, address.bytes, 0}).bytes; };
  for (auto first = addresses_.begin(); first != addresses_.end();) {
    auto const last = std::find_if(first, addresses_.end(), [&](auto const& other) {
      return other.first.six != first->first.six || block(other.first) != block(first->first);
    });
    add_neighbourhood(first, last, out);
    first = last;
  }
}

SharedMailbox Gathering::described(std::string domain, std::string shape, Cluster& cluster) const {
  SharedMailbox out{.domain = std::move(domain),
                    .shape = std::move(shape),
                    .accounts = cluster.accounts.count(),
                    .first_day = cluster.first_day,
                    .last_day = cluster.last_day,
                    .provider = {}};
  out.public_domain = is_shared_mail(out.domain);
  if (cluster.provider && !cluster.providers_differ && !passed_over_.providers)
    out.provider = providers_[*cluster.provider];
  return out;
}

void Gathering::add_mailboxes(Common& out) {
  for (auto& [name, domain] : domains_) {
    std::vector<SharedMailbox> found;
    for (auto& [shape, cluster] : domain.shapes)
      if (cluster.accounts.count() >= min_accounts_) found.push_back(described(name, shape, cluster));
    bool const alone = !is_shared_mail(name) && domain.all.accounts.count() >= min_accounts_;
    if (alone && (found.empty() || found.size() > kMostOfOne)) {
      out.mailboxes.push_back(described(name, {}, domain.all));
      continue;
    }
    too_few_.shapes += domain.shapes.size() - found.size();
    std::ranges::move(found, std::back_inserter(out.mailboxes));
  }
}

Common Gathering::common() {
  Common out;
  out.accounts = accounts_.size();
  out.payments = payments_.size();
  out.addresses = addresses_.size();
  add_ranges(out);
  add_mailboxes(out);
  for (auto& [value, accounts] : fingerprints_) {
    if (accounts.count() >= min_accounts_) {
      out.fingerprints.push_back({value, accounts.count()});
    } else {
      ++too_few_.fingerprints;
    }
  }
  return out;
}

}  // namespace tocsin::client
