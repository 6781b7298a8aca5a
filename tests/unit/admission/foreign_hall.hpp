// Before the door as a peer's log comes to it: Aurora is a member here, and Ibis a peer whose instance speaks for
// Curlew. Used by one test at a time.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "server/admission/foreign.hpp"
#include "tests/unit/admission/submission.hpp"

namespace tocsin::test {

inline constexpr char kCurlew[] = "identity--3f0c2a4e-90d3-4c57-8d52-2a1f6f0d8b11";
inline constexpr store::RowId kIbisRow = 3, kCurlewRow = 4, kOriginRow = 1, kNetworkRow = 7, kReportsRow = 8;

// Members 1 and 2 as in Hall. Member 1 and the peer belong to the audience that is marked kRing, and kReleasable names
// an authority. The agreement: Curlew, the collections "network" (its default level is GREEN) and "reports" (AMBER), up
// to TLP:AMBER.
struct ForeignHall : Hall {
  static constexpr char kRing[] = "marking-definition--77777777-0000-4000-8000-000000000007";
  static constexpr char kReleasable[] = "marking-definition--88888888-0000-4000-8000-000000000008";

  ForeignHall();
  [[nodiscard]] log::OpenedEntry entry(std::string body) const;
  [[nodiscard]] std::expected<store::ForeignObject, std::vector<core::Error>> admit(log::OpenedEntry const& one) const;
  // An object in its canonical form, which must be let in.
  [[nodiscard]] store::ForeignObject admitted(nlohmann::json const& object) const;
  // "code pointer" of why it is refused, joined by "; "; "": it is not.
  [[nodiscard]] std::string refusal(nlohmann::json const& object) const;
  [[nodiscard]] std::string refusal(log::OpenedEntry const& one) const;

  admission::ForeignTerms terms;
  log::Header header;
};

// An indicator of Curlew's, of our extension and the kind ip-range, whose pattern is about one address.
[[nodiscard]] nlohmann::json range_of_curlew(std::string const& address);

}  // namespace tocsin::test
