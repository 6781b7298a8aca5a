#include "clients/cpp/draft/columns.hpp"

#include <algorithm>

#include "clients/cpp/console.hpp"

namespace tocsin::client {
namespace {

constexpr std::array<std::string_view, kFields> kNames{"account", "email",   "address", "ja4",
                                                       "created", "payment", "provider"};

// As `plain` writes them.
std::vector<std::string> usual(Field field) {
  switch (field) {
    case Field::account:
      return {"account", "account_id", "accountid", "user", "user_id", "userid", "uid"};
    case Field::email:
      return {"email", "e_mail", "mail", "email_address", "e_mail_address"};
    case Field::address:
      return {"address", "ip", "ip_address", "ip_addr", "ipaddress", "remote_addr", "remote_address", "client_ip"};
    case Field::ja4:
      return {"ja4", "ja4_fingerprint", "tls_fingerprint"};
    case Field::created:
      return {"created", "created_at", "created_on", "creation_date", "signup_date", "signed_up_at"};
    case Field::payment:
      return {"payment", "payment_token", "payment_id", "payment_method", "card", "card_token", "card_fingerprint"};
    case Field::provider:
      return {"provider"};
  }
  return {};
}

std::string plain(std::string_view name) {
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    if (c == ' ' || c == '-') c = '_';
  }
  return out;
}

std::string listed(std::span<std::string_view const> words) {
  std::string out;
  for (auto const word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

}  // namespace

std::string_view name_of(Field field) { return kNames[at(field)]; }

Outcome<ColumnNames> ColumnNames::parse(std::vector<std::string> const& maps) {
  ColumnNames out;
  for (std::size_t i = 0; i < kFields; ++i) out.names_[i] = usual(static_cast<Field>(i));
  for (auto const& map : maps) {
    auto const equals = map.find('=');
    auto const field = std::ranges::find(kNames, std::string_view(map).substr(0, equals));
    if (equals == map.npos || equals + 1 == map.size() || field == kNames.end())
      return fail(Exit::local, "--map takes FIELD=COLUMN.",
                  "The fields are " + listed(kNames) + "; for example: --map account=customer");
    auto const place = static_cast<std::size_t>(field - kNames.begin());
    out.names_[place] = {plain(std::string_view(map).substr(equals + 1))};
    out.mapped_[place] = true;
  }
  return out;
}

std::optional<std::size_t> ColumnNames::says(std::string_view column, Field field) const {
  auto const& names = names_[at(field)];
  auto const found = std::ranges::find(names, plain(column));
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

Outcome<ColumnNames::Places> ColumnNames::places(std::span<std::string const> header) const {
  Places out;
  for (std::size_t i = 0; i < kFields; ++i) {
    auto const field = static_cast<Field>(i);
    std::optional<std::size_t> best;
    for (std::size_t column = 0; column < header.size(); ++column) {
      auto const rank = says(header[column], field);
      if (!rank || (best && *rank >= *best)) continue;
      best = rank;
      out[i] = column;
    }
    if (!best && mapped_[i]) {
      return fail(Exit::local, "The table has no column " + printable(names_[i].front()) + ".",
                  "Name a column of its first line after --map " + std::string(name_of(field)) + "=");
    }
  }
  if (!out[at(Field::account)])
    return fail(Exit::local, "No column of the table's first line is known to be the account.",
                "Name it with: --map account=COLUMN");
  return out;
}

}  // namespace tocsin::client
