// Who is asking: one credential of one organisation. A plain value, made by access, carried by requests; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace tocsin::base {

// `invited` is given to nobody: an invitation has it, and nothing else, until it is exchanged for a token.
enum class Role : std::uint8_t { submitter, analyst, feed, liaison, peer, auditor, admin, invited };

// A set of roles as a bit mask; stored, so the order of Role never changes.
class Roles {
 public:
  constexpr Roles() = default;
  constexpr Roles(std::initializer_list<Role> roles) {
    for (Role role : roles) bits_ |= bit(role);
  }
  static constexpr Roles from_bits(std::uint8_t bits) {
    Roles roles;
    roles.bits_ = bits;
    return roles;
  }
  [[nodiscard]] constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }
  [[nodiscard]] constexpr bool intersects(Roles other) const { return (bits_ & other.bits_) != 0; }
  [[nodiscard]] constexpr std::uint8_t bits() const { return bits_; }
  friend constexpr bool operator==(Roles, Roles) = default;

 private:
  static constexpr std::uint8_t bit(Role role) { return static_cast<std::uint8_t>(1u << static_cast<unsigned>(role)); }
  std::uint8_t bits_ = 0;
};

struct Principal {
  std::int64_t credential = 0;    // row of the credential; 0 for the operator on the admin socket
  std::int64_t organisation = 0;  // row of the organisation; 0 for the operator
  std::string organisation_name;
  std::string credential_label;  // never the token
  Roles roles;
  std::string credential_id{};  // as `token list` shows it; never the token
};

}  // namespace tocsin::base
