// What to write into the TAXII forms of products, field by field. Never a token: only where it goes. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cpp/session.hpp"

namespace tocsin::client {

// What the values are made of.
struct Hub {
  std::string origin;  // "https://host:8443"
  ApiRoot root;
  std::optional<std::string> authorities;  // the PEM file that is trusted instead of the system's authorities
  std::string dialect;                     // of the credential: "tlp1" or "tlp2"
  bool may_submit = false;
};

struct FormField {
  std::string label;  // as the product writes it
  std::string value;
};

struct Product {
  std::string_view name;          // on the command line
  std::string_view place;         // where the form is
  bool sends = false;             // it submits; others pull
  bool private_authority = true;  // it can be made to trust one
  bool old_markings = false;      // it knows the markings of TLP 1 only
  std::vector<FormField> (*form)(Hub const& hub, Collection const& collection) = nullptr;
};

[[nodiscard]] std::span<Product const> products();
[[nodiscard]] Product const* find_product(std::string_view name);

// What else must be right; sentences.
[[nodiscard]] std::vector<std::string> notes_about(Product const& product, Hub const& hub);

}  // namespace tocsin::client
